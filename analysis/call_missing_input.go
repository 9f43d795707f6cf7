package analysis

import (
	"fmt"
	"strings"

	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyte-lsp/flyte-lsp/workspace"
)

// callMissingInput: a call leaves out an input that has no default.
var callMissingInput = &Rule{
	Code:     "call-missing-input",
	Summary:  "A call leaves out a required input.",
	When:     "flytekit raises an error, \"Missing input\", when the workflow is compiled or run (core/promise.py:create_and_link_node).",
	Severity: Error,
	check: func(p *pass) {
		p.eachCall(func(call *parser.Call, callee *workspace.File, entity *parser.Entity) {
			if call.HasStar || call.HasDoubleStar {
				return
			}
			given, positional := map[string]bool{}, 0
			for _, arg := range call.Args {
				if arg.Name == "" {
					positional++
				} else {
					given[arg.Name] = true
				}
			}
			var missing []string
			for i, input := range entity.Inputs {
				// flytekit takes no default from Optional alone either in local
				// runs, but registers it: that is another rule.
				if i >= positional && !given[input.Name] && input.Required {
					missing = append(missing, input.Name)
				}
			}
			if len(missing) > 0 {
				p.reportCall(call, call.CalleeSpan, fmt.Sprintf("this call of %s %s leaves out %s, which has no default", entity.Kind, entity.Name, strings.Join(missing, ", ")),
					Related{File: callee, Span: entity.NameSpan, Message: entity.Name + " is defined here"})
			}
		})
	},
}
