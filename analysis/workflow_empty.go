package analysis

import (
	"github.com/flyte-lsp/flyte-lsp/model"
)

var _ = register(&Rule{
	Code:     "workflow-empty",
	Summary:  "A workflow makes no node.",
	Details:  "A workflow that calls no task, workflow or launch plan runs locally, but the backend's compiler rejects it when it is registered: \"Code: NoNodesFound\".",
	Severity: Error,
	Stage:    AtBackend,
	Source:   "flytepropeller/pkg/compiler/workflow_compiler.go:ValidateWorkflow",
	Backend:  "NoNodesFound",
	Bad: `from flytekit import workflow


@workflow
def «flow»(number: int = 1) -> int:
    return number
`,
	Good: `from flytekit import task, workflow


@task
def double(number: int) -> int:
    return 2 * number


@workflow
def flow(number: int = 1) -> int:
    return double(number=number)
`,
	check: func(p *pass) {
		for _, entity := range p.Module.Entities {
			if entity.Kind != model.Workflow || entity.Opaque != "" || entity.Function == nil || !p.here(entity.Function.Module) {
				continue
			}
			if body := p.Module.Body(entity); len(body.Nodes) == 0 && len(body.Incomplete) == 0 && len(body.Rejected) == 0 && len(body.Exceptions) == 0 && !returnsUncalled(body) {
				p.report(entity.NameSpan, entity.Name+" calls no task, workflow or launch plan").unless(!entity.Conditional)
			}
		}
	},
})

// returnsUncalled tells whether a task or workflow itself is returned, where its
// call was meant.
func returnsUncalled(body *model.Body) bool {
	for _, r := range body.Returns {
		for _, binding := range r.Bindings {
			if _, uncalled := model.EntityOf(binding.Value); uncalled {
				return true
			}
		}
	}
	return false
}
