package analysis

import (
	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyte-lsp/flyte-lsp/parser/ast"
)

var _ = register(&Rule{
	Code:    "type-enum-annotated",
	Summary: "An Enum is annotated.",
	Details: "flytekit takes any `Annotated[...]` of an Enum for a FlyteAnnotation, and raises `Flytekit does not currently have " +
		"support for FlyteAnnotations applied to enums` when the module is imported.",
	Severity: Error,
	Stage:    AtImport,
	Source:   "type_engine.py:EnumTransformer",
	Bad: `from enum import Enum
from typing import Annotated

from flytekit import task


class Level(Enum):
    LOW = "low"
    HIGH = "high"


@task
def describe(level: «Annotated[Level, "how much"]») -> str:
    return level.name
`,
	Fixed: `from enum import Enum
from typing import Annotated

from flytekit import task


class Level(Enum):
    LOW = "low"
    HIGH = "high"


@task
def describe(level: Level) -> str:
    return level.name
`,
	check: func(p *pass) {
		for _, wrong := range p.wrongTypes() {
			d := p.report(wrong.span, wrong.what+" is an annotated Enum, which flytekit doesn't take: leave Annotated out").unless(wrong.certain)
			p.leaveAnnotatedOut(d)
		}
	},
})

// leaveAnnotatedOut offers to write the type itself for what a finding marks,
// an Annotated[type, ...].
func (p *pass) leaveAnnotatedOut(d *Diagnostic) {
	subscript, ok := p.exprAt(d.Span).(*ast.Subscript)
	if !ok {
		return
	}
	if several, ok := subscript.Index.(*ast.Tuple); ok && len(several.Elts) > 1 {
		itself := p.Text(parser.Span(several.Elts[0].Span()))
		d.Fixes = append(d.Fixes, Fix{Title: "Leave Annotated out", Edits: []Edit{p.Edit(d.Span, itself)}})
	}
}

// exprAt is the expression that stands in a span of the file, nil if there is
// none.
func (p *pass) exprAt(span parser.Span) ast.Expr {
	var found ast.Expr
	ast.Inspect(p.File.AST, func(n ast.Node) bool {
		at := n.Span()
		if expr, ok := n.(ast.Expr); ok && found == nil && at == ast.Span(span) {
			found = expr
		}
		return found == nil && at.Start <= span.Start && span.End <= at.End
	})
	return found
}
