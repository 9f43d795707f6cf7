// Package testenv finds what `make test` installs for the tests: a test that
// needs a thing fails where it is missing, and says which make target brings
// it.
package testenv

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"sync"
	"testing"
)

// Root is the repository's folder.
func Root(t testing.TB) string {
	t.Helper()
	_, file, _, ok := runtime.Caller(0)
	if !ok {
		t.Fatal("the repository's folder can't be told from the test binary")
	}
	return filepath.Dir(filepath.Dir(filepath.Dir(file)))
}

// Python is the interpreter of the virtual environment with the pinned
// flytekit.
func Python(t testing.TB) string {
	t.Helper()
	return installed(t, "venv/bin/python")
}

// Pyflyte is flytekit's command line in the same environment.
func Pyflyte(t testing.TB) string {
	t.Helper()
	return installed(t, "venv/bin/pyflyte")
}

// Quickstart is the example that the main job is shown on.
func Quickstart(t testing.TB) string {
	t.Helper()
	return filepath.Join(Root(t), "examples", "quickstart", "workflow.py")
}

func installed(t testing.TB, path string) string {
	t.Helper()
	full := filepath.Join(Root(t), ".build", filepath.FromSlash(path))
	if _, err := os.Stat(full); err != nil {
		t.Fatalf("%v: run `make test-deps`", err)
	}
	return full
}

var binary struct {
	once sync.Once
	path string
	err  error
}

// Binary builds flyte-lsp, once for all tests of a package, with the flags of
// `make build`, so that what that compiled is used. `make test` removes it.
func Binary(t testing.TB) string {
	t.Helper()
	root := Root(t)
	binary.once.Do(func() {
		dir, err := os.MkdirTemp(filepath.Join(root, ".build"), "test-binary-")
		if err != nil {
			binary.err = err
			return
		}
		binary.path = filepath.Join(dir, "flyte-lsp")
		build := exec.Command("go", "build", "-trimpath", "-o", binary.path, "./cmd/flyte-lsp")
		build.Dir = root
		if out, err := build.CombinedOutput(); err != nil {
			binary.err = fmt.Errorf("go build: %w\n%s", err, out)
		}
	})
	if binary.err != nil {
		t.Fatal(binary.err)
	}
	return binary.path
}
