package analysis

import "fmt"

var _ = register(&Rule{
	Code:     "call-unknown-input",
	Summary:  "A call gives an input that the task or workflow doesn't have.",
	Details:  "flytekit raises \"Received unexpected keyword argument\" when it compiles the workflow.",
	Severity: Error,
	Stage:    AtRegister,
	Source:   "promise.py:flyte_entity_call_handler",
	Bad: `from flytekit import task, workflow


@task
def double(number: int) -> int:
    return 2 * number


@workflow
def flow(x: int) -> int:
    return double(number=x, «factor»=3)
`,
	Good: `from flytekit import task, workflow


@task
def double(number: int) -> int:
    return 2 * number


@workflow
def flow(x: int) -> int:
    return double(number=x)
`,
	check: func(p *pass) {
		p.eachCall(func(c *call) {
			for _, argument := range c.Unexpected {
				c.report(argument.NameSpan, fmt.Sprintf("%s has no input %s; %s", c.Entity.Describe(), argument.Name, inputsOf(c.Entity)))
			}
		})
	},
})
