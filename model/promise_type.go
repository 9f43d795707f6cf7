package model

import (
	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/core"

	"github.com/flyte-lsp/flyte-lsp/literal"
	"github.com/flyte-lsp/flyte-lsp/parser/ast"
	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

// PromiseType is the Flyte type of what a promise stands for, with its path:
// an element, a dict's value, a dataclass's field, as the backend's compiler
// takes them (flytepropeller pkg/compiler/validators:validateBinding). Errors
// are as LiteralType has them.
func (m *Module) PromiseType(p *Promise) (*core.LiteralType, error) {
	variable := &Variable{Name: p.Var, PyType: p.Type}
	if p.Node != nil && p.Node.Entity != nil {
		if p.Node.Entity.Opaque != "" {
			return nil, unknownError("%s", p.Node.Entity.Opaque)
		}
		if output := p.Node.Entity.Output(p.Var); output != nil {
			variable = output // it keeps its type
		}
	}
	of, err := m.LiteralType(variable)
	if err != nil {
		return nil, err
	}
	for _, step := range p.Path {
		switch {
		case of.GetCollectionType() != nil:
			of = of.GetCollectionType()
		case of.GetMapValueType() != nil:
			of = of.GetMapValueType()
		case of.GetStructure().GetDataclassType() != nil:
			name, ok := step.(pyeval.Str)
			field := of.GetStructure().GetDataclassType()[string(name)]
			if !ok || field == nil {
				return nil, unknownError("%s has no such field", p.Describe())
			}
			of = field
		default:
			return nil, unknownError("the type of a part of %s isn't known", p.Describe())
		}
	}
	return of, nil
}

// checkPromise notes a promise whose type isn't taken. Which variant of a union
// a container is bound to isn't looked into.
func (b *binder) checkPromise(expected *core.LiteralType, pyType pyeval.Value, p *Promise, at ast.Expr) {
	if b.tries || expected == nil {
		return
	}
	gives, err := b.module.PromiseType(p)
	if err != nil {
		return
	}
	mistake := Mistake{Expr: at, Value: p, Type: pyType, Gives: gives, Wants: expected}
	switch {
	case !literal.Castable(gives, expected):
		mistake.Code = "promise-type"
		b.note(mistake)
	case isNumber(gives) && countNumbers(expected.GetUnionType().GetVariants()) > 1:
		mistake.Code = "promise-union-ambiguous"
		b.note(mistake)
	}
}

func isNumber(t *core.LiteralType) bool {
	return t.GetSimple() == core.SimpleType_INTEGER || t.GetSimple() == core.SimpleType_FLOAT
}

func countNumbers(types []*core.LiteralType) int {
	n := 0
	for _, t := range types {
		if isNumber(t) {
			n++
		}
	}
	return n
}
