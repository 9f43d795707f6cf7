package analysis

import (
	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

var _ = register(&Rule{
	Code:     "type-typeddict",
	Summary:  "A TypedDict is used as a type.",
	Details:  "Flyte has no type for a TypedDict: the values fail to be converted when it runs. Use a dataclass, a pydantic model, or Dict[str, T].",
	Severity: Error,
	Stage:    AtRun,
	Source:   "type_engine.py:TypeEngine",
	Bad: `from typing import TypedDict

from flytekit import task


class Settings(TypedDict):
    epochs: int


@task
def make(epochs: int = 1) -> «Settings»:
    return {"epochs": epochs}
`,
	Good: `from dataclasses import dataclass

from flytekit import task


@dataclass
class Settings:
    epochs: int


@task
def make(epochs: int = 1) -> Settings:
    return Settings(epochs=epochs)
`,
	check: func(p *pass) {
		p.eachFunction(func(entity *model.Entity, certain bool) {
			variablesOf(entity, func(v *model.Variable, what string) {
				class, ok := v.PyType.(*pyeval.Class)
				if !ok || len(class.Bases) == 0 || v.TypeSpan.Start >= v.TypeSpan.End {
					return
				}
				for _, base := range class.MRO() {
					if native, ok := base.(*pyeval.Native); ok && native.Name == "typing.TypedDict" {
						p.report(v.TypeSpan, what+" is a TypedDict, for which Flyte has no type: use a dataclass").unless(certain)
					}
				}
			})
		})
	},
})
