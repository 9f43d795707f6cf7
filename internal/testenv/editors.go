package testenv

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// Neovim is a Neovim 0.10 or newer.
func Neovim(t testing.TB) string {
	t.Helper()
	return installed(t, "nvim/bin/nvim")
}

// CodeServer is the Node script of code-server, VS Code as a web application.
func CodeServer(t testing.TB) string {
	t.Helper()
	return installed(t, "code-server/node_modules/code-server/out/node/entry.js")
}

// Chromium is a browser that shows CodeServer: the one that CHROMIUM names,
// else the system's.
func Chromium(t testing.TB) string {
	t.Helper()
	for _, name := range []string{
		os.Getenv("CHROMIUM"), "chromium", "chromium-browser", "google-chrome",
		"/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
	} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	t.Fatal("no Chromium is on PATH and CHROMIUM doesn't name one: run `make test-deps`")
	return ""
}

// Output is the path of a file, a screenshot for example, that a test leaves
// for people to look at.
func Output(t testing.TB, name string) string {
	t.Helper()
	folder := filepath.Join(Root(t), ".build", "test-output")
	if err := os.MkdirAll(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	return filepath.Join(folder, name)
}
