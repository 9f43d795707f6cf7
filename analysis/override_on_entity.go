package analysis

var _ = register(&Rule{
	Code:     "override-on-entity",
	Summary:  "with_overrides is called on what has no node.",
	Details:  "with_overrides changes one node of a workflow: it is called on what the call of a task gives. A task itself and an input of the workflow have no node: flytekit raises an AttributeError.",
	Severity: Error,
	Stage:    AtRegister,
	Source:   "node.py:Node.with_overrides",
	Bad: `from flytekit import Resources, task, workflow


@task
def train(epochs: int) -> int:
    return epochs


@workflow
def flow(epochs: int = 1) -> int:
    return «train.with_overrides»(requests=Resources(cpu="1"), limits=Resources(cpu="1"))(epochs=epochs)
`,
	Good: `from flytekit import Resources, task, workflow


@task
def train(epochs: int) -> int:
    return epochs


@workflow
def flow(epochs: int = 1) -> int:
    return train(epochs=epochs).with_overrides(requests=Resources(cpu="1"), limits=Resources(cpu="1"))
`,
	check: remarked,
})
