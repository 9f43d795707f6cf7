package analysis

var _ = register(&Rule{
	Code:     "override-node-name-reserved",
	Summary:  "A node is given a name that the backend keeps for itself.",
	Details:  "start-node, end-node and efn (the failure handler) are nodes that every compiled workflow may have. A node of such a name is refused, or takes their place.",
	Severity: Error,
	Stage:    AtBackend,
	Source:   "flytepropeller/pkg/compiler/common/builder.go:StartNodeID",
	Bad: `from flytekit import task, workflow


@task
def train(epochs: int) -> int:
    return epochs


@workflow
def flow(epochs: int = 1) -> int:
    return train(epochs=epochs).with_overrides(node_name=«"start-node"»)
`,
	Good: `from flytekit import task, workflow


@task
def train(epochs: int) -> int:
    return epochs


@workflow
def flow(epochs: int = 1) -> int:
    return train(epochs=epochs).with_overrides(node_name="start")
`,
	check: remarked,
})
