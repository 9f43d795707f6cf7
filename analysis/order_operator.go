package analysis

var _ = register(&Rule{
	Code:     "order-operator",
	Summary:  "`>>` or `<<` stands between values of which it can't tell the order.",
	Details:  "`a >> b` has the node of a run before that of b: both must be what a call gives, a promise. Not `<<`, nor a tuple of outputs on the right (take one of them), nor a list, nor a task that isn't called; between nodes of create_node both must be nodes.",
	Severity: Error,
	Stage:    AtRegister,
	Source:   "promise.py:Promise.__rshift__",
	Bad: `from flytekit import task, workflow


@task
def prepare() -> int:
    return 1


@task
def train() -> int:
    return 2


@workflow
def flow():
    prepared = prepare()
    trained = train()
    «trained << prepared»
`,
	Fixed: `from flytekit import task, workflow


@task
def prepare() -> int:
    return 1


@task
def train() -> int:
    return 2


@workflow
def flow():
    prepared = prepare()
    trained = train()
    prepared >> trained
`,
	check: func(p *pass) {
		mending("Swap the operands")(p)
	},
})
