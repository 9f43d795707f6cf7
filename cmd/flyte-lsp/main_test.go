package main

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/flyte-lsp/flyte-lsp/internal/state"
	"github.com/flyte-lsp/flyte-lsp/internal/testenv"
	"github.com/flyte-lsp/flyte-lsp/sandbox"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"flyte-lsp": main})
}

// TestScripts runs testdata/script/*.txtar. There are these besides
// testscript's own commands and variables:
//
//	exits CODE PROGRAM ARGS...	runs the program and checks its exit code
//	$PYTHON	an interpreter with flytekit
//	$PYTHON_DIR	the folder it is in
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 filepath.Join("testdata", "script"),
		RequireExplicitExec: true,
		Setup: func(env *testscript.Env) error {
			python := testenv.Python(t)
			env.Setenv("PYTHON", python)
			env.Setenv("PYTHON_DIR", filepath.Dir(python))
			env.Setenv("HOME", filepath.Join(env.WorkDir, "home"))
			env.Setenv(state.EnvDir, filepath.Join(env.WorkDir, "state"))
			env.Defer(func() {
				if err := sandbox.Stop(context.Background(), filepath.Join(env.WorkDir, "state", "sandbox")); err != nil {
					t.Error(err)
				}
			})
			return os.Mkdir(filepath.Join(env.WorkDir, "home"), 0o755)
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"exits": exits},
	})
}

func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE PROGRAM ARGS...")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	var exit *exec.ExitError
	if err := ts.Exec(args[1], args[2:]...); errors.As(err, &exit) {
		got = exit.ExitCode()
	} else {
		ts.Check(err)
	}
	if got != want {
		ts.Fatalf("exit code %d, want %d", got, want)
	}
}
