package analysis

import (
	"fmt"
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
			for _, argument := range c.Arguments {
				if reservedInputs[argument.Name] && c.Entity.Input(argument.Name) != nil && argument.NameSpan.Start < argument.NameSpan.End {
					c.report(argument.NameSpan, fmt.Sprintf("flytekit has a parameter %s of its own on the way to %s: give the input another name", argument.Name, c.Entity.Describe()))
				}
			}
		})
	},
})

// reservedInputs are the parameters of flyte_entity_call_handler and
// create_and_link_node.
var reservedInputs = map[string]bool{
	"self": true, "entity": true, "ctx": true, "node_id": true, "overridden_interface": true, "add_node_to_compilation_state": true,
}
