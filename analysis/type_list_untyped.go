package analysis

var _ = register(&Rule{
	Code:    "type-list-untyped",
	Summary: "A list doesn't say what it is a list of.",
	Details: "flytekit raises `Only generic univariate typing.List[T] type is supported` when the module is imported. Write " +
		"`List[int]` or `list[int]`.",
	Severity: Error,
	Stage:    AtImport,
	Source:   "type_engine.py:ListTransformer",
	Bad: `from flytekit import task


@task
def total(numbers: «list») -> int:
    return sum(numbers)
`,
	Good: `from flytekit import task


@task
def total(numbers: list[int]) -> int:
    return sum(numbers)
`,
	check: reportTypes("is a list of which flytekit must know the type of the items: write list[int], say"),
})
