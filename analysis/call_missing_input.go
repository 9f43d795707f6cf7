package analysis

import (
	"fmt"

	"github.com/flyte-lsp/flyte-lsp/parser"
)

// callMissingInput: a call leaves out an input that has no default.
var callMissingInput = &Rule{
	Code:     "call-missing-input",
	Summary:  "A call leaves out a required input.",
	When:     "flytekit raises an error, \"Missing input\", when the workflow is compiled or run (core/promise.py:create_and_link_node).",
	Severity: Error,
	check: func(p *pass) {
		p.eachCall(func(c *call) {
			if len(c.Missing) > 0 && !c.Open {
				c.report(parser.Span{}, fmt.Sprintf("this call of %s leaves out %s, which has no default", c.Entity.Describe(), names(c.Missing)))
			}
		})
	},
}
