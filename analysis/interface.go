package analysis

import (
	"errors"
	"fmt"
	"slices"

	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyte-lsp/flyte-lsp/pyeval"
	"github.com/flyte-lsp/flyte-lsp/typeengine"
)

// eachFunction gives the entities that the file makes of functions of its own,
// and whether what making them raises ends the import for certain.
func (p *pass) eachFunction(f func(entity *model.Entity, certain bool)) {
	for _, entity := range p.Module.Entities {
		if entity.Function != nil && entity.Of == nil && entity.Opaque == "" && p.here(entity.Function.Module) {
			f(entity, !entity.Conditional && !entity.Guarded)
		}
	}
}

// variablesOf are the inputs and the outputs of an entity.
func variablesOf(entity *model.Entity, f func(*model.Variable)) {
	for _, input := range entity.Inputs {
		f(input)
	}
	for _, output := range entity.Outputs {
		f(output)
	}
}

// variableOf names an input or an output in a message.
func variableOf(entity *model.Entity, v *model.Variable) string {
	switch {
	case slices.Contains(entity.Inputs, v):
		return fmt.Sprintf("input %s of %s", v.Name, entity.Describe())
	case len(entity.Outputs) == 1:
		return "the output of " + entity.Describe()
	}
	return fmt.Sprintf("output %s of %s", v.Name, entity.Describe())
}

// typePlace is where a part of a variable's type is written or, if that is in
// another file, where the entity's annotation or name is.
func (p *pass) typePlace(entity *model.Entity, v *model.Variable, part pyeval.Value) parser.Span {
	if span := p.Module.TypePart(v, part); span.Start < span.End {
		return parser.Span(span)
	}
	if entity.Returns != nil && entity.Returns.TypeSpan.Start < entity.Returns.TypeSpan.End {
		return parser.Span(entity.Returns.TypeSpan)
	}
	return parser.Span(entity.NameSpan)
}

// wrongType is a type of an input or an output that flytekit rejects.
type wrongType struct {
	entity *model.Entity
	what   string // the input or output, for a message
	of     pyeval.Value
	says   string // flytekit's words
	span   parser.Span
	// certain: the import fails for it.
	certain bool
}

// wrongTypes are the types that flytekit rejects for the rule's reason.
func (p *pass) wrongTypes() []*wrongType {
	if p.types == nil {
		p.types = map[string][]*wrongType{}
		p.eachFunction(func(entity *model.Entity, certain bool) {
			variablesOf(entity, func(v *model.Variable) {
				_, err := p.Module.LiteralType(v)
				var rejection *typeengine.RejectedError
				if errors.As(err, &rejection) && rejection.Code != "" {
					what := variableOf(entity, v)
					if !pyeval.Same(rejection.Of, v.PyType) {
						what = "a part of " + what
					}
					p.types[rejection.Code] = append(p.types[rejection.Code], &wrongType{
						entity: entity, what: what, of: rejection.Of, says: rejection.Message, span: p.typePlace(entity, v, rejection.Of),
						certain: certain && len(p.Module.Assumed(v)) == 0,
					})
				}
			})
		})
	}
	return p.types[p.rule.Code]
}

// reportTypes reports the types that flytekit rejects for the rule's reason,
// with what a text says behind the input or output.
func reportTypes(text string) func(*pass) {
	return func(p *pass) {
		for _, wrong := range p.wrongTypes() {
			p.report(wrong.span, wrong.what+" "+text).unless(wrong.certain)
		}
	}
}

// annotated tells whether a type is Annotated[...].
func annotated(t pyeval.Value) bool {
	alias, ok := t.(*pyeval.Alias)
	if !ok {
		return false
	}
	origin, ok := alias.Origin.(*pyeval.Native)
	return ok && origin.Name == "typing.Annotated"
}
