package analysis

var _ = register(&Rule{
	Code:     "constant-file",
	Summary:  "A value is neither a path nor a FlyteFile or FlyteDirectory.",
	Details:  "flytekit takes a str, a path or an object of the class for a file or folder: \"No automatic conversion found from type <class 'int'> to FlyteFile\".",
	Severity: Error,
	Stage:    AtRegister,
	Source:   "types/file/file.py:FlyteFilePathTransformer",
	Bad: `from flytekit import task, workflow
from flytekit.types.file import FlyteFile


@task
def size(data: FlyteFile) -> int:
    return len(open(data).read())


@workflow
def flow() -> int:
    return size(data=«1»)
`,
	Good: `from flytekit import task, workflow
from flytekit.types.file import FlyteFile


@task
def size(data: FlyteFile) -> int:
    return len(open(data).read())


@workflow
def flow(data: FlyteFile) -> int:
    return size(data=data)
`,
	check: misfitting(func(m *misfit) string { return m.wanted() + ", and " + m.given() }),
})
