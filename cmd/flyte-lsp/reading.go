package main

import (
	"os"
	"path/filepath"

	"github.com/spf13/pflag"

	"github.com/flyte-lsp/flyte-lsp/local"
	"github.com/flyte-lsp/flyte-lsp/workspace"
)

// reading is what commands that only read files are told of them.
type reading struct {
	python      string
	sourceRoots []string
}

func (r *reading) add(flags *pflag.FlagSet) {
	flags.StringVar(&r.python, "python", "", "the interpreter; else VIRTUAL_ENV, a .venv upwards from the file, python3")
	flags.StringArrayVar(&r.sourceRoots, "source-root", nil, "folder that the names of modules start at; else as __init__.py files and pyproject.toml tell")
}

// workspace is one for the files and folders at paths.
func (r *reading) workspace(paths []string) (*workspace.Workspace, error) {
	python, err := absolute(r.python)
	if err != nil {
		return nil, err
	}
	if python != "" {
		if _, err := local.FindInterpreter(paths[0], python, os.Getenv); err != nil {
			return nil, &exitError{exitUsage, err.Error()}
		}
	}
	w := workspace.New()
	w.SetInterpreter(func(dir string) (string, string) { return local.InterpreterOf(dir, python) })
	roots := make([]string, len(r.sourceRoots))
	for i, root := range r.sourceRoots {
		if roots[i], err = filepath.Abs(root); err != nil {
			return nil, err
		}
	}
	w.SetSourceRoots(roots)
	w.SetFolders(foldersAmong(paths))
	return w, nil
}

// foldersAmong are the paths that are folders, absolute.
func foldersAmong(paths []string) []string {
	var folders []string
	for _, path := range paths {
		if info, err := os.Stat(path); err == nil && info.IsDir() {
			if full, err := filepath.Abs(path); err == nil {
				folders = append(folders, full)
			}
		}
	}
	return folders
}
