package analysis

import (
	"fmt"
	"strings"

	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyte-lsp/flyte-lsp/parser/ast"
	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

// checkCycles reports an import that fails because modules of the project import
// each other, where this module is the first that is imported.
func (p *pass) checkCycles() {
	if !p.snapshot.Circular(p.File.Path) || !p.inCircle() {
		return
	}
	run := &importRun{pass: p, loaded: map[string]*loading{}, certain: true}
	run.load(p.Module.Source.Name, p.Module.Source)
}

// maxInCircle bounds the modules among which a circle is looked for. Those of
// two or three modules are found first.
const maxInCircle = 64

// inCircle tells whether one of the modules that this one imports imports it.
func (p *pass) inCircle() bool {
	reached := map[string]bool{}
	queue := []*pyeval.Source{p.Module.Source}
	for found := false; len(queue) > 0; queue = queue[1:] {
		source := queue[0]
		importsOf(source.Absolute, source.AST.Body, true, func(i importedName) {
			names := []string{i.module}
			if i.name != "" {
				names = append(names, i.module+"."+i.name)
			}
			for _, name := range names {
				next := p.Module.Find(source, name).Source
				if next == nil || next.AST == nil || reached[next.Path] || len(reached) >= maxInCircle || p.snapshot.Installed(next.Path) {
					continue
				}
				reached[next.Path] = true
				queue = append(queue, next)
				found = found || next.Path == p.File.Path
			}
		})
		if found {
			return true
		}
	}
	return false
}

// importRun goes through the imports of modules as Python does, to find names
// that are asked for before they are bound.
type importRun struct {
	pass    *pass
	loaded  map[string]*loading // by path
	stack   []*loading
	certain bool // no import before was conditional
	failed  bool
}

// loading is a module that is being imported, or is.
type loading struct {
	source *pyeval.Source
	done   bool
	bound  map[string]bool
	// at is the place of the import that is being run.
	at parser.Span
}

const maxImported = 500 // modules of one run

// load imports a module of the project, the packages that it lies in first.
func (r *importRun) load(name string, source *pyeval.Source) {
	if r.failed || len(r.loaded) > maxImported || source.AST == nil || source.Stub || source.StandIn ||
		r.pass.snapshot.Installed(source.Path) {
		return
	}
	if parent, _, dotted := cutModule(name); dotted {
		if found := r.pass.Module.Find(r.pass.Module.Source, parent); found.Source != nil {
			r.load(parent, found.Source)
		}
	}
	if r.loaded[source.Path] != nil || r.failed {
		return
	}
	module := &loading{source: source, bound: map[string]bool{}}
	r.loaded[source.Path] = module
	r.stack = append(r.stack, module)
	for _, statement := range source.AST.Body {
		if r.failed {
			break
		}
		r.run(module, statement)
		bindAll(statement, module.bound)
	}
	r.stack = r.stack[:len(r.stack)-1]
	module.done = true
}

// run runs the imports of a statement.
func (r *importRun) run(module *loading, statement ast.Stmt) {
	importsOf(module.source.Absolute, []ast.Stmt{statement}, true, func(i importedName) {
		if r.failed {
			return
		}
		found := r.pass.Module.Find(module.source, i.module)
		if found.Source == nil || !r.pass.owns(i, i.module, found.Source.Path) {
			return
		}
		was := r.certain
		r.certain = was && i.certain
		module.at = i.moduleSpan
		r.load(i.module, found.Source)
		r.ask(module, i)
		r.certain = was
	})
}

// ask looks whether a module has a name that is imported from it by now.
func (r *importRun) ask(module *loading, i importedName) {
	found := r.pass.Module.Find(module.source, i.module)
	if r.failed || i.name == "" || i.name == "*" || found.Source == nil {
		return
	}
	from := r.loaded[found.Source.Path]
	if from == nil || from.done || from == module || from.bound[i.name] || from.bound["*"] || !r.certain {
		return
	}
	if r.pass.Module.Find(module.source, i.module+"."+i.name).Why == "" {
		return // Python takes the submodule
	}
	text := from.source.Text.Text()
	if !hasWord(text, i.name) || hasWord(text, "__getattr__") || hasWord(text, "globals") {
		return // it has no such name in the end either, or makes it otherwise
	}
	r.failed = true
	message := fmt.Sprintf("a circular import: %s asks for %s of %s, which isn't bound yet", module.source.Name, i.name, i.module)
	for _, one := range r.stack {
		if one.source.Path != r.pass.File.Path {
			continue
		}
		if one == module {
			r.pass.report(i.span, message)
			return
		}
		r.pass.report(one.at, message+" when this import runs",
			r.pass.related(&pyeval.Module{Source: module.source}, i.span, i.name+" is imported here")...)
		return
	}
}

// bindAll adds the names that a statement may bind.
func bindAll(statement ast.Stmt, bound map[string]bool) {
	ast.InspectNode(statement, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FunctionDef:
			bound[n.Name.ID] = true
			return false
		case *ast.ClassDef:
			bound[n.Name.ID] = true
			return false
		case *ast.Import:
			for _, alias := range n.Names {
				top, _, _ := strings.Cut(alias.Name, ".")
				bound[top], bound[alias.AsName] = true, true
			}
		case *ast.ImportFrom:
			for _, alias := range n.Names {
				bound[alias.Name], bound[alias.AsName] = true, true
			}
		case *ast.Name:
			bound[n.ID] = true
		}
		return true
	})
}

// cutModule splits a dotted name before its last part.
func cutModule(name string) (parent, last string, dotted bool) {
	at := strings.LastIndexByte(name, '.')
	if at < 0 {
		return "", name, false
	}
	return name[:at], name[at+1:], true
}
