package workspace_test

import (
	"encoding/json"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/flyte-lsp/flyte-lsp/internal/testenv"
	"github.com/flyte-lsp/flyte-lsp/workspace"
)

// A module's name is the one that flytekit registers its tasks under, and
// below the source root it can be imported by that name.
func TestModuleNames(t *testing.T) {
	const task = "from flytekit import task\n\n\n@task\ndef t() -> int:\n    return 1\n"
	files := map[string]string{
		"single.py":                 task,
		"folder/inner.py":           task,
		"pkg/__init__.py":           task,
		"pkg/mod.py":                task,
		"pkg/deep/__init__.py":      "",
		"pkg/deep/mod.py":           task,
		"pkg/plain/mod.py":          task,
		"src/app/__init__.py":       "",
		"src/app/flows.py":          task,
		"with-dash/__init__.py":     "",
		"with-dash/my-flow.py":      task,
		"dotted.v1/__init__.py":     "",
		"dotted.v1/mod.py":          task,
		".hidden/__init__.py":       "",
		".hidden/two.parts.py":      task,
		"dotted.v1/sub/__init__.py": "",
		"dotted.v1/sub/mod.py":      task,
	}
	dir := write(t, files)
	var paths []string
	for name, text := range files {
		if text != "" {
			paths = append(paths, filepath.Join(dir, filepath.FromSlash(name)))
		}
	}
	// However a module is imported, flytekit names its tasks by its file, unless
	// the name that it was imported by is longer: here that is one letter.
	const script = `
import importlib.util, json, sys
from flytekit.core.tracker import extract_task_module

names = {}
for i, path in enumerate(sys.argv[1:]):
    spec = importlib.util.spec_from_file_location(chr(ord("a") + i), path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    names[path] = extract_task_module(module.t)[1]
print()
print(json.dumps(names))
`
	command := exec.Command(testenv.Python(t), append([]string{"-c", script}, paths...)...)
	printed, err := command.Output()
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{}
	if err := json.Unmarshal(lastLine(printed), &want); err != nil {
		t.Fatalf("%v in %s", err, printed)
	}
	for _, path := range paths {
		root, name := workspace.ModuleName(path)
		if name != want[path] {
			t.Errorf("%s is %s, want %s", path, name, want[path])
		}
		if relative, err := filepath.Rel(root, path); err != nil || relative[0] == '.' && relative[1] == '.' {
			t.Errorf("%s isn't below its root %s", path, root)
		}
	}
}

func lastLine(text []byte) []byte {
	for i := len(text) - 2; i >= 0; i-- {
		if text[i] == '\n' {
			return text[i+1:]
		}
	}
	return text
}
