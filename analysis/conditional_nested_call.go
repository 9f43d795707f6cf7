package analysis

import (
	"github.com/flyte-lsp/flyte-lsp/literal"
	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/parser"
)

var _ = register(&Rule{
	Code:     "conditional-nested-call",
	Summary:  "A call within a conditional gives its result to a case or a condition.",
	Details:  "The nodes that are made between conditional() and the end of else_() belong to the conditional, and it keeps those that then() is given. The node of any other call is dropped, and who uses its output is bound to another node that happens to have the same id: the backend refuses another type, and else the value is a wrong one. Local runs hide it in a case, and fail in a condition. Call it before the conditional, or put both calls into a workflow of their own.",
	Severity: Warning,
	Stage:    AtBackend,
	Source:   "condition.py:to_case_block",
	Bad: `from flytekit import conditional, task, workflow


@task
def shorten(text: str) -> str:
    return text[:10]


@task
def length(text: str) -> int:
    return len(text)


@task
def double(number: int) -> int:
    return 2 * number


@workflow
def flow(text: str = "a") -> int:
    short = shorten(text=text)
    return (
        conditional("which")
        .if_(text == "a")
        .then(double(number=«length»(text=short)))
        .else_()
        .then(length(text=short))
    )
`,
	Good: `from flytekit import conditional, task, workflow


@task
def shorten(text: str) -> str:
    return text[:10]


@task
def length(text: str) -> int:
    return len(text)


@task
def double(number: int) -> int:
    return 2 * number


@workflow
def flow(text: str = "a") -> int:
    short = shorten(text=text)
    size = length(text=short)
    return (
        conditional("which")
        .if_(text == "a")
        .then(double(number=size))
        .else_()
        .then(length(text=short))
    )
`,
	check: nestedCalls,
})

// nestedCalls reports what the model has remarked: an error where a local run
// fails, or where the backend finds another type, or nothing, in place of what
// is dropped. Otherwise the workflow runs with a wrong value.
func nestedCalls(p *pass) {
	var fails map[parser.Span]bool
	for _, remark := range p.remarked() {
		d := p.reportRemark(remark)
		if fails == nil {
			fails = p.misbound()
		}
		if remark.Certain && (remark.Rejects || fails[remark.Span]) {
			d.Severity = Error
		}
	}
}

// misbound are the calls in conditionals whose output is bound to that of
// another node, which the backend refuses.
func (p *pass) misbound() map[parser.Span]bool {
	calls := map[parser.Span]bool{}
	for _, entity := range p.Module.Entities {
		body := p.Module.Body(entity)
		for _, node := range body.Nodes {
			if node.Branch == nil || !node.Branch.Ended {
				continue
			}
			for _, given := range node.Branch.Cases {
				if given.Node == nil {
					continue
				}
				for _, input := range given.Node.Inputs {
					promise, ok := input.Value.(*model.Promise)
					if ok && dropped(node.Branch, promise.Node) && p.refused(body, node, promise, input) {
						calls[parser.Span(promise.Node.Call.Func.Span())] = true
					}
				}
			}
		}
	}
	return calls
}

// dropped tells whether a node is made within a conditional, and is no case's.
func dropped(branch *model.Branch, node *model.Node) bool {
	if node == nil || node.Call == nil || node.ID == "" {
		return false
	}
	within := false
	for _, made := range branch.Nodes {
		within = within || made == node
	}
	for _, given := range branch.Cases {
		within = within && given.Node != node
	}
	return within
}

// refused tells whether the backend refuses the node of the workflow that has
// the id of the dropped one in its place.
func (p *pass) refused(body *model.Body, branch *model.Node, promise *model.Promise, input model.Binding) bool {
	for _, node := range body.Nodes {
		if node.ID == "" {
			return false
		}
		if node.ID != promise.Node.ID {
			continue
		}
		if node == branch || node.Entity == nil || node.Entity.OutputsUnknown != "" || input.Variable == nil {
			return false
		}
		output := node.Entity.Output(promise.Var)
		if output == nil {
			return true
		}
		gives, err := p.Module.PromiseType(&model.Promise{Node: node, Var: promise.Var, Type: output.PyType})
		if err != nil {
			return false
		}
		wants, err := p.Module.LiteralType(input.Variable)
		if err != nil {
			return false
		}
		return !literal.Castable(gives, wants)
	}
	return len(body.Incomplete) == 0
}
