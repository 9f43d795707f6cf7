package analysis

var _ = register(&Rule{
	Code:     "approve-upstream",
	Summary:  "approve() is given something else than the output of a task.",
	Details:  `A gate passes on what a node gives, once a person has agreed: flytekit looks up its type at the node. It raises an error for an input of the workflow ("Workflow inputs cannot be passed to approval nodes"), for what gives nothing, for a constant, a conditional's result and several outputs at once.`,
	Severity: Error,
	Stage:    AtRegister,
	Source:   "gate.py:approve",
	Bad: `from datetime import timedelta

from flytekit import approve, task, workflow


@task
def publish(text: str) -> str:
    return text


@workflow
def flow(text: str = "a") -> str:
    return approve(«text», "text", timeout=timedelta(hours=1))
`,
	Good: `from datetime import timedelta

from flytekit import approve, task, workflow


@task
def publish(text: str) -> str:
    return text


@workflow
def flow(text: str) -> str:
    published = publish(text=text)
    return approve(published, "text", timeout=timedelta(hours=1))
`,
	check: remarked,
})
