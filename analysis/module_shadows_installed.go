package analysis

import (
	"fmt"
	"path/filepath"
	"strings"

	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

var _ = register(&Rule{
	Code:      "module-shadows-installed",
	Summary:   "A module of the project has the name of an installed one.",
	Details:   "Which of the two an import gives hangs on what was imported before, and by whom: flytekit and the container's entry point import many modules first. Where the project's comes first, libraries get it in place of theirs. Give it another name.",
	Severity:  Warning,
	Stage:     NeverFails,
	OfModules: true,
	Source:    "Python's import system",
	Bad: `from «statistics» import mean

from flytekit import task


@task
def middle(low: float = 1.0, high: float = 2.0) -> float:
    return mean([low, high])
`,
	Good: `from averages import mean

from flytekit import task


@task
def middle(low: float = 1.0, high: float = 2.0) -> float:
    return mean([low, high])
`,
	check: func(p *pass) {
		if p.Module.Module == nil {
			return
		}
		seen := map[parser.Span]bool{}
		importsOf(p.Module.Absolute, p.File.AST.Body, true, func(i importedName) {
			top, _, _ := strings.Cut(i.module, ".")
			if i.relative || seen[i.moduleSpan] {
				return
			}
			seen[i.moduleSpan] = true
			found := p.Module.Find(p.Module.Source, top)
			if found.Source == nil || !p.isTaken(top, found.Source.Package) || found.Source.Path == p.File.Path || !p.owns(i, top, found.Source.Path) {
				return
			}
			where := filepath.Base(found.Source.Path)
			if found.Source.Package {
				where = filepath.Base(filepath.Dir(found.Source.Path)) + "/" + where
			}
			p.report(i.moduleSpan, fmt.Sprintf("the project's %s has the name of an installed module: an import gives the one or the other", where))
		})
	},
})

// isTaken tells whether a module of Python's library or an installed one has the
// name. A package of the project may be installed itself.
func (p *pass) isTaken(top string, pkg bool) bool {
	if pyeval.Standard(top) {
		return true
	}
	installed, known := p.Module.Installed(top)
	return installed && known && !pkg
}
