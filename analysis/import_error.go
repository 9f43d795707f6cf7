package analysis

import (
	"fmt"
	"strings"

	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyte-lsp/flyte-lsp/parser/ast"
	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

var _ = register(&Rule{
	Code:     "import-error",
	Summary:  "The module can't be imported.",
	Details:  "Python raises an exception when it imports the module, and flytekit finds nothing in it: a module of the project isn't there, or has no such name; modules import each other in a circle; a name is used above its definition. A package that isn't installed here, but may be in the task's image, is a warning: registering imports the module here, too. Where a task only needs it in its container, import it in the task's body.",
	Severity: Error,
	Stage:    AtImport,
	Source:   "Python's import system",
	Bad: `from flytekit import task

RATES = «read_rates»("0.1,0.2")


def read_rates(text: str) -> list[float]:
    return [float(rate) for rate in text.split(",")]


@task
def best() -> float:
    return max(RATES)
`,
	Good: `from flytekit import task


def read_rates(text: str) -> list[float]:
    return [float(rate) for rate in text.split(",")]


RATES = read_rates("0.1,0.2")


@task
def best() -> float:
    return max(RATES)
`,
	check: func(p *pass) {
		if p.Module.Module == nil {
			return
		}
		p.checkFailures()
		p.checkCycles()
		reported := map[parser.Span]bool{} // of modules, once for all their names
		importsOf(p.Module.Absolute, p.File.AST.Body, true, func(i importedName) {
			if i.certain && !reported[i.moduleSpan] && p.checkImport(i) {
				reported[i.moduleSpan] = true
			}
		})
	},
})

// checkFailures reports exceptions of the module's own statements.
func (p *pass) checkFailures() {
	for _, raised := range model.Failures(p.Module.Module) {
		if !p.here(raised.Module) || raised.Span.Start == raised.Span.End || p.inDecorator(raised.Span) || p.inAnnotation(raised.Span) {
			continue
		}
		what := "importing the module"
		if parser.IsNotebook(p.File.Path) {
			what = "the cell"
		}
		d := p.report(raised.Span, fmt.Sprintf("%s fails with %s: %s", what, raised.Class, raised.Reason))
		if raised.Class != "NameError" {
			continue
		}
		name := p.Text(raised.Span)
		if meant := p.nameLike(name, true, raised.Span.Start); meant != "" {
			d.Fixes = append(d.Fixes, Fix{Title: "Write " + meant, Edits: []Edit{p.Edit(raised.Span, meant)}})
		}
	}
}

// inAnnotation tells whether a place is in an annotation of one of the module's
// functions.
func (p *pass) inAnnotation(at parser.Span) bool {
	inside := func(expr ast.Expr) bool {
		return expr != nil && expr.Span().Start <= at.Start && at.End <= expr.Span().End
	}
	for _, statement := range p.Module.AST.Body {
		def, ok := statement.(*ast.FunctionDef)
		if !ok || at.Start < def.Start || at.Start >= def.End {
			continue
		}
		if inside(def.Returns) {
			return true
		}
		for _, parameter := range def.Params.List {
			if inside(parameter.Annotation) {
				return true
			}
		}
	}
	return false
}

// checkImport reports an import that fails; true if the whole module does.
func (p *pass) checkImport(i importedName) bool {
	found := p.Module.Find(p.Module.Source, i.module)
	if why := p.Module.Missing(i.module); why != "" && found.Why != "" {
		p.missingModule(i, why)
		return true
	}
	switch {
	case found.Source == nil || found.Source.Path == p.File.Path:
		return false
	case i.name != "" && i.name != "*":
		p.checkImportedName(i, found.Source)
	}
	if found.Source.Stub || !p.owns(i, i.module, found.Source.Path) {
		return false
	}
	return p.checkImported(i, found.Source)
}

// missingModule reports a module that isn't found. It is certain that there is
// none where the package is the project's own.
func (p *pass) missingModule(i importedName, why string) {
	top, _, _ := strings.Cut(i.module, ".")
	if owner := p.owner(i); owner != "" {
		p.report(i.moduleSpan, fmt.Sprintf("there is no module %s: %s", i.module, why))
		return
	}
	if flytekit, known := p.Module.Installed("flytekit"); !known || !flytekit {
		return // there is no environment to tell of
	}
	if parser.IsNotebook(p.File.Path) {
		return // its kernel may have another one
	}
	d := p.report(i.moduleSpan, fmt.Sprintf("%s: registering fails here, whatever the task's image has", why))
	if i.relative || p.Module.Missing(top) == "" {
		d.Message = fmt.Sprintf("%s can't be imported: %s", i.module, why)
	}
	d.Severity = Warning
}

// owner is the package of the project in which a module would lie; "" if it
// would lie in none.
func (p *pass) owner(i importedName) string {
	module := i.module
	for {
		parent, _, dotted := cutModule(module)
		if !dotted {
			return ""
		}
		module = parent
		found := p.Module.Find(p.Module.Source, module)
		if found.Source != nil {
			if found.Source.Package && !found.Source.Stub && p.owns(i, module, found.Source.Path) {
				return module
			}
			return ""
		}
		if found.Namespace {
			return "" // another folder may add to it
		}
	}
}

// checkImportedName reports a name that a module certainly doesn't have.
func (p *pass) checkImportedName(i importedName, source *pyeval.Source) {
	installed := p.snapshot.Installed(source.Path)
	top, _, _ := strings.Cut(i.module, ".")
	if source.Stub || source.StandIn || source.Text == nil || installed && top != "flytekit" || !installed && !p.owns(i, i.module, source.Path) {
		return
	}
	if p.Module.Find(p.Module.Source, i.module+"."+i.name).Why == "" {
		return // it is a submodule
	}
	text := source.Text.Text()
	if hasWord(text, i.name) || hasWord(text, "__getattr__") || hasWord(text, "globals") {
		return
	}
	names := boundIn(p.Module.Imported(source))
	if names == nil {
		return
	}
	d := p.report(i.span, fmt.Sprintf("%s has no %s: Python raises ImportError", i.module, i.name),
		p.related(&pyeval.Module{Source: source}, parser.Span{End: min(1, len(text))}, i.module+" is here")...)
	if installed && Nearest(i.name, names) == "" {
		d.Severity = Warning // another version may have it
	}
	p.renameTo(d, i.name, names)
}

// boundIn are the names that a module has, nil where they aren't all known.
func boundIn(module *pyeval.Module) []string {
	if module == nil || module.UnknownNames() != "" {
		return nil
	}
	names := []string{}
	for binding := range module.Scope.All() {
		if !strings.HasPrefix(binding.Name, "_") {
			names = append(names, binding.Name)
		}
	}
	return names
}

// checkImported reports a module of the project that can't be imported itself;
// true if it has.
func (p *pass) checkImported(i importedName, source *pyeval.Source) bool {
	module := p.Module.Imported(source)
	if file, err := p.snapshot.File(source.Path); module == nil || err != nil || len(file.Errors) > 0 {
		return false // of a file that doesn't parse its own errors tell
	}
	for _, raised := range model.Failures(module) {
		if raised.Module == nil || raised.Module.Path != source.Path {
			continue
		}
		p.report(i.moduleSpan, fmt.Sprintf("importing %s fails with %s: %s", i.module, raised.Class, raised.Reason),
			p.related(raised.Module, raised.Span, raised.Class+" is raised here")...)
		return true
	}
	return false
}
