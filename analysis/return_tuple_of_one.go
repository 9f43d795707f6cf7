package analysis

import (
	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyte-lsp/flyte-lsp/parser/ast"
	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

var _ = register(&Rule{
	Code:    "return-tuple-of-one",
	Summary: "A function is said to return a tuple of one.",
	Details: "A tuple means several outputs. flytekit raises `Please don't use a tuple if you're just returning one thing` or " +
		"`Tuples should be used to indicate multiple return values, found only one return variable` when the module is imported.",
	Severity: Error,
	Stage:    AtImport,
	Source:   "interface.py:extract_return_annotation",
	Bad: `from typing import Tuple

from flytekit import task


@task
def double(number: int) -> «Tuple[int]»:
    return 2 * number
`,
	Fixed: `from typing import Tuple

from flytekit import task


@task
def double(number: int) -> int:
    return 2 * number
`,
	check: func(p *pass) {
		p.eachFunction(func(entity *model.Entity, certain bool) {
			if entity.Returns == nil || len(entity.Outputs) != 1 || !isTupleOfOne(entity.Returns.PyType) {
				return
			}
			whole := parser.Span(entity.Returns.TypeSpan)
			d := p.report(whole, entity.Describe()+" returns a tuple of one, but a tuple means several outputs: leave the tuple out").unless(certain)
			if inner := onlyElement(entity.Function.Def); inner != nil && p.here(entity.Function.Module) {
				text := p.Text(inner.Span())
				d.Fixes = append(d.Fixes, Fix{Title: "Return " + text, Edits: []Edit{p.Edit(whole, text)}})
			}
		})
	},
})

// onlyElement is what is written as the one element of the tuple that a function
// is said to return; nil where it can't be found.
func onlyElement(def *ast.FunctionDef) ast.Expr {
	if def == nil {
		return nil
	}
	switch returns := def.Returns.(type) {
	case *ast.Subscript:
		if tuple, ok := returns.Index.(*ast.Tuple); !ok {
			return returns.Index
		} else if len(tuple.Elts) == 1 {
			return tuple.Elts[0]
		}
	case *ast.Tuple:
		if len(returns.Elts) == 1 {
			return returns.Elts[0]
		}
	}
	return nil
}

func isTupleOfOne(t pyeval.Value) bool {
	switch t := t.(type) {
	case *pyeval.Tuple:
		return len(t.Elems) == 1
	case *pyeval.Alias:
		origin, ok := t.Origin.(*pyeval.Native)
		return ok && origin.Name == "builtins.tuple" && len(t.Args) == 1
	}
	return false
}
