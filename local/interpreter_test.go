package local

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/flyte-lsp/flyte-lsp/internal/testenv"
)

// programs makes files that can be started.
func programs(t *testing.T, dir string, names ...string) {
	t.Helper()
	for _, name := range names {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte("#!/bin/sh\n"), 0o755); err != nil {
			t.Fatal(err)
		}
	}
}

func TestFindInterpreter(t *testing.T) {
	dir := t.TempDir()
	programs(t, dir, "project/.venv/bin/python", "project/deep/venv/bin/python", "active/bin/python", "path/python3", "own/python", "own/env/bin/python")
	for _, test := range []struct {
		name, file, setting, active, found, by string
	}{
		{"the setting wins", "project/flow.py", dir + "/own/python", dir + "/active", "own/python", "setting"},
		{"a setting may be an environment", "project/flow.py", dir + "/own/env", "", "own/env/bin/python", "setting"},
		{"a setting may be a name on PATH", "project/flow.py", "python3", "", "path/python3", "setting"},
		{"a setting may be relative to the file", "project/flow.py", "../own/python", "", "own/python", "setting"},
		{"a setting may start at home", "project/flow.py", "~/own/python", "", "own/python", "setting"},
		{"the active environment", "project/flow.py", "", dir + "/active", "active/bin/python", "VIRTUAL_ENV"},
		{"an active environment that is gone", "project/flow.py", "", dir + "/gone", "project/.venv/bin/python", ".venv"},
		{"beside the file", "project/flow.py", "", "", "project/.venv/bin/python", ".venv"},
		{"upwards", "project/a/b/flow.py", "", "", "project/.venv/bin/python", ".venv"},
		{"the nearest", "project/deep/a/flow.py", "", "", "project/deep/venv/bin/python", ".venv"},
		{"PATH", "flow.py", "", "", "path/python3", "PATH"},
	} {
		env := map[string]string{"VIRTUAL_ENV": test.active, "PATH": dir + "/empty:" + dir + "/path", "HOME": dir}
		got, err := FindInterpreter(filepath.Join(dir, test.file), test.setting, func(name string) string { return env[name] })
		if err != nil {
			t.Errorf("%s: %v", test.name, err)
			continue
		}
		if got.Path != filepath.Join(dir, test.found) || got.FoundBy != test.by || got.Looked[len(got.Looked)-1] != got.Path {
			t.Errorf("%s: found %+v, want %s by %s", test.name, got, test.found, test.by)
		}
	}
}

func TestNoInterpreter(t *testing.T) {
	dir := t.TempDir()
	none := func(string) string { return "" }
	_, err := FindInterpreter(filepath.Join(dir, "flow.py"), "", none)
	var missing *NoInterpreterError
	if !errors.As(err, &missing) || !strings.Contains(err.Error(), filepath.Join(dir, ".venv", "bin", "python")) {
		t.Errorf("no interpreter: %v", err)
	}
	_, err = FindInterpreter(filepath.Join(dir, "flow.py"), "nowhere/python", none)
	var wrong *InterpreterError
	if !errors.As(err, &wrong) || !strings.Contains(err.Error(), "flyte.python") {
		t.Errorf("a wrong setting: %v", err)
	}
}

// withFlytekit makes an interpreter that sees only a flytekit of the given
// version, or none: the script hides what the real one has installed.
func withFlytekit(t *testing.T, version string) string {
	t.Helper()
	dir := t.TempDir()
	if version != "" {
		info := filepath.Join(dir, "flytekit-"+version+".dist-info")
		if err := os.MkdirAll(info, 0o755); err != nil {
			t.Fatal(err)
		}
		metadata := "Metadata-Version: 2.1\nName: flytekit\nVersion: " + version + "\n"
		if err := os.WriteFile(filepath.Join(info, "METADATA"), []byte(metadata), 0o644); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, "flytekit.py"), []byte("raise ImportError('a broken flytekit')\n"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	script := filepath.Join(dir, "python")
	text := "#!/bin/sh\nPYTHONPATH='" + dir + "' exec '" + testenv.Python(t) + "' -S \"$@\"\n"
	if err := os.WriteFile(script, []byte(text), 0o755); err != nil {
		t.Fatal(err)
	}
	return script
}

func TestProbe(t *testing.T) {
	info, err := Probe(context.Background(), testenv.Python(t))
	if err != nil || !strings.HasPrefix(info.Python, "3.") || !strings.HasPrefix(info.Flytekit, "1.16.") {
		t.Errorf("the tests' interpreter: %+v, %v", info, err)
	}
}

// An interpreter that can't be used is told alike by Probe and by a run.
func TestUnusableInterpreters(t *testing.T) {
	dir := t.TempDir()
	programs(t, dir, "silent")
	for _, test := range []struct {
		name, python string
		want         error
		text         string
		probes       bool // whether only a run finds it
	}{
		{"missing", filepath.Join(dir, "python"), &InterpreterError{}, "can't be started", false},
		{"no Python", filepath.Join(dir, "silent"), &InterpreterError{}, "", false},
		{"without flytekit", withFlytekit(t, ""), &NoFlytekitError{}, "-m pip install flytekit", false},
		{"with an old flytekit", withFlytekit(t, "1.9.1"), &OldFlytekitError{}, "flytekit 1.9.1, but 1.10.0 or newer is needed", false},
		{"with a broken flytekit", withFlytekit(t, "1.16.0"), &InterpreterError{}, "a broken flytekit", true},
	} {
		_, runErr := private(t).Run(context.Background(), test.python, Job{File: testenv.Quickstart(t), Entity: "product_rating"}, nil)
		_, probeErr := Probe(context.Background(), test.python)
		for what, err := range map[string]error{"a run": runErr, "Probe": probeErr} {
			if what == "Probe" && test.probes {
				if err != nil {
					t.Errorf("%s: Probe: %v", test.name, err)
				}
				continue
			}
			if reflect.TypeOf(err) != reflect.TypeOf(test.want) || !strings.Contains(err.Error(), test.text) {
				t.Errorf("%s: %s gave %T %v, want %T with %q", test.name, what, err, err, test.want, test.text)
			}
		}
	}
}

func TestInstalledPackagesRenewTheWorker(t *testing.T) {
	pool := private(t)
	python := testenv.Python(t)
	if err := pool.Warm(context.Background(), python); err != nil {
		t.Fatal(err)
	}
	before, err := pool.find(python, nil)
	if err != nil {
		t.Fatal(err)
	}
	for folder := range before.folders {
		before.folders[folder] = before.folders[folder].Add(-1) // as if something was installed since
	}
	after, err := pool.find(python, nil)
	if err != nil || after == before {
		t.Errorf("the worker with the old packages goes on (%v)", err)
	}
	<-before.dead
}
