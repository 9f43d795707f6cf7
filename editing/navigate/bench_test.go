package navigate_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/flyte-lsp/flyte-lsp/editing/navigate"
	"github.com/flyte-lsp/flyte-lsp/workspace"
)

// BenchmarkReferences looks for an input that 500 files of 2000 use: the first time,
// when none of them has been evaluated, and again.
func BenchmarkReferences(b *testing.B) {
	root := b.TempDir()
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(root, name), []byte(text), 0o644); err != nil {
			b.Fatal(err)
		}
	}
	write("tasks.py", "from flytekit import task\n\n@task\ndef fetch(url: str) -> str:\n    return url\n")
	for i := range 1999 {
		module, task := "tasks", "fetch"
		if i >= 500 {
			module, task = "plain", "other"
		}
		write(fmt.Sprintf("flow_%d.py", i), fmt.Sprintf(`from flytekit import task, workflow
from %s import %s

@task
def check(page: str, limit: int = 3) -> int:
    """Check a page.

    Args:
        page: the page
    """
    return len(page) * limit

@workflow
def flow_%d(url: str) -> int:
    page = %s(url=url)
    again = %s(url=page)
    return check(page=again)
`, module, task, i, task, task))
	}
	write("plain.py", "from flytekit import task\n\n@task\ndef other(url: str) -> str:\n    return url\n")
	fresh := func() *navigate.Search {
		w := workspace.New()
		w.SetFolders([]string{root})
		if _, err := w.Index(b.Context(), nil); err != nil {
			b.Fatal(err)
		}
		return &navigate.Search{Snapshot: w.Snapshot(), Folders: []string{root}, Document: os.ReadFile}
	}
	look := func(b *testing.B, s *navigate.Search) {
		thing, _, err := s.At(b.Context(), filepath.Join(root, "tasks.py"), 43)
		if err != nil || thing == nil {
			b.Fatal("nothing", err)
		}
		places, err := s.References(b.Context(), thing)
		if err != nil || len(places) != 1002 {
			b.Fatal(len(places), err)
		}
	}
	b.Run("first", func(b *testing.B) {
		for range b.N {
			b.StopTimer()
			s := fresh()
			b.StartTimer()
			look(b, s)
		}
	})
	b.Run("again", func(b *testing.B) {
		s := fresh()
		for b.Loop() {
			look(b, s)
		}
	})
}
