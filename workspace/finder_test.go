package workspace

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/flyte-lsp/flyte-lsp/internal/testenv"
	"github.com/flyte-lsp/flyte-lsp/model"
)

func writeTree(t testing.TB, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// In folders of packages, modules and namespaces, each name is the module that
// Python finds.
func TestResolveAsPython(t *testing.T) {
	seed := testenv.Seed(t)
	random := rand.New(rand.NewPCG(seed, 0))
	letters := []string{"a", "b", "c"}
	var names []string
	for _, first := range letters {
		names = append(names, first)
		for _, second := range letters {
			names = append(names, first+"."+second)
			for _, third := range letters {
				names = append(names, first+"."+second+"."+third)
			}
		}
	}
	type search struct {
		Dirs, Names []string
	}
	var searches []search
	for range 40 {
		files := map[string]string{"r0/x": "", "r1/x": "", "r2/x": ""}
		for range 12 {
			parts := []string{fmt.Sprintf("r%d", random.IntN(3))}
			for range 1 + random.IntN(3) {
				parts = append(parts, letters[random.IntN(3)])
			}
			path := strings.Join(parts, "/")
			switch random.IntN(4) {
			case 0:
				files[path+"/__init__.py"] = ""
			case 1:
				files[path+"/data.txt"] = ""
			default:
				files[path+".py"] = ""
			}
		}
		dir := writeTree(t, files)
		searches = append(searches, search{[]string{dir + "/r0", dir + "/r1", dir + "/r2"}, names})
	}
	const script = `
import importlib, importlib.util, json, sys
answers = []
for search in json.load(sys.stdin):
    sys.path[:] = search["Dirs"]
    answer = {}
    for name in search["Names"]:
        for known in [m for m in sys.modules if m.split(".")[0] in "abc"]:
            del sys.modules[known]
        importlib.invalidate_caches()
        try:
            spec = importlib.util.find_spec(name)
        except ModuleNotFoundError:
            spec = None
        answer[name] = "" if spec is None else spec.origin or "namespace"
    answers.append(answer)
print(json.dumps(answers))
`
	asked, err := json.Marshal(searches)
	if err != nil {
		t.Fatal(err)
	}
	command := exec.Command(testenv.Python(t), "-S", "-c", script)
	command.Stdin = strings.NewReader(string(asked))
	printed, err := command.Output()
	if err != nil {
		t.Fatal(err)
	}
	var answers []map[string]string
	if err := json.Unmarshal(printed, &answers); err != nil {
		t.Fatal(err)
	}
	for i, search := range searches {
		layout, path := newLayout(settings{}), &searchPath{dirs: search.Dirs}
		for _, name := range search.Names {
			got := layout.resolve(path, name)
			found := got.path
			if got.namespace {
				found = "namespace"
			}
			if found != answers[i][name] {
				t.Errorf("seed %d: %s is %q, want %q", seed, name, found, answers[i][name])
			}
			if (found == "") != (got.why != "") {
				t.Errorf("seed %d: %s is %q because %q", seed, name, found, got.why)
			}
		}
	}
}

// workIn is a workspace with an interpreter, and a file's view of it.
func workIn(t *testing.T, files map[string]string) (dir string, w *Workspace) {
	t.Helper()
	dir = writeTree(t, files)
	w = New()
	w.SetFolders([]string{dir})
	if _, err := os.Stat(filepath.Join(dir, "env")); err == nil {
		w.SetInterpreter(func(string) (string, string) { return filepath.Join(dir, "env", "bin", "python"), "" })
	}
	return dir, w
}

// found tells what a module's name is for a file: a path relative to dir,
// "namespace", or why there is nothing.
func found(t *testing.T, w *Workspace, dir, from, name string) string {
	t.Helper()
	s := w.Snapshot()
	place := s.layout.place(filepath.Dir(filepath.Join(dir, from)))
	source, err := s.source(filepath.Join(dir, from))
	if err != nil {
		t.Fatal(err)
	}
	f := &finder{snapshot: s, interpreter: place.interpreter}
	switch got := f.Find(source, name); {
	case got.Source != nil:
		relative, err := filepath.Rel(dir, got.Source.Path)
		if err != nil {
			t.Fatal(err)
		}
		stub := ""
		if got.Source.Stub {
			stub = " (stub)"
		}
		return fmt.Sprintf("%s as %s%s", relative, got.Source.Name, stub)
	case got.Namespace:
		return "namespace"
	default:
		return strings.ReplaceAll(got.Why, dir+"/", "")
	}
}

const venv = "env/lib/python3.11/site-packages/"

// Where modules are found, and by which names: in the project as it is
// installed, in the interpreter's packages, by stubs.
func TestFind(t *testing.T) {
	files := map[string]string{
		"env/pyvenv.cfg":                        "version = 3.11.4\n",
		"env/bin/python":                        "",
		venv + "lib/__init__.py":                "",
		venv + "lib/part.py":                    "import lib\n",
		venv + "space/deep/mod.py":              "",
		venv + "compiled/__init__.py":           "",
		venv + "compiled/core.cpython-311-x.so": "",
		venv + "compiled/typed.so":              "",
		venv + "compiled/typed.pyi":             "",
		venv + "native.abi3.so":                 "",
		venv + "only-stubs/__init__.pyi":        "",
		venv + "only-stubs/more.pyi":            "",
		venv + "lib-stubs/__init__.pyi":         "",
		venv + "editable.pth":                   "",
		"shared/pyproject.toml":                 "",
		"app/pyproject.toml":                    "[tool.setuptools.packages.find]\nwhere = [\"source\"]\n",
		"app/source/shop/__init__.py":           "",
		"app/source/shop/flows.py":              "",
		"app/source/plain/flows.py":             "",
		"app/source/plain/tasks.py":             "",
		"app/tests/test_flows.py":               "",
		"app/tools.py":                          "",
		"habit/setup.py":                        "",
		"habit/src/goods/__init__.py":           "",
		"habit/scripts/run.py":                  "",
		"habit/scripts/beside.py":               "",
		"loose/run.py":                          "",
		"other/pyproject.toml":                  "[tool.poetry]\npackages = [{include = \"far\", from = \"python\"}]\n",
		"other/python/far/__init__.py":          "",
		"other/python/far/away.py":              "",
	}
	dir, w := workIn(t, files)
	tests := []struct{ from, name, want string }{
		{"loose/run.py", "lib", venv + "lib/__init__.py as lib"},
		{"loose/run.py", "lib.part", venv + "lib/part.py as lib.part"},
		{"loose/run.py", "lib.nothing", "lib has no module nothing"},
		{"loose/run.py", "space", "namespace"},
		{"loose/run.py", "space.deep.mod", venv + "space/deep/mod.py as space.deep.mod"},
		{"loose/run.py", "compiled.core", venv + "compiled/core is machine code"},
		{"loose/run.py", "compiled.typed", venv + "compiled/typed.pyi as compiled.typed (stub)"},
		{"loose/run.py", "native", venv + "native is machine code"},
		{"loose/run.py", "only", venv + "only-stubs/__init__.pyi as only (stub)"},
		{"loose/run.py", "only.more", venv + "only-stubs/more.pyi as only.more (stub)"},
		{"loose/run.py", "nowhere.at.all", "nowhere isn't installed in the environment of env/bin/python"},
		{"loose/run.py", "far.away", "far isn't installed in the environment of env/bin/python"},
		{venv + "lib/part.py", "lib", venv + "lib/__init__.py as lib"},
		{venv + "lib/part.py", "shop", "shop isn't installed in the environment of env/bin/python"},
		{"app/source/shop/flows.py", "shop.flows", "app/source/shop/flows.py as shop.flows"},
		{"app/source/shop/flows.py", "plain.tasks", "app/source/plain/tasks.py as plain.tasks"},
		{"app/source/plain/flows.py", "tasks", "app/source/plain/tasks.py as plain.tasks"},
		{"app/tests/test_flows.py", "shop", "app/source/shop/__init__.py as shop"},
		{"app/tests/test_flows.py", "tools", "app/tools.py as tools"},
		{"habit/scripts/run.py", "goods", "habit/src/goods/__init__.py as goods"},
		{"habit/scripts/run.py", "beside", "habit/scripts/beside.py as beside"},
	}
	for _, test := range tests {
		if got := found(t, w, dir, test.from, test.name); got != test.want {
			t.Errorf("%s in %s is\n%s, want\n%s", test.name, test.from, got, test.want)
		}
	}
	// The other folders of a workspace come last.
	w.SetFolders([]string{filepath.Join(dir, "loose"), filepath.Join(dir, "other")})
	if got, want := found(t, w, dir, "loose/run.py", "far.away"), "other/python/far/away.py as far.away"; got != want {
		t.Errorf("in another folder: %s, want %s", got, want)
	}
	w.SetInterpreter(func(string) (string, string) { return "", "" })
	if got, want := found(t, w, dir, "loose/run.py", "lib"), "lib isn't in the workspace, and no Python interpreter is chosen"; got != want {
		t.Errorf("without an interpreter: %s, want %s", got, want)
	}
}

// An environment that a project is installed into as it lies there finds it,
// and it stays the user's.
func TestEditableInstall(t *testing.T) {
	dir, w := workIn(t, map[string]string{
		"env/pyvenv.cfg":    "version = 3.11.4\n",
		venv + "lib.py":     "",
		"code/tool/part.py": "",
		"flows/main.py":     "",
	})
	if err := os.WriteFile(filepath.Join(dir, venv, "tool.pth"), []byte(filepath.Join(dir, "code")+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, from := range []string{"flows/main.py", "code/tool/part.py"} {
		if got, want := found(t, w, dir, from, "tool.part"), "code/tool/part.py as tool.part"; got != want {
			t.Errorf("from %s: %s, want %s", from, got, want)
		}
	}
	place := w.Snapshot().layout.place(filepath.Join(dir, "code/tool"))
	if place.installed(filepath.Join(dir, "code/tool/part.py")) || !place.installed(filepath.Join(dir, venv, "lib.py")) {
		t.Error("what changes and what doesn't is confused")
	}
}

// Each build system's way to say where packages lie is understood.
func TestPackageRoots(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"pyproject.toml", "[tool.setuptools]\npackage-dir = {\"\" = \"a\"}\n", "a"},
		{"pyproject.toml", "[tool.setuptools.packages.find]\nwhere = [\"a\", \"b/c\"]\n", "a b/c"},
		{"pyproject.toml", "[tool.setuptools]\npackages = [\"a\"]\n", ""},
		{"pyproject.toml", "[tool.poetry]\npackages = [{include = \"x\"}, {include = \"y\", from = \"a\"}]\n", "a"},
		{"pyproject.toml", "[tool.hatch.build.targets.wheel]\npackages = [\"a/x\", \"b/y\"]\n", "a b"},
		{"pyproject.toml", "[tool.hatch.build.targets.wheel]\nsources = [\"a\"]\n", "a"},
		{"pyproject.toml", "[tool.hatch.build]\ndev-mode-dirs = [\"a\"]\n", "a"},
		{"pyproject.toml", "[tool.hatch.build.targets.wheel.sources]\n\"a/x\" = \"x\"\n", ""},
		{"pyproject.toml", "[build-system]\nbuild-backend = \"uv_build\"\n", "src"},
		{"pyproject.toml", "[build-system]\nbuild-backend = \"uv_build\"\n[tool.uv.build-backend]\nmodule-root = \"\"\n", "."},
		{"pyproject.toml", "[tool.pdm.build]\npackage-dir = \"a\"\n", "a"},
		{"pyproject.toml", "[tool.flyte-lsp]\nsource-roots = [\"flows\"]\n", "flows"},
		{"pyproject.toml", "[tool.black]\nline-length = 100\n", ""},
		{"pyproject.toml", "not toml", ""},
		{"setup.cfg", "[options]\npackage_dir =\n    = a\n", "a"},
		{"setup.cfg", "[options]\npackage_dir = =a\n[options.packages.find]\nwhere = b\n", "a b"},
		{"setup.cfg", "# note\n[options]\npackage_dir =\n    x = a\n", ""},
	}
	for _, test := range tests {
		dir := writeTree(t, map[string]string{test.name: test.text})
		var got []string
		for _, root := range packageRoots(dir) {
			relative, err := filepath.Rel(dir, root)
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, relative)
		}
		if want := strings.Fields(test.want); !slices.Equal(got, want) {
			t.Errorf("%q states %v, want %v", test.text, got, want)
		}
	}
}

