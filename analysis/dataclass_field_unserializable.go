package analysis

import (
	"fmt"
	"github.com/flyte-lsp/flyte-lsp/parser/ast"

	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

var _ = register(&Rule{
	Code:     "dataclass-field-unserializable",
	Summary:  "A field of a dataclass can't be serialized.",
	Details:  "flytekit writes a dataclass with mashumaro, which knows Python's own types, dataclasses, enums and Flyte's files and datasets. It fails on a field of Callable, a plain class or a pydantic model when a value is converted: \"Field ... of type ... is not serializable\".",
	Severity: Error,
	Stage:    AtRun,
	Source:   "type_engine.py:DataclassTransformer",
	Bad: `from dataclasses import dataclass

from flytekit import task


class Model:
    pass


@dataclass
class Trained:
    score: float
    model: Model


@task
def train(epochs: int = 1) -> «Trained»:
    return Trained(score=1.0, model=Model())
`,
	Good: `from dataclasses import dataclass

from flytekit import task


@dataclass
class Model:
    weight: float


@dataclass
class Trained:
    score: float
    model: Model


@task
def train(epochs: int = 1) -> Trained:
    return Trained(score=1.0, model=Model(weight=1.0))
`,
	check: func(p *pass) {
		p.eachFunction(func(entity *model.Entity, certain bool) {
			variablesOf(entity, func(v *model.Variable, what string) {
				class, ok := v.PyType.(*pyeval.Class)
				if !ok || !isDataclass(class) || len(class.Bases) > 0 || saysHow(class) || v.TypeSpan.Start >= v.TypeSpan.End {
					return
				}
				for _, field := range class.Annotations {
					if plain := p.plainClass(field); plain != nil {
						message := fmt.Sprintf("%s can't be written: its field %s is of the plain class %s", what, field.Name, plain.Name)
						p.report(v.TypeSpan, message, p.related(plain.Module, plain.Def.Name.Range.Span(), plain.Name+" is defined here")...).unless(certain)
					}
				}
			})
		})
	},
})

// saysHow tells whether a dataclass may say itself how its fields are serialized
// (mashumaro's Config).
func saysHow(class *pyeval.Class) bool {
	_, config := class.Scope.Get("Config")
	return config
}

// plainClass is the class of a field that nothing tells how to serialize; nil
// where something may.
func (p *pass) plainClass(field pyeval.Annotation) *pyeval.Class {
	name, ok := field.Expr.(*ast.Name)
	if _, call := field.DefaultExpr.(*ast.Call); !ok || call {
		return nil // field(metadata=...) may say how
	}
	binding, ok := p.module.Scope.Get(name.ID)
	class, is := p.module.Resolve(binding.Value).(*pyeval.Class)
	if !ok || !is || binding.Maybe || len(class.Bases) > 0 || len(class.Decorators) > 0 || len(class.Keywords) > 0 || class.Def == nil || class.Def.Name == nil {
		return nil
	}
	for _, method := range []string{"to_dict", "from_dict", "_serialize", "_deserialize", "__get_pydantic_core_schema__"} {
		if _, own := class.Scope.Get(method); own {
			return nil
		}
	}
	return class
}
