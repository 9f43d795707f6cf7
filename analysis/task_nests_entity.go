package analysis

import (
	"fmt"

	"github.com/flyte-lsp/flyte-lsp/model"
)

var _ = register(&Rule{
	Code:     "task-nests-entity",
	Summary:  "A task calls a task, workflow or launch plan.",
	Details:  "Within a task the call runs as a plain function, in the same container: it has no node, no cache, no retries and no resources of its own. Call it in a workflow or, to decide when it runs, in a @dynamic or @eager workflow.",
	Severity: Warning,
	Stage:    NeverFails,
	Source:   "promise.py:flyte_entity_call_handler",
	Bad: `from flytekit import task


@task
def clean(text: str) -> str:
    return text.strip()


@task
def count(text: str) -> int:
    return len(«clean»(text=text))
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
		for enclosing, node := range p.module.Calls() {
			if enclosing.Kind == model.Task && enclosing.Opaque == "" && node.Call != nil && p.here(node.Module) && node.Entity.Opaque == "" {
				p.report(node.Call.Func.Span(), fmt.Sprintf("%s runs within %s here, in the same container", node.Entity.Describe(), enclosing.Describe()))
			}
		}
	},
})
