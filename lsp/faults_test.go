package lsp_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"go.lsp.dev/protocol"

	"github.com/flyte-lsp/flyte-lsp/internal/lspclient"
	"github.com/flyte-lsp/flyte-lsp/internal/state"
	"github.com/flyte-lsp/flyte-lsp/internal/testenv"
	"github.com/flyte-lsp/flyte-lsp/runs"
	"github.com/flyte-lsp/flyte-lsp/sandbox"
)

// still checks that a server is usable: the file's entity double runs.
func (s *session) still(path string) {
	s.t.Helper()
	id, mark := s.press(path, "double")
	if last := s.ended(id, mark); !strings.HasSuffix(last, "→ 4") {
		s.t.Errorf("the next run ended with %q", last)
	}
}

// configure changes the settings.
func (s *session) configure(settings map[string]any) {
	s.t.Helper()
	s.must(s.Notify(s.ctx, "workspace/didChangeConfiguration", map[string]any{"settings": map[string]any{"flyte": settings}}))
}

// What this machine lacks is told with what to do about it, and doesn't mark
// the source; once it is mended, the next press works.
func TestSetupThatIsWrong(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	path := write(t, root, "flow.py", double)
	interpreter := func(folder string) string {
		script := write(t, root, folder+"/python", "#!/bin/sh\nPYTHONPATH='"+filepath.Join(root, folder)+"' exec '"+testenv.Python(t)+"' -S \"$@\"\n")
		if err := os.Chmod(script, 0o755); err != nil {
			t.Fatal(err)
		}
		return script
	}
	write(t, root, "old/flytekit-1.9.1.dist-info/METADATA", "Metadata-Version: 2.1\nName: flytekit\nVersion: 1.9.1\n")
	s := open(t, root, nil)
	s.must(s.Open(s.ctx, path, "python"))
	for _, test := range []struct {
		settings map[string]any
		target   runs.Target
		told     string
	}{
		{map[string]any{"python": filepath.Join(root, "none", "python")}, runs.Local, "the setting flyte.python names no program"},
		{map[string]any{"python": interpreter("bare")}, runs.Local, "-m pip install flytekit"},
		{map[string]any{"python": interpreter("old")}, runs.Local, "flytekit 1.9.1, but 1.10.0 or newer is needed"},
		{map[string]any{"python": interpreter("bare"), "config": "sandbox"}, runs.Remote, "-m pip install flytekit"},
		{map[string]any{"python": testenv.Python(t), "config": write(t, root, "closed.yaml", "admin:\n  endpoint: dns:///127.0.0.1:1\n  insecure: true\n")}, runs.Remote, "127.0.0.1:1 doesn't answer"},
		{map[string]any{"python": testenv.Python(t), "config": filepath.Join(root, "none.yaml")}, runs.Remote, "none.yaml"},
		{map[string]any{"python": testenv.Python(t), "config": write(t, root, "broken.yaml", "admin:\n\tendpoint: a\n")}, runs.Remote, "broken.yaml:2"},
	} {
		s.configure(test.settings)
		id, mark := s.pressOn(test.target, path, "double")
		s.ended(id, mark)
		message := s.wait(mark, protocol.MethodWindowShowMessage, "double didn't run")
		run := s.recorded(id)
		if !strings.Contains(message, test.told) || run.Failure == nil || !strings.Contains(run.Failure.Message, test.told) {
			t.Errorf("%v: the user reads %s, the history has %+v; want %q", test.settings, message, run.Failure, test.told)
		}
		for _, message := range s.Received(mark) {
			if message.Method == protocol.MethodTextDocumentPublishDiagnostics && strings.Contains(string(message.Params), "run-failed") {
				t.Errorf("%v: the source is marked: %s", test.settings, message.Params)
			}
		}
	}
	s.configure(map[string]any{"python": testenv.Python(t)})
	s.still(path)
}

// Tasks that end their process, or the worker's, in ways of their own fail by
// themselves.
func TestTasksThatDie(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	path := write(t, root, "flow.py", double+`

import os, signal, subprocess, sys


@task
def forks() -> int:
    if os.fork():
        os._exit(7)
    return 1


@task
def exits() -> int:
    sys.exit(3)
    return 1


@task
def kills_the_worker() -> int:
    os.kill(os.getppid(), signal.SIGKILL)
    os.kill(os.getpid(), signal.SIGKILL)
    return 1
`)
	s := open(t, root, python(t))
	s.must(s.Open(s.ctx, path, "python"))
	for _, test := range []struct{ entity, told string }{
		{"forks", "exited with code 7"},
		{"exits", "the code called sys.exit(3)"},
		{"kills_the_worker", "worker died"},
	} {
		id, mark := s.press(path, test.entity)
		if last := s.ended(id, mark); !strings.Contains(last, "✗ local") {
			t.Errorf("%s ended with %q", test.entity, last)
		}
		if run := s.recorded(id); run.Failure == nil || !strings.Contains(run.Failure.Message, test.told) {
			t.Errorf("%s: %+v, want %q", test.entity, run.Failure, test.told)
		}
		s.still(path)
	}
}

