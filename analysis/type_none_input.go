package analysis

import (
	"fmt"

	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

var _ = register(&Rule{
	Code:    "type-none-input",
	Summary: "An input that takes None only is given a value in a workflow.",
	Details: "flytekit can't bind anything to an input of the type None, not even None: it raises `TypeError: Arguments do not " +
		"have type annotation` when the workflow is compiled. Leave the input out, or make it an Optional.",
	Severity: Error,
	Stage:    AtRegister,
	Source:   "promise.py:create_and_link_node",
	Bad: `from flytekit import task, workflow


@task
def ping(nothing: «None») -> int:
    return 1


@workflow
def flow() -> int:
    return ping(nothing=None)
`,
	Good: `from flytekit import task, workflow


@task
def ping() -> int:
    return 1


@workflow
def flow() -> int:
    return ping()
`,
	check: func(p *pass) {
		for enclosing, node := range p.Module.Calls() {
			callee := node.Entity
			if enclosing.Kind != model.Workflow && enclosing.Kind != model.Dynamic || callee.Of != nil || callee.Opaque != "" {
				continue
			}
			for _, input := range callee.Inputs {
				if !isNoneType(input.PyType) {
					continue
				}
				where := parser.Span(input.TypeSpan)
				if callee.Path != p.File.Path || where == (parser.Span{}) {
					if node.Call == nil || !p.here(node.Module) {
						continue
					}
					where = parser.Span(node.Call.Func.Span())
				}
				message := fmt.Sprintf("input %s of %s has the type None, to which flytekit can't bind anything when %s is compiled", input.Name, callee.Describe(), enclosing.Name)
				var related []Related
				if node.Call != nil {
					related = p.related(node.Module, parser.Span(node.Call.Span()), callee.Name+" is called here")
				}
				p.report(where, message, related...).unless(!node.Conditional && enclosing.Opaque == "")
			}
		}
	},
})

func isNoneType(t pyeval.Value) bool {
	switch t := t.(type) {
	case pyeval.None:
		return true
	case *pyeval.Native:
		return t.Name == "types.NoneType" || t.Name == "builtins.NoneType"
	}
	return false
}
