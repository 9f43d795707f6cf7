package analysis

import (
	"fmt"

	"github.com/flyte-lsp/flyte-lsp/model"
)

var _ = register(&Rule{
	Code:     "input-name-reserved",
	Summary:  "An input has a name that flytekit's own functions have.",
	Details:  "flytekit hands the inputs of a call through its own functions by name: self, entity, ctx, node_id, overridden_interface and add_node_to_compilation_state collide with their parameters, \"got multiple values for argument ...\", when the entity is called in a workflow.",
	Severity: Error,
	Stage:    AtRegister,
	Source:   "promise.py:create_and_link_node",
	Bad: `from flytekit import task, workflow


@task
def describe(entity: str) -> str:
    return entity


@workflow
def flow(name: str) -> str:
    return describe(«entity»=name)
`,
	Good: `from flytekit import task, workflow


@task
def describe(thing: str) -> str:
    return thing


@workflow
def flow(name: str) -> str:
    return describe(thing=name)
`,
	check: func(p *pass) {
		p.eachCall(func(c *call) {
			for _, input := range c.Entity.Inputs {
				binding, given := c.Input(input.Name)
				if !given || binding.Default || !reservedInputs[input.Name] || input.Name == nodeAdder && c.Kind == model.WorkflowNode {
					continue
				}
				where := binding.Span
				for _, argument := range c.Arguments {
					if argument.Name == input.Name && argument.NameSpan.Start < argument.NameSpan.End {
						where = argument.NameSpan
					}
				}
				c.report(where, fmt.Sprintf("flytekit has a parameter %s of its own on the way to %s: give the input another name", input.Name, c.Entity.Describe()))
			}
		})
	},
})

// reservedInputs are the parameters of flyte_entity_call_handler and
// create_and_link_node.
var reservedInputs = map[string]bool{
	"self": true, "entity": true, "ctx": true, "node_id": true, "overridden_interface": true, nodeAdder: true,
}

// nodeAdder is a flag, which a workflow's call takes for itself without an error
// where it is true.
const nodeAdder = "add_node_to_compilation_state"
