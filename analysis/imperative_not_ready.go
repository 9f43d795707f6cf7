package analysis

import (
	"fmt"

	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/parser"
)

var _ = register(&Rule{
	Code:     "imperative-not-ready",
	Summary:  "An imperative workflow has no nodes, or an input that no node takes.",
	Details:  `A local run of an imperative workflow asks that it has a node, and that each input is given to one with add_entity: "Workflow not ready". The backend rejects a workflow without nodes (NoNodesFound). Outputs don't count. The backend runs a workflow with an input that nothing takes.`,
	Severity: Error,
	Stage:    AtRun,
	Source:   "workflow.py:ImperativeWorkflow.ready",
	Bad: `from flytekit import Workflow, task


@task
def double(number: int) -> int:
    return 2 * number


doubled = Workflow(name="doubled")
doubled.add_workflow_input("«number»", int)
doubled.add_entity(double, number=1)


def run():
    doubled(number=1)
`,
	Good: `from flytekit import Workflow, task


@task
def double(number: int) -> int:
    return 2 * number


doubled = Workflow(name="doubled")
doubled.add_workflow_input("number", int)
doubled.add_entity(double, number=doubled.inputs["number"])


def run():
    doubled(number=1)
`,
	check: imperativeReady,
})

func imperativeReady(p *pass) {
	for _, entity := range p.Module.Entities {
		if entity.Kind != model.ImperativeWorkflow || entity.Opaque != "" || entity.InputsUnknown != "" || entity.NameSpan == (parser.Span{}) {
			continue
		}
		body := p.Module.Body(entity)
		if len(body.Incomplete) > 0 {
			continue
		}
		certain := !entity.Conditional && !entity.Guarded
		if len(body.Nodes) == 0 {
			p.report(entity.NameSpan, fmt.Sprintf("%s has no nodes: add_entity makes one", entity.Describe())).unless(certain)
			continue
		}
		taken := map[string]bool{}
		for _, node := range body.Nodes {
			for _, binding := range node.Inputs {
				for promise := range model.Promises(binding.Value) {
					if promise.Node == nil {
						taken[promise.Var] = true
					}
				}
			}
		}
		for _, input := range entity.Inputs {
			if taken[input.Name] {
				continue
			}
			at := input.NameSpan
			if at == (parser.Span{}) {
				at = entity.NameSpan
			}
			p.report(at, fmt.Sprintf("no node of %s takes its input %s: a local run says that it isn't ready", entity.Describe(), input.Name)).Severity = Warning
		}
	}
}
