package analysis

import (
	"slices"

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
			variablesOf(entity, func(v *model.Variable) {
				for _, part := range p.Module.Parts(v) {
					class, ok := part.(*pyeval.Class)
					if !ok || !isTypedDict(class) {
						continue
					}
					what, message := variableOf(entity, v), " is a TypedDict, for which Flyte has no type: use a dataclass"
					if !pyeval.Same(class, v.PyType) {
						what = "a part of " + what
					}
					p.report(p.typePlace(entity, v, part), what+message).unless(certain && pyeval.Same(class, v.PyType))
				}
			})
		})
	},
})

func isTypedDict(class *pyeval.Class) bool {
	return slices.ContainsFunc(class.MRO(), func(base pyeval.Value) bool {
		native, ok := base.(*pyeval.Native)
		return ok && native.Name == "typing.TypedDict"
	})
}
