// Package state names the folder where flyte-lsp keeps what must survive the
// editor: the history of runs, their logs, and the sandbox's data.
package state

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
)

// EnvDir overrides the folder.
const EnvDir = "FLYTE_LSP_STATE_DIR"

// Dir returns the user's state folder and makes it, readable by the user
// alone: $FLYTE_LSP_STATE_DIR, else $XDG_STATE_HOME/flyte-lsp, else the
// platform's usual place.
func Dir() (string, error) {
	dir, err := locate()
	if err != nil {
		return "", err
	}
	return dir, os.MkdirAll(dir, 0o700)
}

func locate() (string, error) {
	if dir := os.Getenv(EnvDir); dir != "" {
		return filepath.Abs(dir)
	}
	if dir := os.Getenv("XDG_STATE_HOME"); filepath.IsAbs(dir) {
		return filepath.Join(dir, "flyte-lsp"), nil
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return "", errors.New("no home folder is set: set " + EnvDir + " to a folder for flyte-lsp's history and sandbox")
	}
	if runtime.GOOS == "darwin" {
		return filepath.Join(home, "Library", "Application Support", "flyte-lsp"), nil
	}
	return filepath.Join(home, ".local", "state", "flyte-lsp"), nil
}
