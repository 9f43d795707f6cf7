package analysis

import (
	"fmt"

	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/parser"
)

var _ = register(&Rule{
	Code:     "call-too-many",
	Summary:  "A call gives more positional arguments than the task or workflow has inputs.",
	Details:  "flytekit raises \"Received more arguments than expected in function\" when it compiles the workflow.",
	Severity: Error,
	Stage:    AtRegister,
	Source:   "promise.py:flyte_entity_call_handler",
	Bad: `from flytekit import task, workflow


@task
def double(a: int) -> int:
    return 2 * a


@workflow
def flow(x: int) -> int:
    return double(x, «2»)
`,
	Fixed: `from flytekit import task, workflow


@task
def double(a: int) -> int:
    return 2 * a


@workflow
def flow(x: int) -> int:
    return double(x)
`,
	check: func(p *pass) {
		p.eachCall(func(c *call) {
			if len(c.Surplus) == 0 || c.Entity.Kind == model.LaunchPlan {
				return
			}
			d := c.report(c.Surplus[0].Span, fmt.Sprintf("one argument too many: %s: %s", c.Entity.Describe(), inputsOf(c.Entity)))
			if edit, ok := p.removeFrom(c.Node, c.Surplus[0]); ok {
				d.Fixes = append(d.Fixes, Fix{Title: "Remove " + p.Text(c.Surplus[0].Span), Edits: []Edit{edit}})
			}
		})
	},
})

// removeFrom takes a positional argument out of a node's call, with the comma
// before it, or behind the first.
func (p *pass) removeFrom(node *model.Node, argument model.Argument) (Edit, bool) {
	for i, written := range node.Call.Args {
		switch {
		case written.Span() != argument.Span:
		case i > 0:
			return p.Edit(parser.Span{Start: node.Call.Args[i-1].Span().End, End: argument.Span.End}, ""), true
		case len(node.Call.Args) > 1:
			return p.Edit(parser.Span{Start: argument.Span.Start, End: node.Call.Args[1].Span().Start}, ""), true
		case len(node.Call.Keywords) > 0:
			return p.Edit(parser.Span{Start: argument.Span.Start, End: node.Call.Keywords[0].Start}, ""), true
		default:
			return p.Edit(parser.Span{Start: node.Call.Func.Span().End, End: node.Call.End}, "()"), true
		}
	}
	return Edit{}, false
}
