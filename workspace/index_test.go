package workspace_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/flyte-lsp/flyte-lsp/workspace"
)

func index(t testing.TB, w *workspace.Workspace) *workspace.Indexed {
	t.Helper()
	found, err := w.Index(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// dependents are those of a file, relative to dir, in one line.
func dependents(w *workspace.Workspace, dir, name string) string {
	var names []string
	for _, path := range w.Snapshot().Dependents(filepath.Join(dir, name)) {
		names = append(names, strings.TrimPrefix(path, dir+"/"))
	}
	return strings.Join(names, " ")
}

var importing = map[string]string{
	"a.py":            "import pkg.tasks\n",
	"b.py":            "from pkg import tasks\n",
	"c.py":            "def f():\n    from pkg.tasks import x\n",
	"d.py":            "import pkg.other\n",
	"e.py":            "'''\nimport pkg.tasks\n'''\n",
	"pkg/__init__.py": "from . import other\n",
	"pkg/tasks.py":    "import pkg.tasks\n",
	"pkg/other.py":    "",
	"pkg/e.py":        "from . import tasks\n",
	"pkg/f.py":        "from .tasks import *\n",
	"pkg/g.py":        "import os\n",
	"pkg/sub/h.py":    "from ..tasks import x\n",
	"pkg/notes.txt":   "import pkg.tasks\n",
	"tasks.py":        "",
	"go/a.go":         "package p\n",
	"go/b.go":         "package p\n",
	"venv/x.py":       "import pkg.tasks\n",
}

// The files that import a file are known by each form of import, also those
// that nobody opened, and as the editor has them.
func TestDependents(t *testing.T) {
	dir := write(t, importing)
	w := workspace.New()
	w.SetFolders([]string{dir})
	if got := dependents(w, dir, "pkg/tasks.py"); got != "" {
		t.Errorf("before the index: %s", got)
	}
	var told []string
	found, err := w.Index(t.Context(), func(done, total int) { told = append(told, fmt.Sprintf("%d/%d", done, total)) })
	if err != nil {
		t.Fatal(err)
	}
	if want := (workspace.Indexed{Files: 15}); found.Files != want.Files || found.Skipped != nil || found.Truncated {
		t.Errorf("indexed %+v, want %+v", found, want)
	}
	if !slices.Equal(told, []string{"15/15"}) {
		t.Errorf("progress was %v", told)
	}
	tests := []struct{ path, want string }{
		{"pkg/tasks.py", "a.py b.py c.py pkg/e.py pkg/f.py pkg/sub/h.py"},
		{"pkg/other.py", "d.py pkg/__init__.py"},
		{"pkg/__init__.py", "a.py b.py c.py d.py pkg/e.py pkg/f.py pkg/sub/h.py pkg/tasks.py"},
		{"tasks.py", ""},
		{"pkg/g.py", ""},
		{"go/a.go", "go/b.go"},
	}
	for _, test := range tests {
		if got := dependents(w, dir, test.path); got != test.want {
			t.Errorf("%s is imported by\n%s, want\n%s", test.path, got, test.want)
		}
	}
	w.Open(filepath.Join(dir, "a.py"), 1, []byte("import tasks\n"))
	w.Open(filepath.Join(dir, "new.py"), 1, []byte("import pkg.tasks\n"))
	if got, want := dependents(w, dir, "pkg/tasks.py"), "b.py c.py new.py pkg/e.py pkg/f.py pkg/sub/h.py"; got != want {
		t.Errorf("with edits: %s, want %s", got, want)
	}
	if got := dependents(w, dir, "tasks.py"); got != "a.py" {
		t.Errorf("tasks.py is imported by %s", got)
	}
	w.Close(filepath.Join(dir, "a.py"))
	if got, want := dependents(w, dir, "pkg/tasks.py"), "a.py b.py c.py new.py pkg/e.py pkg/f.py pkg/sub/h.py"; got != want {
		t.Errorf("after closing: %s, want %s", got, want)
	}
}

// What happens to files on disk is taken in, by the editor's watching or by
// looking.
func TestChangesOnDisk(t *testing.T) {
	for _, way := range []string{"watched", "refreshed"} {
		t.Run(way, func(t *testing.T) {
			dir := write(t, importing)
			path := func(name string) string { return filepath.Join(dir, name) }
			w := workspace.New()
			w.SetFolders([]string{dir})
			index(t, w)
			dependents(w, dir, "pkg/tasks.py")
			take := func(names ...string) {
				t.Helper()
				if way == "watched" {
					var paths []string
					for _, name := range names {
						paths = append(paths, path(name))
					}
					w.Changed(paths)
					return
				}
				if changed, err := w.Refresh(t.Context()); !changed || err != nil {
					t.Errorf("refreshing tells %v, %v", changed, err)
				}
			}
			put := func(name, text string) {
				t.Helper()
				if err := os.MkdirAll(filepath.Dir(path(name)), 0o755); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(path(name), []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
				later := time.Now().Add(time.Minute)
				if err := os.Chtimes(path(name), later, later); err != nil {
					t.Fatal(err)
				}
			}
			check := func(when, name, want string) {
				t.Helper()
				if got := dependents(w, dir, name); got != want {
					t.Errorf("%s %s is imported by\n%s, want\n%s", when, name, got, want)
				}
			}

			put("d.py", "import pkg.tasks, tasks\n")
			put("venv/y.py", "import tasks\n")
			put("pkg/more.py", "from .. import tasks\n")
			take("d.py", "venv/y.py", "pkg/more.py")
			check("with another text and a new file", "tasks.py", "d.py pkg/more.py")
			check("with another text", "pkg/tasks.py", "a.py b.py c.py d.py pkg/e.py pkg/f.py pkg/sub/h.py")

			if err := os.Remove(path("pkg/tasks.py")); err != nil {
				t.Fatal(err)
			}
			if err := os.Remove(path("a.py")); err != nil {
				t.Fatal(err)
			}
			take("pkg/tasks.py", "a.py")
			put("pkg/tasks/__init__.py", "")
			take("pkg/tasks")
			check("as a package", "pkg/tasks/__init__.py", "b.py c.py d.py pkg/e.py pkg/f.py pkg/sub/h.py")

			if err := os.RemoveAll(path("pkg")); err != nil {
				t.Fatal(err)
			}
			take("pkg")
			check("without the folder", "pkg/tasks/__init__.py", "")
			check("without the folder", "tasks.py", "d.py")
			if found, err := w.Snapshot().File(path("pkg/g.py")); err == nil {
				t.Errorf("a file of a removed folder is %v", found.Path)
			}
		})
	}
	w := workspace.New()
	w.SetFolders([]string{write(t, importing)})
	index(t, w)
	if changed, err := w.Refresh(t.Context()); changed || err != nil {
		t.Errorf("without changes refreshing tells %v, %v", changed, err)
	}
}

// A new __init__.py renames modules, of open documents too.
func TestRenamedModules(t *testing.T) {
	dir := write(t, map[string]string{"pkg/a.py": "", "pkg/b.py": ""})
	w := workspace.New()
	a, b := filepath.Join(dir, "pkg", "a.py"), filepath.Join(dir, "pkg", "b.py")
	w.Open(a, 1, nil)
	if file(t, w, a).ModuleName != "a" || file(t, w, b).ModuleName != "b" {
		t.Error("without a package the names are wrong")
	}
	before := w.Snapshot()
	w.Open(filepath.Join(dir, "pkg", "__init__.py"), 1, nil)
	for path, want := range map[string]string{a: "pkg.a", b: "pkg.b"} {
		if got := file(t, w, path); got.ModuleName != want || got.SourceRoot != dir {
			t.Errorf("%s is %s in %s, want %s", path, got.ModuleName, got.SourceRoot, want)
		}
	}
	if file, err := before.File(b); err != nil || file.ModuleName != "b" {
		t.Error("an older snapshot changed")
	}
	w.Close(filepath.Join(dir, "pkg", "__init__.py"))
	if file(t, w, a).ModuleName != "a" || file(t, w, b).ModuleName != "b" {
		t.Error("the names stay after the package has gone")
	}
}

// The index can be cancelled, and tells what it couldn't read.
func TestIndexThatFails(t *testing.T) {
	w := workspace.New()
	w.SetFolders([]string{filepath.Join(t.TempDir(), "nowhere")})
	if found := index(t, w); len(found.Skipped) != 1 || !strings.Contains(found.Skipped[0].Error(), "nowhere") {
		t.Errorf("a folder that isn't there gives %+v", found)
	}
	files := map[string]string{}
	for i := range 500 {
		files[fmt.Sprintf("m%d.py", i)] = "import os\n"
	}
	w.SetFolders([]string{write(t, files)})
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	if _, err := w.Index(ctx, func(done, total int) { cancel() }); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled gives %v", err)
	}
	if found := index(t, w); found.Files != 500 {
		t.Errorf("after that %d files are found", found.Files)
	}
}
