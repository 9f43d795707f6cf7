package workspace_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/flyte-lsp/flyte-lsp/workspace"
)

// Files as they shouldn't be are read as far as they can be, and those that
// can't be read say so and hold up nothing.
func TestOddFiles(t *testing.T) {
	task := "from flytekit import task\n\n\n@task\ndef größe() -> str:\n    return 'é'\n"
	dir := write(t, map[string]string{
		"latin.py":  "# -*- coding: latin-1 -*-\n" + strings.NewReplacer("ö", "\xf6", "ß", "\xdf", "é", "\xe9").Replace(task),
		"marked.py": "\ufeff" + task,
		"crlf.py":   strings.ReplaceAll(task, "\n", "\r\n"),
		"cr.py":     strings.ReplaceAll(task, "\n", "\r"),
		"nul.py":    task + "\x00\n",
		"broken.py": "\xff\xfe\n" + task,
		"huge.py":   "",
	})
	if err := os.Truncate(filepath.Join(dir, "huge.py"), 17<<20); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mkfifo(filepath.Join(dir, "pipe.py"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("gone.py", filepath.Join(dir, "link.py")); err != nil {
		t.Fatal(err)
	}
	w := workspace.New()
	w.SetFolders([]string{dir})
	if found := index(t, w); found.Files != 7 {
		t.Errorf("%d files are indexed", found.Files)
	}
	for _, name := range []string{"latin.py", "marked.py", "crlf.py", "cr.py", "nul.py", "broken.py"} {
		module, err := w.Snapshot().Module(t.Context(), filepath.Join(dir, name))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if module.Entity("größe") == nil {
			t.Errorf("%s: the task isn't found", name)
		}
	}
	for _, name := range []string{"huge.py", "pipe.py", "link.py"} {
		if _, err := w.Snapshot().Module(t.Context(), filepath.Join(dir, name)); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s gives the error %v", name, err)
		}
	}
}

// Files that come and go, and change, while they are read, do no harm.
func TestFilesThatComeAndGo(t *testing.T) {
	dir := write(t, nil)
	w := workspace.New()
	w.SetFolders([]string{dir})
	text := func(n int) string {
		return fmt.Sprintf("from flytekit import task\nfrom m%d import t as other\n\n\n@task\ndef t(n: int = %d) -> int:\n    return n\n", n%5, n)
	}
	var writing, reading sync.WaitGroup
	stop := make(chan struct{})
	for n := range 5 {
		writing.Go(func() {
			path := filepath.Join(dir, fmt.Sprintf("m%d.py", n))
			for round := range 40 {
				if err := os.WriteFile(path, []byte(text(n+round)), 0o600); err != nil {
					t.Error(err)
				}
				w.Changed([]string{path})
				if round%3 == 0 {
					if err := os.Remove(path); err != nil {
						t.Error(err)
					}
					w.Changed([]string{path})
				}
			}
		})
		reading.Go(func() {
			path := filepath.Join(dir, fmt.Sprintf("m%d.py", n))
			for {
				select {
				case <-stop:
					return
				default:
				}
				if _, err := w.Index(t.Context(), nil); err != nil {
					t.Error(err)
				}
				// Whether it is there hangs on the moment.
				_, _ = w.Snapshot().Module(t.Context(), path)
				w.Snapshot().Dependents(path)
			}
		})
	}
	writing.Wait()
	close(stop)
	reading.Wait()
	for n := range 5 {
		path := filepath.Join(dir, fmt.Sprintf("m%d.py", n))
		disk, err := os.ReadFile(path)
		module, got := w.Snapshot().Module(t.Context(), path)
		switch {
		case err != nil && got == nil:
			t.Errorf("%s has gone, and is still read", path)
		case err == nil && (got != nil || string(module.Text.Text()) != string(disk)):
			t.Errorf("%s is %v, %v", path, module, got)
		}
	}
}
