package analysis

import (
	"fmt"

	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

var _ = register(&Rule{
	Code:     "interruptible-type",
	Summary:  "What says whether something is interruptible is no bool.",
	Details:  "A workflow takes True and False only, not even None: flytekit raises `FlyteValidationException: Interruptible must be boolean` when the module is imported. A task takes None, too, and leaves it to its workflow; protobuf refuses others when the task is registered.",
	Severity: Error,
	Stage:    AtImport,
	Source:   "workflow.py:WorkflowMetadataDefaults.__post_init__",
	Bad: `from flytekit import task, workflow


@task
def double(number: int) -> int:
    return 2 * number


@workflow(interruptible=«None»)
def flow(number: int) -> int:
    return double(number=number)
`,
	Good: `from flytekit import task, workflow


@task(interruptible=None)
def double(number: int) -> int:
    return 2 * number


@workflow(interruptible=True)
def flow(number: int) -> int:
    return double(number=number)
`,
	check: func(p *pass) {
		p.eachSettings(func(s *settings) {
			if s.of == workflowDecorator || s.of == imperativeClass {
				for _, setting := range s.given {
					if _, isBool := setting.Value.(pyeval.Bool); !isBool && setting.Name == "interruptible" && p.isNot(setting.Value) {
						s.reportValue(setting.Expr, fmt.Sprintf("a workflow's interruptible is True or False, and this is %s", setting.Value.Describe()))
					}
				}
				return
			}
			if interruptible, given := s.get("interruptible"); given && p.isNot(interruptible.Value, "int") {
				s.reportValue(interruptible.Expr, fmt.Sprintf("interruptible is True, False or None, and this is %s", interruptible.Value.Describe()))
			}
		})
	},
})
