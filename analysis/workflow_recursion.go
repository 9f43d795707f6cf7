package analysis

import (
	"fmt"
	"slices"

	"github.com/flyte-lsp/flyte-lsp/model"
)

var _ = register(&Rule{
	Code:     "workflow-recursion",
	Summary:  "A workflow calls itself, directly or through others.",
	Details:  "A workflow is compiled with all workflows that it calls, in branches of a conditional too: one that reaches itself never ends, and Python raises a RecursionError. So do nodes that wait for each other, as with `a >> b` and `b >> a`. Use a @dynamic workflow, which is compiled when it runs.",
	Severity: Error,
	Stage:    AtRegister,
	Source:   "workflow.py:PythonFunctionWorkflow.compile",
	Bad: `from flytekit import conditional, task, workflow


@task
def decrease(number: int) -> int:
    return number - 1


@workflow
def countdown(number: int = 3) -> int:
    less = decrease(number=number)
    return conditional("end").if_(less > 0).then(«countdown»(number=less)).else_().then(decrease(number=less))
`,
	Good: `from flytekit import dynamic, task


@task
def decrease(number: int) -> int:
    return number - 1


@dynamic
def countdown(number: int = 3) -> int:
    if number == 0:
        return decrease(number=number)
    return countdown(number=number - 1)
`,
	check: func(p *pass) {
		remarked(p)
		for _, circle := range p.circles() {
			for _, entity := range circle {
				for node := range p.Module.Body(entity).All() {
					if node.Call == nil || !p.here(node.Module) || !slices.Contains(circle, p.workflow(node)) {
						continue
					}
					message := fmt.Sprintf("%s calls itself: it can't be compiled", entity.Name)
					if p.workflow(node) != entity {
						message = fmt.Sprintf("%s leads back to %s: neither can be compiled", node.Entity.Name, entity.Name)
					}
					p.report(node.Call.Func.Span(), message).unless(!node.Guarded)
				}
			}
		}
	},
})

// workflow is the workflow of the file that a node runs for certain; nil if it
// runs something else.
func (p *pass) workflow(node *model.Node) *model.Entity {
	if node.Entity == nil || node.Entity.Kind != model.Workflow || node.Conditional || node.Entity.Path != p.File.Path || node.Entity.Opaque != "" {
		return nil
	}
	if entity := p.Module.Entity(node.Entity.Name); entity != nil && entity.Definition == node.Entity.Definition {
		return entity
	}
	return nil
}

// circles are the workflows of the file that reach each other, or themselves
// (Tarjan's strongly connected components).
func (p *pass) circles() (circles [][]*model.Entity) {
	calls := map[*model.Entity][]*model.Entity{}
	for _, entity := range p.Module.Entities {
		if entity.Kind != model.Workflow || entity.Opaque != "" {
			continue
		}
		for node := range p.Module.Body(entity).All() {
			if callee := p.workflow(node); callee != nil {
				calls[entity] = append(calls[entity], callee)
			}
		}
	}
	place, low := map[*model.Entity]int{}, map[*model.Entity]int{}
	var stack []*model.Entity
	var visit func(*model.Entity)
	visit = func(entity *model.Entity) {
		place[entity] = len(place) + 1
		low[entity] = place[entity]
		stack = append(stack, entity)
		for _, callee := range calls[entity] {
			if place[callee] == 0 {
				visit(callee)
				low[entity] = min(low[entity], low[callee])
			} else if slices.Contains(stack, callee) {
				low[entity] = min(low[entity], place[callee])
			}
		}
		if low[entity] == place[entity] {
			i := slices.Index(stack, entity)
			circle := slices.Clone(stack[i:])
			stack = stack[:i]
			if len(circle) > 1 || slices.Contains(calls[entity], entity) {
				circles = append(circles, circle)
			}
		}
	}
	for _, entity := range p.Module.Entities {
		if len(calls[entity]) > 0 && place[entity] == 0 {
			visit(entity)
		}
	}
	return circles
}
