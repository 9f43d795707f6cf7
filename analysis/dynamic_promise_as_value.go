package analysis

var _ = register(&Rule{
	Code:     "dynamic-promise-as-value",
	Summary:  "In a dynamic workflow the result of a call is used as a value.",
	Details:  "When a @dynamic runs its inputs are plain values, but what calls of tasks and workflows give are promises, as in a @workflow: the nodes run after the function has returned. if, loops, arithmetic, len(), range(), int() and methods of them raise an error then. Compute with it in a task, or pass it to a further @dynamic, whose input it is.",
	Severity: Error,
	Stage:    AtRun,
	Source:   "promise.py:Promise",
	Bad: `from flytekit import dynamic, task


@task
def count() -> int:
    return 3


@task
def train(epoch: int):
    print(epoch)


@dynamic
def flow():
    for epoch in range(«count()»):
        train(epoch=epoch)
`,
	Good: `from flytekit import dynamic, task, workflow


@task
def count() -> int:
    return 3


@task
def train(epoch: int):
    print(epoch)


@dynamic
def train_all(epochs: int):
    for epoch in range(epochs):
        train(epoch=epoch)


@workflow
def flow():
    train_all(epochs=count())
`,
	check: remarked,
})
