package analysis

var _ = register(&Rule{
	Code:     "override-promise",
	Summary:  "A promise is given to with_overrides.",
	Details:  "What with_overrides sets is written into the workflow when it is compiled, and a promise has no value then: flytekit raises \"Cannot use a promise in the ...\" for node names, retries, caching, resources and images. Use constants, or call the task in a @dynamic workflow.",
	Severity: Error,
	Stage:    AtRegister,
	Source:   "node.py:assert_not_promise",
	Bad: `from flytekit import task, workflow


@task
def train(epochs: int) -> int:
    return epochs


@workflow
def flow(epochs: int = 1, name: str = "a") -> int:
    return train(epochs=epochs).with_overrides(node_name=«name»)
`,
	Good: `from flytekit import task, workflow


@task
def train(epochs: int) -> int:
    return epochs


@workflow
def flow(epochs: int = 1) -> int:
    return train(epochs=epochs).with_overrides(node_name="training")
`,
	check: remarked,
})
