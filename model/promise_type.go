package model

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/core"

	"github.com/flyte-lsp/flyte-lsp/literal"
	"github.com/flyte-lsp/flyte-lsp/parser/ast"
	"github.com/flyte-lsp/flyte-lsp/pyeval"
	"github.com/flyte-lsp/flyte-lsp/typeengine"
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
		if of, err = partType(of, step); err != nil {
			return nil, err
		}
	}
	return of, nil
}

// partType is the type of a part of what has a type: a *typeengine.RejectedError
// says that it has no such part.
func partType(of *core.LiteralType, step pyeval.Value) (*core.LiteralType, error) {
	if _, unknown := step.(*pyeval.Unknown); unknown {
		return nil, unknownError("which part it is isn't known")
	}
	without := func(code, format string, args ...any) error {
		return &typeengine.RejectedError{Code: code, Message: fmt.Sprintf(format, args...)}
	}
	text := literal.TypeText(of)
	if _, slice := step.(Slice); slice {
		return nil, without("promise-slice", "a part of %s can't be taken by a slice before there is a value: take single elements, or slice it in a task", text)
	}
	if index, promise := step.(*Promise); promise {
		return nil, without("promise-convert", "%s is no index before it has a value: take the element in a task", index.Describe())
	}
	name, named := step.(pyeval.Str)
	fields := of.GetStructure().GetDataclassType()
	switch {
	case of.GetCollectionType() != nil && named:
		return nil, without("promise-index-kind", "%s has no %s: its elements are taken by numbers", text, name)
	case of.GetCollectionType() != nil:
		return of.GetCollectionType(), nil
	case of.GetMapValueType() != nil:
		return of.GetMapValueType(), nil
	case fields != nil && !named:
		return nil, without("promise-index-kind", "the fields of %s are taken by their names", text)
	case fields != nil && fields[string(name)] == nil:
		return nil, without("promise-field-unknown", "%s has no field %s: it has %s", text, name, strings.Join(slices.Sorted(maps.Keys(fields)), ", "))
	case fields != nil:
		return fields[string(name)], nil
	case schemaless(of):
		return of, nil
	}
	return nil, unknownError("the type of a part of %s isn't known", text)
}

// checkPromise notes a promise whose type isn't taken. Which variant of a union
// a container is bound to isn't looked into.
func (b *binder) checkPromise(expected *core.LiteralType, pyType pyeval.Value, p *Promise, at ast.Expr) {
	if b.tries || expected == nil {
		return
	}
	gives, err := b.module.PromiseType(p)
	if rejection := (*typeengine.RejectedError)(nil); errors.As(err, &rejection) && len(p.Path) > 0 {
		if subscript, ok := at.(*ast.Subscript); ok && at == p.At && rejection.Code == "promise-convert" {
			at = subscript.Index
		}
		b.note(Mistake{Code: rejection.Code, Expr: at, Value: p, Type: pyType, Said: rejection.Message})
	}
	if err != nil {
		return
	}
	mistake := Mistake{Expr: at, Value: p, Type: pyType, Gives: gives, Wants: expected}
	switch {
	case len(p.Path) > 0 && schemaless(gives) && !literal.Castable(gives, expected):
		mistake.Code, mistake.Said = "promise-index-kind", untypedDict
		b.note(mistake)
	case !literal.Castable(gives, expected):
		mistake.Code = "promise-type"
		b.note(mistake)
	case isNumber(gives) && countNumbers(expected.GetUnionType().GetVariants()) > 1:
		mistake.Code = "promise-union-ambiguous"
		b.note(mistake)
	}
}

// schemaless tells whether a type is a dict's without types, of which the backend
// takes each part to be of the same type.
func schemaless(t *core.LiteralType) bool {
	return t.GetSimple() == core.SimpleType_STRUCT && t.GetMetadata() == nil && len(t.GetStructure().GetDataclassType()) == 0
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
