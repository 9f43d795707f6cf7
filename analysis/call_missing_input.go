package analysis

import (
	"fmt"

	"github.com/flyte-lsp/flyte-lsp/parser"
)

var _ = register(&Rule{
	Code:     "call-missing-input",
	Summary:  "A call leaves out a required input.",
	Details:  "Every input without a default must be given a value; None is a default of an Optional only. flytekit raises \"Missing input\" when it compiles the workflow.",
	Severity: Error,
	Stage:    AtRegister,
	Source:   "promise.py:create_and_link_node",
	Bad: `from flytekit import task, workflow


@task
def add(a: int, b: int) -> int:
    return a + b


@workflow
def flow(x: int) -> int:
    return «add»(a=x)
`,
	Good: `from flytekit import task, workflow


@task
def add(a: int, b: int = 1) -> int:
    return a + b


@workflow
def flow(x: int) -> int:
    return add(a=x)
`,
	check: func(p *pass) {
		p.eachCall(func(c *call) {
			if len(c.Missing) > 0 && !c.Open {
				c.report(parser.Span{}, fmt.Sprintf("this call of %s leaves out %s, which has no default", c.Entity.Describe(), names(c.Missing)))
			}
		})
	},
})
