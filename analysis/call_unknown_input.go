package analysis

import (
	"fmt"

	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/parser/ast"
)

var _ = register(&Rule{
	Code:     "call-unknown-input",
	Summary:  "A call gives an input that the task, workflow or launch plan doesn't have.",
	Details:  "flytekit raises \"Received unexpected keyword argument\" or, for a launch plan, \"Too many inputs were specified for the interface\", when it compiles the workflow.",
	Severity: Error,
	Stage:    AtRegister,
	Source:   "promise.py:flyte_entity_call_handler",
	Bad: `from flytekit import task, workflow


@task
def double(number: int, times: int = 1) -> int:
    return 2 * number * times


@workflow
def flow(x: int) -> int:
    return double(number=x, «tmies»=3)
`,
	Fixed: `from flytekit import task, workflow


@task
def double(number: int, times: int = 1) -> int:
    return 2 * number * times


@workflow
def flow(x: int) -> int:
    return double(number=x, times=3)
`,
	check: func(p *pass) {
		p.eachCall(func(c *call) {
			for _, argument := range c.Unexpected {
				d := c.report(argument.NameSpan, fmt.Sprintf("%s has no input %s; %s", c.Entity.Describe(), argument.Name, inputsOf(c.Entity)))
				if argument.NameSpan != (ast.Span{}) {
					d.Fixes = p.meant(c.Node, argument)
				}
			}
		})
	},
})

// meant renames an argument to the input that it is likely a misspelling of or,
// where the call leaves out one input only, to that; else it is removed.
func (p *pass) meant(node *model.Node, argument model.Argument) []Fix {
	given := map[string]bool{}
	for _, binding := range node.Inputs {
		given[binding.Name] = !binding.Default
	}
	var free []string
	for _, input := range node.Entity.Inputs {
		if !given[input.Name] {
			free = append(free, input.Name)
		}
	}
	name := Nearest(argument.Name, free)
	if name == "" && len(node.Missing) == 1 && len(node.Unexpected) == 1 {
		name = node.Missing[0].Name
	}
	var fixes []Fix
	if name != "" {
		fixes = append(fixes, Fix{Title: "Rename to " + name, Edits: []Edit{p.Edit(argument.NameSpan, name)}})
	}
	for i := range node.Call.Keywords {
		if keyword := &node.Call.Keywords[i]; keyword.ArgSpan == argument.NameSpan {
			fixes = append(fixes, Fix{Title: "Remove " + argument.Name, Edits: []Edit{p.RemoveArgument(node.Call, keyword)}})
		}
	}
	return fixes
}
