package analysis

var _ = register(&Rule{
	Code:     "promise-in-container",
	Summary:  "A promise stands in what flytekit makes one constant of.",
	Details:  "flytekit binds promises in lists, and in dicts for Dict[str, T], one by one. A dataclass, a pydantic model, a dict for a bare `dict` and the keys of a dict are made constants when the workflow is compiled, and a promise has no value then. Make the object in a task.",
	Severity: Error,
	Stage:    AtRegister,
	Source:   "promise.py:binding_data_from_python_std",
	Bad: `from dataclasses import dataclass

from flytekit import task, workflow


@dataclass
class Settings:
    epochs: int


@task
def train(settings: Settings) -> int:
    return settings.epochs


@workflow
def flow(epochs: int = 1) -> int:
    return train(settings=Settings(epochs=«epochs»))
`,
	Good: `from dataclasses import dataclass

from flytekit import task, workflow


@dataclass
class Settings:
    epochs: int


@task
def make_settings(epochs: int) -> Settings:
    return Settings(epochs=epochs)


@task
def train(settings: Settings) -> int:
    return settings.epochs


@workflow
def flow(epochs: int = 1) -> int:
    return train(settings=make_settings(epochs=epochs))
`,
	check: remarked,
})
