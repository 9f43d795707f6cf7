package analysis

var _ = register(&Rule{
	Code:     "conditional-outside",
	Summary:  "A conditional stands in no workflow.",
	Details:  `conditional() compares promises, and makes nodes of a workflow that is compiled. At a module's own level flytekit raises "Branches can only be invoked within a workflow context!". In a task and in an eager workflow, and for the inputs of a dynamic workflow, the values are there already, and a comparison of them is True or False: use if.`,
	Severity: Error,
	Stage:    AtRun,
	Source:   "condition.py:conditional",
	Bad: `from flytekit import conditional, dynamic, task


@task
def double(number: int) -> int:
    return 2 * number


@dynamic
def flow(number: int = 1) -> int:
    return conditional("which").if_(«number > 10»).then(double(number=number)).else_().fail("too small")
`,
	Good: `from flytekit import dynamic, task


@task
def double(number: int) -> int:
    return 2 * number


@dynamic
def flow(number: int = 11) -> int:
    if number > 10:
        return double(number=number)
    raise ValueError("too small")
`,
	check: remarked,
})
