package pyenv_test

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/flyte-lsp/flyte-lsp/internal/testenv"
	"github.com/flyte-lsp/flyte-lsp/workspace/pyenv"
)

func write(t *testing.T, dir string, files map[string]string) {
	t.Helper()
	for name, text := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// What is read of a real environment, and of the installation that it was made
// from, is what its Python says.
func TestAsPythonSays(t *testing.T) {
	venv := testenv.Python(t)
	base, err := filepath.EvalSymlinks(venv)
	if err != nil {
		t.Fatal(err)
	}
	const script = `
import importlib.metadata, json, sys, sysconfig
std = sysconfig.get_paths()["stdlib"], sysconfig.get_paths()["platstdlib"]
skip = lambda p: not p or p in std or p.startswith(std) and "-packages" not in p or p.endswith(".zip")
print(json.dumps({
    "version": sys.version_info[:2],
    "paths": [p for p in sys.path if not skip(p)],
    "dists": {d.metadata["Name"]: d.version for d in importlib.metadata.distributions()},
}))
`
	for _, python := range []string{venv, base} {
		var want struct {
			Version [2]int
			Paths   []string
			Dists   map[string]string
		}
		command := exec.Command(python, "-s", "-c", script)
		command.Env = []string{"PATH=/nowhere"}
		printed, err := command.Output()
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(printed, &want); err != nil {
			t.Fatal(err)
		}
		env, err := pyenv.Read(python, "")
		if err != nil {
			t.Fatal(err)
		}
		if env.Version != want.Version {
			t.Errorf("%s has the version %v, want %v", python, env.Version, want.Version)
		}
		if !slices.Equal(env.Paths, want.Paths) {
			t.Errorf("%s has the paths %v, want %v", python, env.Paths, want.Paths)
		}
		for dist, version := range want.Dists {
			if got := env.DistVersion(dist); got != version {
				t.Errorf("%s has %s %q, want %q", python, dist, got, version)
			}
		}
	}
	env, err := pyenv.Read(venv, "")
	if err != nil {
		t.Fatal(err)
	}
	for module, want := range map[string]bool{
		"flytekit": true, "flytekit.core.task": true, "flytekit.nothing": false, "google.auth": true, "yaml": true,
		"six": true, "torch": false, "torch.nn": false, "_cffi_backend": true, "six-1": false, "google.cloud.storage": true,
	} {
		if env.Installed(module) != want {
			t.Errorf("Installed(%s) is %v", module, !want)
		}
	}
}

// Environments as other tools lay them out.
func TestLayouts(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, map[string]string{
		// A virtual environment, with what it adds.
		"venv/pyvenv.cfg":      "home = " + dir + "/usr/bin\ninclude-system-site-packages = true\nversion = 3.12.1\n",
		"venv/bin/python":      "",
		"more/extra.py":        "",
		"src/mine/__init__.py": "",
		"venv/lib/python3.12/site-packages/a.pth": "# note\n\nimport sys; sys.path.append('/run')\n../../../../more\n" +
			dir + "/src\n/nowhere\n",
		"venv/lib/python3.12/site-packages/.hidden.pth":                         "../../../../usr\n",
		"venv/lib/python3.12/site-packages/Some_Dist-1.0.dev3.dist-info/RECORD": "",
		// The system's, as Debian has it.
		"usr/bin/python3.12":                            "",
		"usr/lib/python3.12/os.py":                      "",
		"usr/lib/python3.11/os.py":                      "",
		"usr/lib/python3/dist-packages/apt.py":          "",
		"usr/local/lib/python3.12/dist-packages/top.py": "",
		// The user's.
		"home/.local/lib/python3.12/site-packages/own.py": "",
		// A shim.
		"shims/python3": "#!/bin/sh\n",
	})
	if err := os.Symlink("python3.12", filepath.Join(dir, "usr/bin/python3")); err != nil {
		t.Fatal(err)
	}
	tests := []struct{ python, home, want string }{
		{"venv/bin/python", "", "3.12: venv/lib/python3.12/site-packages more src usr/local/lib/python3.12/dist-packages usr/lib/python3/dist-packages"},
		{"usr/bin/python3", "", "3.12: usr/local/lib/python3.12/dist-packages usr/lib/python3/dist-packages"},
		{"usr/bin/python3", "home", "3.12: home/.local/lib/python3.12/site-packages usr/local/lib/python3.12/dist-packages usr/lib/python3/dist-packages"},
		{"shims/python3", "", "error"},
		{"nowhere/python3", "", "error"},
	}
	for _, test := range tests {
		python := filepath.Join(dir, test.python)
		home := ""
		if test.home != "" {
			home = filepath.Join(dir, test.home)
		}
		env, err := pyenv.Read(python, home)
		got := "error"
		if err == nil {
			got = fmt.Sprintf("%d.%d: ", env.Version[0], env.Version[1]) +
				strings.ReplaceAll(strings.Join(env.Paths, " "), dir+"/", "")
		} else if !strings.Contains(err.Error(), python) {
			t.Errorf("%s gives an error that doesn't name it: %v", test.python, err)
		}
		if got != test.want {
			t.Errorf("%s is\n%s, want\n%s", test.python, got, test.want)
		}
	}

	env, err := pyenv.Read(filepath.Join(dir, "venv/bin/python"), "")
	if err != nil {
		t.Fatal(err)
	}
	if got := env.DistVersion("some.dist"); got != "1.0.dev3" {
		t.Errorf("the distribution has the version %q", got)
	}
	if !env.Installed("mine") || !env.Installed("extra") || !env.Installed("apt") || env.Installed("usr") {
		t.Error("what the paths hold isn't what can be imported")
	}
	if want := []string{filepath.Join(dir, "more"), filepath.Join(dir, "src")}; !slices.Equal(env.Added, want) {
		t.Errorf("added are %v, want %v", env.Added, want)
	}
	if env.Changed() {
		t.Error("it changed at once")
	}
	write(t, dir, map[string]string{"more/new.py": ""})
	if !env.Changed() {
		t.Error("it didn't change with a new module")
	}
}
