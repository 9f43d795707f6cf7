package model_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/flyte-lsp/flyte-lsp/internal/testenv"
	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyte-lsp/flyte-lsp/pyeval"
	"github.com/flyte-lsp/flyte-lsp/typeengine"
)

// compiledByFlytekit is the answer of testdata/bodies.py for one archive.
type compiledByFlytekit struct {
	Workflows map[string]string
	// Bindings are those of a workflow's nodes by "/n0/input", and of its
	// outputs by "/output".
	Bindings map[string]map[string]json.RawMessage
	Error    string
}

// pythonModule is a module that flytekit imports.
type pythonModule struct {
	Root   string `json:"root"`
	Module string `json:"module"`
	// Dynamic are arguments for dynamic workflows.
	Dynamic json.RawMessage `json:"dynamic,omitempty"`
}

// unpack writes an archive, whose module is main.py.
func unpack(t *testing.T, archive *txtar.Archive) pythonModule {
	t.Helper()
	module := pythonModule{Root: t.TempDir(), Module: "main"}
	if err := writeArchive(module.Root, archive); err != nil {
		t.Fatal(err)
	}
	for _, file := range archive.Files {
		if file.Name == "dynamic.json" {
			module.Dynamic = file.Data
		}
	}
	return module
}

// askFlytekit compiles the workflows of modules.
func askFlytekit(t *testing.T, modules []pythonModule) []compiledByFlytekit {
	t.Helper()
	var requests bytes.Buffer
	for _, module := range modules {
		if err := json.NewEncoder(&requests).Encode(module); err != nil {
			t.Fatal(err)
		}
	}
	command := exec.CommandContext(t.Context(), testenv.Python(t), filepath.Join("testdata", "bodies.py"))
	command.Stdin = &requests
	var complaints bytes.Buffer
	command.Stderr = &complaints
	output, err := command.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, complaints.String())
	}
	var answers []compiledByFlytekit
	lines := bufio.NewScanner(bytes.NewReader(output))
	lines.Buffer(nil, 1<<24)
	for lines.Scan() {
		var answer compiledByFlytekit
		if err := json.Unmarshal(lines.Bytes(), &answer); err != nil {
			t.Fatalf("%v: %s", err, lines.Text())
		}
		answers = append(answers, answer)
	}
	if len(answers) != len(modules) {
		t.Fatalf("flytekit answered for %d of %d modules", len(answers), len(modules))
	}
	return answers
}

// pythonModules are the modules below a folder, each with its source root: the
// nearest folder above without an __init__.py.
func pythonModules(t *testing.T, folder string) []pythonModule {
	t.Helper()
	var modules []pythonModule
	err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && (strings.HasPrefix(entry.Name(), ".") || entry.Name() == "testdata") {
			return filepath.SkipDir
		}
		if filepath.Ext(path) != ".py" || entry.Name() == "__init__.py" {
			return nil
		}
		module := pythonModule{Root: filepath.Dir(path), Module: strings.TrimSuffix(entry.Name(), ".py")}
		for {
			if _, err := os.Stat(filepath.Join(module.Root, "__init__.py")); err != nil {
				break
			}
			module.Module = filepath.Base(module.Root) + "." + module.Module
			module.Root = filepath.Dir(module.Root)
		}
		modules = append(modules, module)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return modules
}

// moduleOf is the model of a module.
func moduleOf(t *testing.T, module pythonModule) *model.Module {
	t.Helper()
	finder := &folder{root: module.Root, sources: map[string]*pyeval.Source{}}
	program := pyeval.NewProgram(finder, model.Natives(), model.Options())
	found := finder.Find(nil, module.Module)
	if found.Source == nil {
		t.Fatal(found.Why)
	}
	return model.Of(program, &typeengine.Engine{}, found.Source)
}

// folder finds the modules below a folder.
type folder struct {
	root    string
	sources map[string]*pyeval.Source
}

func (d *folder) Find(_ *pyeval.Source, name string) pyeval.Found {
	if source, ok := d.sources[name]; ok {
		return pyeval.Found{Source: source}
	}
	base := filepath.Join(d.root, filepath.FromSlash(strings.ReplaceAll(name, ".", "/")))
	for _, path := range []string{filepath.Join(base, "__init__.py"), base + ".py"} {
		text, err := os.ReadFile(path)
		if err != nil {
			continue
		}
		module := parser.Parse(parser.Python, text).Module()
		source := &pyeval.Source{
			Path: path, Name: name, Package: filepath.Base(path) == "__init__.py", AST: module.AST, Text: module.Source,
		}
		d.sources[name] = source
		return pyeval.Found{Source: source}
	}
	return pyeval.Found{Why: name + " isn't there"}
}

func (*folder) Version() [2]int { return [2]int{3, 11} }

func (*folder) Installed(string) (installed, known bool) { return false, false }
