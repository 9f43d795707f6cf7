package analysis

import (
	"fmt"
	"strings"

	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyte-lsp/flyte-lsp/workspace"
)

// callUnknownInput: a call names an input that the entity doesn't have.
var callUnknownInput = &Rule{
	Code:     "call-unknown-input",
	Summary:  "A call gives an input that the task or workflow doesn't have.",
	When:     "flytekit raises ValueError, \"Received unexpected keyword argument\", when the workflow is compiled or run (core/promise.py:flyte_entity_call_handler).",
	Severity: Error,
	check: func(p *pass) {
		p.eachCall(func(call *parser.Call, callee *workspace.File, entity *parser.Entity) {
			for _, arg := range call.Args {
				if arg.Name == "" {
					continue
				}
				if _, known := input(entity, arg.Name); !known {
					p.reportCall(call, arg.NameSpan, fmt.Sprintf("%s %s has no input %s; %s", entity.Kind, entity.Name, arg.Name, inputsOf(entity)),
						Related{File: callee, Span: entity.NameSpan, Message: entity.Name + " is defined here"})
				}
			}
		})
	},
}

// inputsOf names the inputs in a sentence's end.
func inputsOf(entity *parser.Entity) string {
	if len(entity.Inputs) == 0 {
		return "it takes none"
	}
	names := make([]string, len(entity.Inputs))
	for i, input := range entity.Inputs {
		names[i] = input.Name
	}
	return "its inputs are " + strings.Join(names, ", ")
}
