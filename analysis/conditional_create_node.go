package analysis

var _ = register(&Rule{
	Code:     "conditional-create-node",
	Summary:  "create_node makes a case of a conditional.",
	Details:  `In local runs flytekit makes no node in a case that isn't taken, and raises "Being more restrictive for now and disallowing manual node creation in branch logic". Call the task itself.`,
	Severity: Warning,
	Stage:    AtRun,
	Source:   "node_creation.py:create_node",
	Bad: `from flytekit import conditional, task, workflow
from flytekit.core.node_creation import create_node


@task
def double(number: int) -> int:
    return 2 * number


@workflow
def flow(number: int = 1) -> int:
    return (
        conditional("which")
        .if_(number > 10)
        .then(«create_node»(double, number=number).o0)
        .else_()
        .then(double(number=number))
    )
`,
	Good: `from flytekit import conditional, task, workflow


@task
def double(number: int) -> int:
    return 2 * number


@workflow
def flow(number: int = 1) -> int:
    return (
        conditional("which")
        .if_(number > 10)
        .then(double(number=number))
        .else_()
        .then(double(number=number))
    )
`,
	check: remarked,
})
