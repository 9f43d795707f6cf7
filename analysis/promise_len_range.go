package analysis

var _ = register(&Rule{
	Code:     "promise-len-range",
	Summary:  "The length of a promise is asked for, or a promise is used as a number of turns.",
	Details:  "When a workflow is compiled a promise has no length and is no integer: len() and range() raise a TypeError. Take the length in a task, loop in a @dynamic workflow.",
	Severity: Error,
	Stage:    AtRegister,
	Source:   "promise.py:Promise",
	Bad: `from flytekit import task, workflow


@task
def train(epoch: int):
    print(epoch)


@workflow
def flow(epochs: int):
    for epoch in range(«epochs»):
        train(epoch=epoch)
`,
	Good: `from flytekit import dynamic, task, workflow


@task
def train(epoch: int):
    print(epoch)


@dynamic
def train_all(epochs: int):
    for epoch in range(epochs):
        train(epoch=epoch)


@workflow
def flow(epochs: int):
    train_all(epochs=epochs)
`,
	check: remarked,
})
