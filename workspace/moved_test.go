package workspace_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/flyte-lsp/flyte-lsp/workspace"
)

func TestMoved(t *testing.T) {
	root := t.TempDir()
	for _, name := range []string{"pkg/__init__.py", "pkg/a.py", "pkg/sub/__init__.py", "pkg/sub/b.py", "main.py"} {
		path := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, nil, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	w := workspace.New()
	w.SetFolders([]string{root})
	s := w.Snapshot()
	at := func(name string) string { return filepath.Join(root, name) }
	moved := s.Moved(map[string]string{
		at("pkg/a.py"):            at("pkg/sub/c.py"),
		at("pkg/sub/__init__.py"): at("pkg/inner/__init__.py"),
		at("pkg/sub/b.py"):        at("pkg/inner/b.py"),
	})
	for path, want := range map[string]string{"pkg/inner/b.py": "pkg.inner.b", "pkg/inner/__init__.py": "pkg.inner.__init__", "main.py": "main"} {
		if dir, name := moved.ModuleName(at(path)); name != want || dir != root {
			t.Errorf("the module at %s is %s in %s, want %s", path, name, dir, want)
		}
	}
	for name, want := range map[string]string{
		"pkg.inner.b": at("pkg/inner/b.py"), "pkg.sub.c": at("pkg/sub/c.py"), "pkg.a": "", "pkg.sub.b": "", "pkg": at("pkg/__init__.py"),
	} {
		if path := moved.ModulePath(at("main.py"), name); path != want {
			t.Errorf("module %s is at %q, want %q", name, path, want)
		}
	}
	if s.ModulePath(at("main.py"), "pkg.a") != at("pkg/a.py") {
		t.Error("the workspace isn't as it was")
	}
}
