package model

import (
	"errors"
	"fmt"

	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/core"

	"github.com/flyte-lsp/flyte-lsp/parser/ast"
	"github.com/flyte-lsp/flyte-lsp/pyeval"
	"github.com/flyte-lsp/flyte-lsp/typeengine"
)

// BindingData is what flytekit serializes a binding to
// (core/promise.py:binding_data_from_python_std), with errors as LiteralType
// has them.
func (m *Module) BindingData(b Binding) (*core.BindingData, error) {
	if b.Variable == nil {
		if promise, ok := b.Value.(*Promise); ok {
			return promiseData(promise)
		}
		return nil, unknownError("the type of %s isn't known", b.Name)
	}
	data, _, err := m.bind(b, false)
	return data, err
}

// bind is what a binding is serialized to, and what is wrong with its value.
// returned: a task returns it.
func (m *Module) bind(b Binding, returned bool) (*core.BindingData, []Mistake, error) {
	literalType, err := m.LiteralType(b.Variable)
	if err != nil {
		return nil, nil, err
	}
	binder := &binder{module: m, frame: m.program.Frame(m.Module), left: maxSearched, returned: returned}
	data, err := binder.data(literalType, b.Variable.PyType, b.Value, b.Expr)
	return data, binder.mistakes, err
}

type binder struct {
	module *Module
	frame  *pyeval.Frame
	// left bounds the values that are bound: a list may have itself as an
	// element.
	left int
	// mistakes are what is wrong with what is bound.
	mistakes []Mistake
	// within is the code of a scalar of another type, where a container that is
	// being bound has it: "constant-list".
	within string
	// tries: a variant of a union is tried.
	tries bool
	// returned: a task returns the value, of which flytekit makes a literal and
	// no binding.
	returned bool
}

func unknownError(format string, args ...any) error {
	return &typeengine.UnknownError{Reason: fmt.Sprintf(format, args...)}
}

func rejectedError(code, format string, args ...any) error {
	return &typeengine.RejectedError{Message: fmt.Sprintf(format, args...), Code: code}
}

func promiseData(p *Promise) (*core.BindingData, error) {
	reference := &core.OutputReference{Var: p.Var}
	if p.Var == "" {
		return nil, unknownError("the outputs of %s aren't known", p.Node.describe())
	}
	if p.Node != nil {
		if reference.NodeId = p.Node.ID; reference.NodeId == "" {
			return nil, unknownError("the id of the node of %s isn't known", p.Node.describe())
		}
	}
	for _, step := range p.Path {
		attribute := &core.PromiseAttribute{}
		switch step := step.(type) {
		case pyeval.Str:
			attribute.Value = &core.PromiseAttribute_StringValue{StringValue: string(step)}
		case pyeval.Int:
			attribute.Value = &core.PromiseAttribute_IntValue{IntValue: int32(step.Int64())}
		default:
			return nil, unknownError("an index of %s isn't known", p.Describe())
		}
		reference.AttrPath = append(reference.AttrPath, attribute)
	}
	return &core.BindingData{Value: &core.BindingData_Promise{Promise: reference}}, nil
}

// data binds a value that is expected to be of a type, which pyType is in
// Python. at is what is written for it.
func (b *binder) data(expected *core.LiteralType, pyType, value pyeval.Value, at ast.Expr) (*core.BindingData, error) {
	before := len(b.mistakes)
	data, err := b.bound(expected, pyType, value, at)
	if rejection := (*typeengine.RejectedError)(nil); len(b.mistakes) == before && errors.As(err, &rejection) {
		b.mistake(rejection, pyType, value, at)
	}
	return data, err
}

func (b *binder) bound(expected *core.LiteralType, pyType, value pyeval.Value, at ast.Expr) (*core.BindingData, error) {
	if b.left--; b.left < 0 {
		return nil, unknownError("the value is too large to be looked through")
	}
	value = b.frame.Resolve(value)
	_, none := value.(pyeval.None)
	switch v := value.(type) {
	case *Promise:
		if err := b.checkOptional(expected, v); err != nil {
			return nil, err
		}
		b.checkPromise(expected, pyType, v, at)
		return promiseData(v)
	case *Void:
		return nil, rejectedError("", "%s has no output that could be passed on", v.Node.describe())
	case *Outputs:
		return nil, rejectedError("", "a tuple is no value that Flyte knows: its elements must be passed on one by one")
	case *pyeval.Tuple:
		return nil, rejectedError(codeOf(expected), "a tuple is no value that Flyte knows")
	case *pyeval.Unknown:
		return nil, unknownError("%s", v.Reason)
	case *pyeval.Uncertain:
		return nil, unknownError("the source doesn't tell which of several values it is")
	case *section, *chain, *openCase, *elseMethod:
		return nil, unknownError("%s isn't finished", v.Describe())
	case *nodeHandle, *coroutine:
		return nil, unknownError("%s is no value of a type", v.Describe())
	}
	if b.returned {
		return b.literal(expected, pyType, value, at)
	}
	if expected.GetUnionType() != nil && !none {
		return b.union(expected.GetUnionType(), pyType, value, at)
	}
	switch v := value.(type) {
	case *pyeval.List:
		return b.collection(expected, pyType, v, at)
	case *pyeval.Dict:
		if expected.GetMapValueType() != nil {
			return b.dict(expected, pyType, v, at)
		}
		if expected.GetSimple() != core.SimpleType_STRUCT {
			return nil, rejectedError("constant-type", "a dict is no value of this type")
		}
		b.checkDict(pyType, v, at)
		pyType = &pyeval.Native{Name: "builtins.dict"}
	}
	return b.written(expected, pyType, value, at)
}

