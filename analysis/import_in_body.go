package analysis

import (
	"fmt"
	"path/filepath"

	"github.com/flyte-lsp/flyte-lsp/parser/ast"
	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

var _ = register(&Rule{
	Code:      "import-in-body",
	Summary:   "A task imports a module of the project that nothing imports before, so that it isn't shipped.",
	Details:   "`pyflyte run` and `pyflyte register` ship the modules that are loaded when the code is registered. The body of a task isn't run then: a module that only it imports isn't in the container, and the task fails with ModuleNotFoundError. Import it at the top of the file, or register with `--copy all`.",
	Severity:  Warning,
	Stage:     OnCluster,
	OfModules: true,
	Source:    "tools/script_mode.py:list_imported_modules_as_files",
	Bad: `from flytekit import task


@task
def clean(text: str = "a") -> str:
    from «cleaning» import strip

    return strip(text)
`,
	Good: `from cleaning import strip

from flytekit import task


@task
def clean(text: str = "a") -> str:
    return strip(text)
`,
	check: func(p *pass) {
		var loaded map[string]bool
		for _, b := range p.taskBodies() {
			b.inspect(func(n ast.Node) bool {
				statement, ok := n.(ast.Stmt)
				if !ok {
					return true
				}
				switch statement.(type) {
				case *ast.Import, *ast.ImportFrom:
				default:
					return true
				}
				importsOf(p.Module.Absolute, []ast.Stmt{statement}, true, func(i importedName) {
					source := p.imported(i)
					if source == nil {
						return
					}
					if loaded == nil {
						loaded = p.loads()
					}
					if loaded[source.Path] {
						return
					}
					p.report(i.moduleSpan, fmt.Sprintf("%s isn't shipped: only modules that are loaded at registration are, and nothing imports it before %s runs", filepath.Base(source.Path), b.entity.Describe()))
				})
				return false
			})
		}
	},
})

// imported is the source of the project's own module that an import gives: of
// the submodule, if it names one.
func (p *pass) imported(i importedName) *pyeval.Source {
	if i.name != "" && i.name != "*" {
		if found := p.Module.Find(p.Module.Source, i.module+"."+i.name); found.Source != nil && p.owns(i, i.module+"."+i.name, found.Source.Path) {
			return found.Source
		}
	}
	if found := p.Module.Find(p.Module.Source, i.module); found.Source != nil && p.owns(i, i.module, found.Source.Path) {
		return found.Source
	}
	return nil
}

// loads are the paths of the modules of the project that importing this one
// loads, or may load.
func (p *pass) loads() map[string]bool {
	loaded := map[string]bool{p.File.Path: true}
	var load func(source *pyeval.Source)
	load = func(source *pyeval.Source) {
		if source.AST == nil || len(loaded) > maxImported {
			return
		}
		importsOf(source.Absolute, source.AST.Body, true, func(i importedName) {
			for _, name := range []string{i.module, i.module + "." + i.name} {
				found := p.Module.Find(source, name)
				if found.Source == nil || loaded[found.Source.Path] || p.snapshot.Installed(found.Source.Path) {
					continue
				}
				loaded[found.Source.Path] = true
				load(found.Source)
			}
		})
	}
	load(p.Module.Source)
	return loaded
}
