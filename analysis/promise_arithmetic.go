package analysis

var _ = register(&Rule{
	Code:     "promise-arithmetic",
	Summary:  "An operator is used on a promise.",
	Details:  "When a workflow is compiled a promise has no value: + - * / // % ** @ ^ ~ and += raise a TypeError, as & and | do between promises (they join comparisons in a conditional). Compute in a task.",
	Severity: Error,
	Stage:    AtRegister,
	Source:   "promise.py:Promise",
	Bad: `from flytekit import task, workflow


@task
def count(name: str) -> int:
    return len(name)


@workflow
def flow(name: str, extra: int) -> int:
    number = count(name=name)
    return «number + extra»
`,
	Fixed: `from flytekit import task, workflow


@task
def count(name: str) -> int:
    return len(name)


@task
def add(number: int, extra: int) -> int:
    return number + extra


@workflow
def flow(name: str, extra: int) -> int:
    number = count(name=name)
    return add(number=number, extra=extra)
`,
	check: func(p *pass) {
		for _, remark := range p.remarked() {
			p.computeInTask(p.reportRemark(remark), remark)
		}
	},
})
