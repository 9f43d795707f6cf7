package analysis

import "fmt"

var _ = register(&Rule{
	Code:     "call-too-many",
	Summary:  "A call gives more positional arguments than the task or workflow has inputs.",
	Details:  "flytekit raises an error when it compiles the workflow.",
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
	Good: `from flytekit import task, workflow


@task
def double(a: int) -> int:
    return 2 * a


@workflow
def flow(x: int) -> int:
    return double(x)
`,
	check: func(p *pass) {
		p.eachCall(func(c *call) {
			if len(c.Surplus) > 0 {
				c.report(c.Surplus[0].Span, fmt.Sprintf("one argument too many: %s: %s", c.Entity.Describe(), inputsOf(c.Entity)))
			}
		})
	},
})
