package analysis

import "fmt"

// callUnknownInput: a call names an input that the entity doesn't have.
var callUnknownInput = &Rule{
	Code:     "call-unknown-input",
	Summary:  "A call gives an input that the task or workflow doesn't have.",
	When:     "flytekit raises ValueError, \"Received unexpected keyword argument\", when the workflow is compiled or run (core/promise.py:flyte_entity_call_handler).",
	Severity: Error,
	check: func(p *pass) {
		p.eachCall(func(c *call) {
			for _, argument := range c.Unexpected {
				c.report(argument.NameSpan, fmt.Sprintf("%s has no input %s; %s", c.Entity.Describe(), argument.Name, inputsOf(c.Entity)))
			}
		})
	},
}
