package engine

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// interpreter is a Python interpreter with flytekit's entry points.
type interpreter struct {
	python string
	shims  string // a folder with the entry points that its bin folder lacks, "" if none
}

// entryPoints are flytekit's commands in a task's container, and the functions
// behind them (flytekit/bin/entrypoint.py).
var entryPoints = map[string]string{
	"pyflyte-execute":      "execute_task_cmd",
	"pyflyte-fast-execute": "fast_execute_task_cmd",
	"pyflyte-map-execute":  "map_execute_task_cmd",
}

// interpreter finds the interpreter of a task: the execution's, else the
// sandbox's.
func (e *Engine) interpreter(python string) (interpreter, error) {
	if python == "" {
		found, err := e.Python()
		if err != nil {
			return interpreter{}, failed(userError, "NoInterpreter", "%v", err)
		}
		python = found
	}
	if info, err := os.Stat(python); err != nil || info.IsDir() {
		return interpreter{}, failed(userError, "NoInterpreter", "the interpreter %s doesn't exist (any more): choose another one", python)
	}
	i := interpreter{python: python}
	missing := false
	for name := range entryPoints {
		missing = missing || !exists(filepath.Join(filepath.Dir(python), name))
	}
	if !missing {
		return i, nil
	}
	digest := sha256.Sum256([]byte(python))
	i.shims = filepath.Join(e.Layout.Work, "bin-"+hex.EncodeToString(digest[:6]))
	return i, i.writeShims()
}

// Warm starts the parent of the task processes that probably come next, since
// something is being registered: its import then costs nobody time.
func (e *Engine) Warm() {
	last, _ := e.lastPython.Load().(string)
	tools, err := e.interpreter(last)
	if err == nil {
		_, err = e.forker.parent(tools)
	}
	if err != nil {
		e.Log.Debug("no parent process yet", "err", err)
	}
}

// writeShims writes the entry points as scripts: pyflyte-fast-execute starts
// pyflyte-execute by its name.
func (i interpreter) writeShims() error {
	for name, function := range entryPoints {
		path := filepath.Join(i.shims, name)
		if exists(path) {
			continue
		}
		script := fmt.Sprintf("#!/bin/sh\nexec %s -c 'import sys; sys.argv[0] = \"%s\"; from flytekit.bin.entrypoint import %s; %s()' \"$@\"\n",
			quoted(i.python), name, function, function)
		if err := writeFile(path, []byte(script)); err != nil {
			return err
		}
		if err := os.Chmod(path, 0o700); err != nil {
			return err
		}
	}
	return nil
}

func quoted(path string) string { return "'" + strings.ReplaceAll(path, "'", `'\''`) + "'" }

// folder is where the entry points are.
func (i interpreter) folder() string {
	if i.shims != "" {
		return i.shims
	}
	return filepath.Dir(i.python)
}

func (i interpreter) path(inherited string) string {
	parts := []string{i.folder(), filepath.Dir(i.python)}
	if inherited != "" {
		parts = append(parts, inherited)
	}
	return strings.Join(parts, string(os.PathListSeparator))
}

// command is the command line with its program found: an entry point of this
// interpreter, or "python" as the interpreter itself.
func (i interpreter) command(args []string) []string {
	if len(args) == 0 {
		return []string{""}
	}
	switch {
	case entryPoints[args[0]] != "":
		args[0] = filepath.Join(i.folder(), args[0])
	case args[0] == "python" || args[0] == "python3":
		args[0] = i.python
	default:
		if beside := filepath.Join(filepath.Dir(i.python), args[0]); !strings.Contains(args[0], "/") && exists(beside) {
			args[0] = beside
		}
	}
	return args
}