// literal is TypeEngine.to_literal, with a look at each part of a container.
func (b *binder) literal(expected *core.LiteralType, pyType, value pyeval.Value, at ast.Expr) (*core.BindingData, error) {
	switch v := value.(type) {
	case *pyeval.List:
		if expected.GetCollectionType() != nil {
			return b.collection(expected, pyType, v, at)
		}
	case *pyeval.Dict:
		switch {
		case v.Factory != nil && (expected.GetMapValueType() != nil || isNative(pyType, "builtins.dict")):
			return nil, rejectedError("constant-dict", "a defaultdict is no dict for flytekit")
		case expected.GetMapValueType() != nil:
			return b.dict(expected, pyType, v, at)
		case expected.GetSimple() == core.SimpleType_STRUCT:
			b.checkDict(pyType, v, at)
		}
	}
	return b.written(expected, pyType, value, at)
}

// checkOptional is flytekit's one look at the type of a promise: a list of
// unions, which a map task gives whose tasks may fail, is bound to such a list
// only.
func (b *binder) checkOptional(expected *core.LiteralType, p *Promise) error {
	if p.Node == nil || p.Node.Entity == nil || p.Type == nil {
		return nil
	}
	// Of a type that isn't known nothing is told.
	upstream, _ := b.module.engine.LiteralType(b.frame, p.Type)
	if upstream.GetCollectionType().GetUnionType() == nil || expected.GetCollectionType().GetUnionType() != nil {
		return nil
	}
	return rejectedError("map-ratio-optional", "%s gives a list whose elements may be of several types, or None", p.Node.describe())
}

func (b *binder) scalar(pyType, value pyeval.Value) (*core.BindingData, error) {
	for range Promises(value) {
		return nil, rejectedError("", "a promise is no part of a value of this type")
	}
	literal, err := b.module.engine.Literal(b.frame, pyType, value)
	if err != nil {
		return nil, err
	}
	return &core.BindingData{Value: &core.BindingData_Scalar{Scalar: literal.GetScalar()}}, nil
}

// union binds a value of a union: a container may have promises, so that the
// first variant that it can be bound to is taken.
func (b *binder) union(expected *core.UnionType, pyType, value pyeval.Value, at ast.Expr) (*core.BindingData, error) {
	switch value.(type) {
	case *pyeval.List, *pyeval.Dict:
	default:
		return b.scalar(pyType, value)
	}
	types, ok := pyType.(*pyeval.Union)
	if !ok || len(types.Args) != len(expected.GetVariants()) {
		return nil, unknownError("the source doesn't tell the types of a union")
	}
	before, tries := b.mistakes, b.tries
	b.tries = true
	defer func() { b.mistakes, b.tries = before, tries }()
	for i, variant := range expected.GetVariants() {
		data, err := b.data(variant, types.Args[i], value, at)
		if err == nil {
			return data, nil
		}
		if unknown := (*typeengine.UnknownError)(nil); errors.As(err, &unknown) {
			return nil, err
		}
	}
	return nil, rejectedError("constant-union", "it is no value of any of the union's types")
}

func (b *binder) collection(expected *core.LiteralType, pyType pyeval.Value, list *pyeval.List, at ast.Expr) (*core.BindingData, error) {
	if list.Open {
		return nil, unknownError("not all elements of a list are known")
	}
	if expected.GetCollectionType() == nil {
		return nil, rejectedError("constant-type", "a list is no value of this type")
	}
	defer func(within string) { b.within = within }(b.within)
	b.within = "constant-list"
	collection, written := &core.BindingDataCollection{}, elementsOf(at, len(list.Elems))
	var failed error
	for i, elem := range list.Elems {
		data, err := b.data(expected.GetCollectionType(), argument(pyType, 0), elem, written(i))
		failed = worse(failed, err)
		collection.Bindings = append(collection.Bindings, data)
	}
	if failed != nil {
		return nil, failed
	}
	return &core.BindingData{Value: &core.BindingData_Collection{Collection: collection}}, nil
}

func (b *binder) dict(expected *core.LiteralType, pyType pyeval.Value, dict *pyeval.Dict, at ast.Expr) (*core.BindingData, error) {
	if dict.Open {
		return nil, unknownError("not all entries of a dict are known")
	}
	defer func(within string) { b.within = within }(b.within)
	b.within = "constant-dict"
	entries := &core.BindingDataMap{Bindings: map[string]*core.BindingData{}}
	var failed error
	for i, item := range dict.Items {
		keyAt, valueAt := entryAt(at, i, len(dict.Items))
		key, err := b.key(item.Key, keyAt)
		failed = worse(failed, err)
		data, err := b.data(expected.GetMapValueType(), argument(pyType, 1), item.Value, valueAt)
		failed = worse(failed, err)
		entries.Bindings[key] = data
	}
	if failed != nil {
		return nil, failed
	}
	return &core.BindingData{Value: &core.BindingData_Map{Map: entries}}, nil
}

// argument is one of the type arguments of List[X] and Dict[K, V], also in an
// Annotated.
func argument(pyType pyeval.Value, i int) pyeval.Value {
	alias, ok := pyType.(*pyeval.Alias)
	if !ok {
		return &pyeval.Unknown{Reason: "the source doesn't tell the type of what a container has"}
	}
	if origin, ok := alias.Origin.(*pyeval.Native); ok && origin.Name == "typing.Annotated" && len(alias.Args) > 0 {
		return argument(alias.Args[0], i)
	}
	if i >= len(alias.Args) {
		return &pyeval.Unknown{Reason: "the source doesn't tell the type of what a container has"}
	}
	return alias.Args[i]
}
