package analysis

import "fmt"

var _ = register(&Rule{
	Code:     "call-twice",
	Summary:  "A call gives an input both at a position and by its name.",
	Details:  "flytekit raises \"Got multiple values for argument\" when it compiles the workflow, as Python does for a function. Give each input once.",
	Severity: Error,
	Stage:    AtRegister,
	Source:   "promise.py:flyte_entity_call_handler",
	Bad: `from flytekit import task, workflow


@task
def add(a: int, b: int) -> int:
    return a + b


@workflow
def flow(x: int) -> int:
    return add(x, «a»=1)
`,
	Good: `from flytekit import task, workflow


@task
def add(a: int, b: int) -> int:
    return a + b


@workflow
def flow(x: int) -> int:
    return add(x, b=1)
`,
	check: func(p *pass) {
		p.eachCall(func(c *call) {
			for _, argument := range c.Twice {
				d := c.report(argument.NameSpan, fmt.Sprintf("%s gets its input %s twice: an argument at a position gives it already", c.Entity.Describe(), argument.Name))
				// It was rather meant for the one that is missing.
				if len(c.Missing) == 1 && !c.Open {
					name := c.Missing[0].Name
					d.Fixes = append(d.Fixes, Fix{Title: "Give it as " + name, Edits: []Edit{p.Edit(argument.NameSpan, name)}})
				}
			}
		})
	},
})
