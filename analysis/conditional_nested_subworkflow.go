package analysis

import (
	"fmt"

	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/parser"
)

var _ = register(&Rule{
	Code:     "conditional-nested-subworkflow",
	Summary:  "A workflow is called only in a conditional within another one.",
	Details:  `flytekit puts the workflows that a workflow calls into its specification, but looks for them only among its own nodes and one level deep in conditionals. The backend doesn't find one that is called deeper, and FlyteRemote says "Subworkflow ... not found". Call a launch plan of it there, or move the inner conditional to a workflow of its own.`,
	Severity: Error,
	Stage:    AtBackend,
	Source:   "tools/translator.py:get_serializable_workflow",
	Backend:  "WorkflowReferenceNotFound",
	Bad: `from flytekit import conditional, task, workflow


@task
def double(number: int) -> int:
    return 2 * number


@workflow
def twice(number: int) -> int:
    return double(number=double(number=number))


@workflow
def flow(number: int = 1) -> int:
    return (
        conditional("size")
        .if_(number > 10)
        .then(
            conditional("parity")
            .if_(number == 12)
            .then(«twice»(number=number))
            .else_()
            .then(double(number=number))
        )
        .else_()
        .then(double(number=number))
    )
`,
	Good: `from flytekit import conditional, task, workflow


@task
def double(number: int) -> int:
    return 2 * number


@workflow
def twice(number: int) -> int:
    return double(number=double(number=number))


@workflow
def flow(number: int = 1) -> int:
    return (
        conditional("size")
        .if_(number > 10)
        .then(
            conditional("parity")
            .if_(number == 12)
            .then(double(number=number))
            .else_()
            .then(double(number=number))
        )
        .else_()
        .then(double(number=number))
    )
`,
	check: nestedWorkflows,
})

func nestedWorkflows(p *pass) {
	for _, entity := range p.Module.Entities {
		var nested []*model.Node
		body := p.Module.Body(entity)
		for _, node := range body.Nodes {
			eachCase(node, 1, func(node *model.Node, depth int) {
				if depth > 1 && isSubWorkflow(node.Entity) && node.Call != nil && p.here(node.Module) {
					nested = append(nested, node)
				}
			})
		}
		if len(nested) == 0 {
			continue
		}
		shipped := map[string]bool{}
		p.shipped(entity, shipped)
		for _, node := range nested {
			if !shipped[node.Entity.FullName] {
				p.report(parser.Span(node.Call.Func.Span()), fmt.Sprintf(
					"flytekit leaves %s out of the specification of %s: it is called only in a conditional within a conditional", node.Entity.Describe(), entity.Describe()),
				).unless(!node.Conditional && !node.Guarded && len(body.Incomplete) == 0 && entity.Opaque == "")
			}
		}
	}
}

// shipped adds the names of the workflows that the specification of a workflow
// has.
func (p *pass) shipped(entity *model.Entity, names map[string]bool) {
	body := p.Module.Body(entity)
	add := func(node *model.Node, depth int) {
		if depth <= 1 && isSubWorkflow(node.Entity) && !names[node.Entity.FullName] {
			names[node.Entity.FullName] = true
			p.shipped(node.Entity, names)
		}
	}
	for _, node := range body.Nodes {
		add(node, 0)
		eachCase(node, 1, add)
	}
	if body.Failure != nil {
		add(body.Failure, 0)
	}
}

// eachCase gives the nodes of the cases of a conditional, and of those within
// it, with how deep they are.
func eachCase(node *model.Node, depth int, f func(*model.Node, int)) {
	if node.Branch == nil {
		return
	}
	for _, given := range node.Branch.Cases {
		if given.Node != nil && given.Node != node {
			f(given.Node, depth)
			if given.Node.Branch != nil {
				eachCase(given.Node, depth+1, f)
			}
		}
	}
}

func isSubWorkflow(entity *model.Entity) bool {
	return entity != nil && entity.FullName != "" && (entity.Kind == model.Workflow || entity.Kind == model.ImperativeWorkflow)
}
