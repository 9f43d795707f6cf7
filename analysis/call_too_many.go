package analysis

import (
	"fmt"

	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyte-lsp/flyte-lsp/workspace"
)

// callTooMany: a call has more positional arguments than there are inputs.
var callTooMany = &Rule{
	Code:     "call-too-many",
	Summary:  "A call gives more positional arguments than the task or workflow has inputs.",
	When:     "flytekit raises an error when the workflow is compiled or run (core/promise.py:flyte_entity_call_handler).",
	Severity: Error,
	check: func(p *pass) {
		p.eachCall(func(call *parser.Call, callee *workspace.File, entity *parser.Entity) {
			positional := 0
			for _, arg := range call.Args {
				if arg.Name != "" {
					continue
				}
				positional++
				if positional > len(entity.Inputs) {
					p.reportCall(call, arg.ValueSpan, fmt.Sprintf("one argument too many: %s %s: %s", entity.Kind, entity.Name, inputsOf(entity)),
						Related{File: callee, Span: entity.NameSpan, Message: entity.Name + " is defined here"})
					return
				}
			}
		})
	},
}
