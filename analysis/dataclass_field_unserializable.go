package analysis

import (
	"fmt"
	"slices"

	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

var _ = register(&Rule{
	Code:     "dataclass-field-unserializable",
	Summary:  "A field of a dataclass can't be serialized.",
	Details:  "flytekit writes a dataclass with mashumaro, which knows Python's own types, dataclasses, enums and Flyte's files and datasets. It fails on a field of Callable, object, a plain class or a pydantic model when a value is converted, even if that is None: \"Field ... of type ... is not serializable\".",
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
    model: «Model»


@task
def train(epochs: int = 1) -> Trained:
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
		looked := map[*pyeval.Class]bool{}
		p.eachFunction(func(entity *model.Entity, certain bool) {
			variablesOf(entity, func(v *model.Variable) {
				for _, part := range p.Module.Parts(v) {
					if class, ok := part.(*pyeval.Class); ok {
						p.unserializable(entity, v, class, certain && pyeval.Same(part, v.PyType), looked)
					}
				}
			})
		})
	},
})

// unserializable reports the fields of a dataclass that mashumaro can't write,
// at their types or, of a class in another file, at the annotation that brings
// it in.
func (p *pass) unserializable(entity *model.Entity, v *model.Variable, class *pyeval.Class, certain bool, looked map[*pyeval.Class]bool) {
	if looked[class] || !plainDataclass(class) {
		return
	}
	looked[class] = true
	for _, field := range p.Module.DataFields(class) {
		for _, part := range p.Module.Parts(field) {
			if inner, ok := part.(*pyeval.Class); ok {
				p.unserializable(entity, v, inner, certain, looked)
			}
			kind := notWritten(part)
			if kind == "" {
				continue
			}
			use := parser.Span(v.TypeSpan)
			span := p.Module.TypePart(field, part)
			if span.Start >= span.End {
				span = p.typePlace(entity, v, class)
			}
			related := p.related(p.Module.Module, use, class.Name+" is used as a type here")
			p.report(span, fmt.Sprintf("%s.%s can't be written: flytekit can't serialize %s", class.Name, field.Name, kind), related...).unless(certain)
		}
	}
}

// plainDataclass tells of a dataclass, with dataclasses only as its bases, that
// doesn't say itself how it is serialized (mashumaro's Config).
func plainDataclass(class *pyeval.Class) bool {
	for _, base := range class.MRO() {
		if native, ok := base.(*pyeval.Native); ok && native.Name == "builtins.object" {
			continue
		}
		own, ok := base.(*pyeval.Class)
		if !ok || !isDataclass(own) || len(own.Decorators) > 1 || ownSerialization(own) {
			return false
		}
	}
	return isDataclass(class)
}

func ownSerialization(class *pyeval.Class) bool {
	return slices.ContainsFunc([]string{"Config", "to_dict", "from_dict", "_serialize", "_deserialize"}, func(name string) bool {
		_, own := class.Scope.Get(name)
		return own
	})
}

// notWritten says what a type is of which mashumaro certainly writes no values;
// "" of others.
func notWritten(t pyeval.Value) string {
	switch t := t.(type) {
	case *pyeval.Native:
		switch t.Name {
		case "typing.Callable", "collections.abc.Callable":
			return "a Callable"
		case "builtins.object":
			return "what may be any object"
		}
	case *pyeval.Alias:
		return notWritten(t.Origin)
	case *pyeval.Class:
		for _, base := range t.MRO()[1:] {
			native, ok := base.(*pyeval.Native)
			if ok && (native.Name == "pydantic.BaseModel" || native.Name == "pydantic.main.BaseModel") {
				return "the pydantic model " + t.Name
			}
		}
		if len(t.Bases) == 0 && len(t.Decorators) == 0 && len(t.Keywords) == 0 && !ownSerialization(t) {
			return "the plain class " + t.Name
		}
	}
	return ""
}
