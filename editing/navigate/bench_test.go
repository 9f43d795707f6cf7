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
	root := manyFiles(b)
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
	search := func(b *testing.B) *navigate.Search {
		return &navigate.Search{Snapshot: indexed(b, root).Snapshot(), Folders: []string{root}, Document: os.ReadFile}
	}
	b.Run("first", func(b *testing.B) {
		for range b.N {
			b.StopTimer()
			s := search(b)
			b.StartTimer()
			look(b, s)
		}
	})
	b.Run("again", func(b *testing.B) {
		s := search(b)
		for b.Loop() {
			look(b, s)
		}
	})
}

// BenchmarkListing finds entities of 2000 files by name: when nothing is known of
// them, when nothing changed since, and when an open one did.
func BenchmarkListing(b *testing.B) {
	root := manyFiles(b)
	find := func(b *testing.B, w *workspace.Workspace, listing *navigate.Listing) {
		found, err := listing.Find(b.Context(), w.Snapshot(), "flow17", 50)
		if err != nil || len(found) != 50 {
			b.Fatal(len(found), err)
		}
	}
	b.Run("first", func(b *testing.B) {
		for range b.N {
			b.StopTimer()
			w := indexed(b, root)
			b.StartTimer()
			find(b, w, new(navigate.Listing))
		}
	})
	b.Run("again", func(b *testing.B) {
		w, listing := indexed(b, root), new(navigate.Listing)
		find(b, w, listing)
		for b.Loop() {
			find(b, w, listing)
		}
	})
	b.Run("edited", func(b *testing.B) {
		w, listing := indexed(b, root), new(navigate.Listing)
		find(b, w, listing)
		for i := range b.N {
			w.Open(filepath.Join(root, "flow_17.py"), int32(i+1), fmt.Appendf(nil, "from flytekit import task\n\n@task\ndef flow17_%d() -> None: ...\n", i))
			find(b, w, listing)
		}
	})
}

func indexed(b *testing.B, root string) *workspace.Workspace {
	w := workspace.New()
	w.SetFolders([]string{root})
	if _, err := w.Index(b.Context(), nil); err != nil {
		b.Fatal(err)
	}
	return w
}

// manyFiles is a folder with 2000 files: a task that the workflows of 500 call, and
// another that the others call.
func manyFiles(b *testing.B) string {
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
	return root
}
