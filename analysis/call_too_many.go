package analysis

import "fmt"

// callTooMany: a call has more positional arguments than there are inputs.
var callTooMany = &Rule{
	Code:     "call-too-many",
	Summary:  "A call gives more positional arguments than the task or workflow has inputs.",
	When:     "flytekit raises an error when the workflow is compiled or run (core/promise.py:flyte_entity_call_handler).",
	Severity: Error,
	check: func(p *pass) {
		p.eachCall(func(c *call) {
			if len(c.Surplus) > 0 {
				c.report(c.Surplus[0].Span, fmt.Sprintf("one argument too many: %s: %s", c.Entity.Describe(), inputsOf(c.Entity)))
			}
		})
	},
}