// What is installed later is found, by the editor's watching or by looking, and
// so is a project's new idea of where its packages lie.
func TestLaterInstalled(t *testing.T) {
	for _, way := range []string{"watched", "refreshed"} {
		dir, w := workIn(t, map[string]string{
			"env/pyvenv.cfg":      "version = 3.11.4\n",
			venv + "lib.py":       "",
			"main.py":             "",
			"code/tool/part.py":   "",
			"code/pyproject.toml": "",
		})
		installed := func() bool {
			place := w.Snapshot().layout.place(dir)
			return place.environment.Installed("later")
		}
		if got := found(t, w, dir, "main.py", "later"); !strings.HasPrefix(got, "later isn't installed") || installed() {
			t.Errorf("%s: before: %s", way, got)
		}
		if got := w.Snapshot().layout.place(filepath.Join(dir, "code", "tool")).prefix; got != "" {
			t.Errorf("%s: before, the prefix is %q", way, got)
		}
		later := []string{filepath.Join(dir, venv, "later", "__init__.py"), filepath.Join(dir, "code", "pyproject.toml")}
		if err := os.Mkdir(filepath.Dir(later[0]), 0o755); err != nil {
			t.Fatal(err)
		}
		for i, text := range []string{"", "[tool.flyte-lsp]\nsource-roots = [\".\"]\n"} {
			if err := os.WriteFile(later[i], []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if way == "watched" {
			w.Changed(later)
		} else if changed, err := w.Refresh(t.Context()); !changed || err != nil {
			t.Errorf("refreshing tells %v, %v", changed, err)
		}
		if got, want := found(t, w, dir, "main.py", "later"), venv+"later/__init__.py as later"; got != want || !installed() {
			t.Errorf("%s: after: %s, want %s", way, got, want)
		}
		if got := w.Snapshot().layout.place(filepath.Join(dir, "code", "tool")).prefix; got != "tool." {
			t.Errorf("%s: after, the prefix is %q", way, got)
		}
	}
}

// An installed module that is edited is seen by others as it is in the editor.
func TestEditedInstallation(t *testing.T) {
	dir, w := workIn(t, map[string]string{
		"env/pyvenv.cfg": "version = 3.11.4\n",
		venv + "lib.py":  "from flytekit import task\n\n\n@task\ndef t(a: int) -> int:\n    return a\n",
		"main.py":        "from flytekit import LaunchPlan, workflow\nfrom lib import t\n\n\n@workflow\ndef wf() -> int:\n    return t(a=1)\n\n\nplan = LaunchPlan.get_or_create(wf)\n",
	})
	path := filepath.Join(dir, venv, "lib.py")
	modules := map[*model.Module]bool{}
	look := func() {
		t.Helper()
		module, err := w.Snapshot().Module(t.Context(), filepath.Join(dir, "main.py"))
		if err != nil {
			t.Fatal(err)
		}
		modules[module] = true
	}
	look()
	look()
	w.Open(path, 1, []byte("t = 1\n"))
	look()
	if err := w.Change(path, 2, []Change{{Text: "t = 2\n"}}); err != nil {
		t.Fatal(err)
	}
	look()
	w.Close(path)
	look()
	if len(modules) != 4 {
		t.Errorf("it was computed %d times, want 4", len(modules))
	}
}
