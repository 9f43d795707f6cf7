package analysis

var _ = register(&Rule{
	Code:     "promise-union-ambiguous",
	Summary:  "A number is passed on to a union that has both int and float.",
	Details:  "The backend takes it, but when the task runs flytekit finds that the number fits both types of the union: \"Ambiguous choice of variant for union type. Both int and float transformers match\". Let the input be a float.",
	Severity: Error,
	Stage:    AtRun,
	Source:   "type_engine.py:UnionTransformer",
	Bad: `from typing import Union

from flytekit import task, workflow


@task
def count(text: str) -> int:
    return len(text)


@task
def show(number: Union[int, float]) -> str:
    return str(number)


@workflow
def flow(text: str = "a") -> str:
    return show(number=«count(text=text)»)
`,
	Good: `from typing import Union

from flytekit import task, workflow


@task
def count(text: str) -> int:
    return len(text)


@task
def show(number: Union[int, str]) -> str:
    return str(number)


@workflow
def flow(text: str = "a") -> str:
    return show(number=count(text=text))
`,
	check: misfitting(func(m *misfit) string { return m.wanted() + ", and " + m.promised() + ", which fits both" }),
})
