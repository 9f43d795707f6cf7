package analysis

import (
	"fmt"

	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/parser/ast"
)

var _ = register(&Rule{
	Code:     "task-nests-entity",
	Summary:  "A task calls a task, workflow or launch plan.",
	Details:  "Within a task the call runs in the same container: it has no node, no retries and no resources of its own, and gives a promise that has a value, but is none: arithmetic with it and len() of it fail. Call it in a workflow or, to decide when it runs, in a @dynamic or @eager workflow.",
	Severity: Warning,
	Stage:    NeverFails,
	Source:   "promise.py:flyte_entity_call_handler",
	Bad: `from flytekit import task


@task
def clean(text: str) -> str:
    return text.strip()


@task
def count(text: str) -> int:
    print(«clean»(text=text))
    return len(text)
`,
	Good: `from flytekit import task, workflow


@task
def clean(text: str) -> str:
    return text.strip()


@task
def count(text: str) -> int:
    return len(text)


@workflow
def flow(text: str = "a") -> int:
    return count(text=clean(text=text))
`,
	check: func(p *pass) {
		uses := map[*model.Entity]map[ast.Expr]callUse{}
		for enclosing, node := range p.Module.Calls() {
			if enclosing.Kind != model.Task || enclosing.Opaque != "" || node.Call == nil || !p.here(node.Module) || node.Entity.Opaque != "" {
				continue
			}
			if uses[enclosing] == nil && enclosing.Function != nil && enclosing.Function.Def != nil {
				uses[enclosing] = usesOfCalls(enclosing.Function.Def)
			}
			if isThen(uses[enclosing][node.Call].by) {
				continue // of a conditional, of which conditional-outside tells
			}
			message := fmt.Sprintf("%s runs within %s here, in the same container", node.Entity.Describe(), enclosing.Describe())
			fails := p.needsValue(node.Call, uses[enclosing])
			if fails {
				message += ", and gives a promise, which is no value"
			}
			d := p.report(node.Call.Func.Span(), message)
			if fails && !node.Conditional && !node.Guarded {
				d.Severity = Error
			}
		}
		for _, call := range p.calls("flytekit.core.gate.approve", "flytekit.core.gate.wait_for_input") {
			if call.Entity != nil && call.Entity.Kind == model.Task && call.Entity.Opaque == "" && call.Expr != nil {
				p.report(call.Expr.Func.Span(), "a gate within a task asks at the terminal, and aborts where there is none: it belongs into a workflow")
			}
		}
	},
})

// isThen tells whether a call is then(...) of something.
func isThen(call ast.Expr) bool {
	c, ok := call.(*ast.Call)
	if !ok {
		return false
	}
	attribute, ok := c.Func.(*ast.Attribute)
	return ok && attribute.Attr == "then"
}

// needsValue tells whether a call's result, or what awaiting it gives, is used as
// no promise can be.
func (p *pass) needsValue(call ast.Expr, uses map[ast.Expr]callUse) bool {
	of := uses[call]
	if of.use == asAwaited {
		of = uses[of.by]
	}
	switch of.use {
	case asOperand:
		return true
	case asArgument:
		switch p.calleeText(of.by) {
		case "len", "int", "float", "sum", "list", "sorted", "range", "abs", "round":
			return true
		}
	}
	return false
}
