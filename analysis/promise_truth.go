package analysis

var _ = register(&Rule{
	Code:     "promise-truth",
	Summary:  "A promise, or a comparison of promises, is asked whether it is true.",
	Details:  "When a workflow is compiled a promise has no value: `if`, `while`, `assert`, a ternary, `not`, `and`, `or`, bool() and chained comparisons raise \"Cannot perform truth value testing\". Write conditional(...).if_(...).then(...).else_().then(...), joined by & and |, or do it in a task or a @dynamic workflow.",
	Severity: Error,
	Stage:    AtRegister,
	Source:   "promise.py:Promise.__bool__",
	Bad: `from flytekit import task, workflow


@task
def count(name: str) -> int:
    return len(name)


@task
def report(number: int):
    print(number)


@workflow
def flow(name: str = "a"):
    number = count(name=name)
    if «number > 3»:
        report(number=number)
`,
	Good: `from flytekit import conditional, task, workflow


@task
def count(name: str) -> int:
    return len(name)


@task
def report(number: int):
    print(number)


@workflow
def flow(name: str = "a"):
    number = count(name=name)
    conditional("long").if_(number > 3).then(report(number=number)).else_().then(report(number=0))
`,
	check: func(p *pass) {
		for _, remark := range p.remarked() {
			p.makeConditional(p.reportRemark(remark), remark)
		}
	},
})
