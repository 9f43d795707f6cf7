package analysis

import (
	"fmt"

	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

var _ = register(&Rule{
	Code:     "failure-policy-type",
	Summary:  "A workflow's failure policy is no WorkflowFailurePolicy.",
	Details:  "flytekit raises `FlyteValidationException: Failure policy ... not acceptable` when the module is imported. There are `WorkflowFailurePolicy.FAIL_IMMEDIATELY` and `WorkflowFailurePolicy.FAIL_AFTER_EXECUTABLE_NODES_COMPLETE`.",
	Severity: Error,
	Stage:    AtImport,
	Source:   "workflow.py:WorkflowMetadata.__post_init__",
	Bad: `from flytekit import task, workflow


@task
def double(number: int) -> int:
    return 2 * number


@workflow(failure_policy=«"FAIL_IMMEDIATELY"»)
def flow(number: int) -> int:
    return double(number=number)
`,
	Fixed: `from flytekit import WorkflowFailurePolicy, task, workflow


@task
def double(number: int) -> int:
    return 2 * number


@workflow(failure_policy=WorkflowFailurePolicy.FAIL_IMMEDIATELY)
def flow(number: int) -> int:
    return double(number=number)
`,
	check: func(p *pass) {
		p.eachSettings(func(s *settings) {
			policy, given := s.get("failure_policy")
			if !given || isFalse(policy.Value) {
				return
			}
			if isTheClass(policy.Value, failurePolicyClass) {
				s.reportValue(policy.Expr, "this is the class itself: take one of its members, FAIL_IMMEDIATELY or FAIL_AFTER_EXECUTABLE_NODES_COMPLETE")
			}
			if !p.isNot(policy.Value, failurePolicyClass) {
				return
			}
			d := s.reportValue(policy.Expr, fmt.Sprintf("a failure policy is a WorkflowFailurePolicy, and this is %s", policy.Value.Describe()))
			if text, ok := policy.Value.(pyeval.Str); ok && isLiteral(policy.Expr) {
				for _, name := range []string{"FAIL_IMMEDIATELY", "FAIL_AFTER_EXECUTABLE_NODES_COMPLETE"} {
					if string(text) == name {
						p.replace(d, policy.Expr, "Take it from WorkflowFailurePolicy", "WorkflowFailurePolicy."+name, true, p.AddImport("WorkflowFailurePolicy")...)
					}
				}
			}
		})
	},
})

const failurePolicyClass = "flytekit.core.workflow.WorkflowFailurePolicy"
