package model_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/flyte-lsp/flyte-lsp/internal/oracle"
	"github.com/flyte-lsp/flyte-lsp/internal/testenv"
	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/model/listing"
	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyte-lsp/flyte-lsp/pyeval"
	"github.com/flyte-lsp/flyte-lsp/typeengine"
)

// What the model reads from a module equals what flytekit makes of it when it
// imports it: names, interfaces, types, defaults.
func TestEntitiesAreFlytekits(t *testing.T) {
	archives, err := filepath.Glob("testdata/entities/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	projects := map[string]*project{}
	var files []oracle.File
	for _, name := range archives {
		archive, err := txtar.ParseFile(name)
		if err != nil {
			t.Fatal(err)
		}
		p := newProject(t, archive)
		projects[name] = p
		for _, file := range p.files {
			files = append(files, oracle.File{Path: filepath.Join(p.root, file)})
		}
	}
	reports, err := oracle.Run(t.Context(), testenv.Python(t), files)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range archives {
		p := projects[name]
		for _, file := range p.files {
			t.Run(filepath.Base(name)+"/"+file, func(t *testing.T) {
				path := filepath.Join(p.root, file)
				report := reports[slices.IndexFunc(reports, func(r oracle.Report) bool { return r.File == path })]
				if report.Error != "" {
					t.Fatalf("flytekit can't import it: %s", report.Error)
				}
				for _, difference := range oracle.Compare(p.list(t, file), report.Entities) {
					t.Error(strings.TrimPrefix(difference.String(), p.root+"/"))
				}
			})
		}
	}
}

// project is a folder with Python files. It is the finder of its modules.
type project struct {
	root    string
	files   []string // relative paths
	sources map[string]*pyeval.Source
	program *pyeval.Program
	engine  typeengine.Engine
}

func newProject(t *testing.T, archive *txtar.Archive) *project {
	t.Helper()
	p := &project{root: t.TempDir(), sources: map[string]*pyeval.Source{}}
	if err := writeArchive(p.root, archive); err != nil {
		t.Fatal(err)
	}
	for _, file := range archive.Files {
		if strings.HasSuffix(file.Name, ".py") {
			p.files = append(p.files, file.Name)
			p.add(filepath.Join(p.root, file.Name), file.Data)
		}
	}
	p.program = pyeval.NewProgram(p, model.Natives(), model.Options())
	return p
}

func writeArchive(root string, archive *txtar.Archive) error {
	for _, file := range archive.Files {
		path := filepath.Join(root, filepath.FromSlash(file.Name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(path, file.Data, 0o600); err != nil {
			return err
		}
	}
	return nil
}

// add reads a file as the module that it is below the nearest folder without an
// __init__.py.
func (p *project) add(path string, text []byte) {
	root := filepath.Dir(path)
	for {
		if _, err := os.Stat(filepath.Join(root, "__init__.py")); err != nil {
			break
		}
		root = filepath.Dir(root)
	}
	relative, err := filepath.Rel(root, path)
	if err != nil {
		return
	}
	name := strings.ReplaceAll(strings.TrimSuffix(filepath.ToSlash(relative), ".py"), "/", ".")
	name, isPackage := strings.CutSuffix(name, ".__init__")
	module := parser.Parse(parser.Python, text).Module()
	p.sources[name] = &pyeval.Source{Path: path, Name: name, Package: isPackage, AST: module.AST, Text: module.Source}
}

// list is what the model lists of a file.
func (p *project) list(t *testing.T, file string) []listing.Entity {
	t.Helper()
	path := filepath.Join(p.root, file)
	for _, source := range p.sources {
		if source.Path == path {
			entities, err := listing.Of(model.Of(p.program, &p.engine, source), source.Text, path)
			if err != nil {
				t.Fatal(err)
			}
			return entities
		}
	}
	t.Fatalf("no module in %s", file)
	return nil
}

// Find finds the project's modules.
func (p *project) Find(_ *pyeval.Source, name string) pyeval.Found {
	if source, ok := p.sources[name]; ok {
		return pyeval.Found{Source: source}
	}
	if info, err := fs.Stat(os.DirFS(p.root), strings.ReplaceAll(name, ".", "/")); err == nil && info.IsDir() {
		return pyeval.Found{Namespace: true}
	}
	return pyeval.Found{Why: name + " isn't installed"}
}

// Version is that of the interpreter that the tests use.
func (p *project) Version() [2]int { return [2]int{3, 11} }

// Installed tells that nothing is.
func (p *project) Installed(string) (installed, known bool) { return false, true }