// A history that can't be read, or not be opened, is told of; the server runs
// all the same.
func TestUnusableHistory(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		spoil func(dir string) error
		told  string
	}{
		"corrupt": {
			func(dir string) error {
				return os.WriteFile(filepath.Join(dir, "history.db"), []byte(strings.Repeat("no database ", 1000)), 0o600)
			},
			"could not be read",
		},
		"in the way": {
			func(dir string) error { return os.Mkdir(filepath.Join(dir, "history.db"), 0o700) },
			"remembered only until the editor closes",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			root, history := t.TempDir(), t.TempDir()
			if err := test.spoil(history); err != nil {
				t.Fatal(err)
			}
			path := write(t, root, "flow.py", double)
			s := openWith(t, root, history, "", python(t))
			s.wait(0, protocol.MethodWindowShowMessage, test.told)
			s.must(s.Open(s.ctx, path, "python"))
			s.still(path)
			if title := s.titleOf(path, "✓ local"); !strings.HasSuffix(title, "→ 4") {
				t.Errorf("lens %q", title)
			}
		})
	}
}

// child starts a server in a process of its own.
func child(t *testing.T, root, history string, settings map[string]any, env ...string) *session {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), testTimeout)
	t.Cleanup(cancel)
	s := &session{t: t, ctx: ctx, root: root, state: history}
	var err error
	s.Client, err = lspclient.Start(ctx, []string{os.Args[0]}, append(env, envServe+"="+history), t.Output(), root, settings)
	s.must(err)
	t.Cleanup(func() {
		if err := s.Close(context.WithoutCancel(ctx)); err != nil {
			t.Error(err)
		}
	})
	return s
}

// On a full disk runs go on: what can't be kept is their output and, when
// there is no room at all, that they were.
func TestFullDisk(t *testing.T) {
	t.Parallel()
	root, history := t.TempDir(), t.TempDir()
	path := write(t, root, "flow.py", double+`

@task
def talks() -> int:
    for _ in range(1000):
        print("x" * 999)
    return 5
`)
	s := child(t, root, history, python(t), envFileLimit+"=150000")
	s.must(s.Open(s.ctx, path, "python"))
	id, mark := s.press(path, "talks")
	if last := s.ended(id, mark); !strings.HasSuffix(last, "→ 5") {
		t.Errorf("the run with too much output ended with %q", last)
	}
	var log string
	s.must(s.command("flyte.openLog", map[string]any{"run": id}, &log))
	if info, err := os.Stat(log); err != nil || info.Size() > 150000 {
		t.Errorf("the log: %v %v", info, err)
	}
	told := func() bool {
		for _, message := range s.Received(mark) {
			if message.Method == protocol.MethodWindowLogMessage && strings.Contains(string(message.Params), "this run won't be remembered") {
				return true
			}
		}
		return false
	}
	for range 40 {
		s.still(path)
		if told() {
			break
		}
	}
	if !told() {
		t.Error("nobody tells that the history is full")
	}
	s.still(path)
}

// A backend that goes away in the middle of a run is waited for, and the run
// goes on when it is back.
func TestBackendGoesAway(t *testing.T) {
	t.Parallel()
	root, dir := t.TempDir(), t.TempDir()
	flag := filepath.Join(dir, "flag")
	path := write(t, root, "flow.py", strings.Replace(remoteFlow, "PATH", flag, 1))
	own := sandbox.Options{Dir: filepath.Join(dir, "sandbox"), Python: testenv.Python(t)}
	start := func() sandbox.Status {
		status, err := sandbox.Start(t.Context(), testenv.Binary(t), own)
		if err != nil {
			t.Fatal(err)
		}
		return status
	}
	status := start()
	t.Cleanup(func() {
		if err := sandbox.Stop(context.Background(), own.Dir); err != nil {
			t.Error(err)
		}
	})
	s := child(t, root, t.TempDir(), map[string]any{"python": testenv.Python(t), "config": "sandbox"}, state.EnvDir+"="+dir)
	s.must(s.Open(s.ctx, path, "python"))
	id, mark := s.pressOn(runs.Remote, path, "waiting")
	s.reaches(id, mark, "wait_for running")
	if err := syscall.Kill(status.PID, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	s.reaches(id, mark, "waiting for the backend, which doesn't answer")
	if title := s.titleOf(path, "◐ remote"); !strings.Contains(title, "doesn't answer") {
		t.Errorf("lens %q", title)
	}
	write(t, dir, "flag", "")
	if again := start(); again.Endpoint != status.Endpoint {
		t.Errorf("the sandbox is at %s after its restart, was at %s", again.Endpoint, status.Endpoint)
	}
	if last := s.ended(id, mark); !strings.Contains(last, fmt.Sprintf("%q", "seen")) {
		t.Errorf("the run ended with %q", last)
	}
}
