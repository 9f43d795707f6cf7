package model

import (
	"fmt"

	"github.com/flyte-lsp/flyte-lsp/parser/ast"
	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

// unbindable looks for what can't be bound to an input or an output: several
// outputs at once, what has none, nodes, and promises in what flytekit makes one
// constant of (core/promise.py:binding_data_from_python_std).
type unbindable struct {
	f *pyeval.Frame
	// name is the input or output, and at where its value stands.
	name string
	at   ast.Span
	tell func(Remark)
	left int // bounds the values that are looked at
}

// maxLookedAt bounds the parts of one value that are looked at.
const maxLookedAt = 1_000

// place is where a part of the value stands.
func (u *unbindable) place(written ast.Expr) ast.Span {
	if written == nil {
		return u.at
	}
	return written.Span()
}

// instead is how one writes an attribute of what is written.
func (u *unbindable) instead(written ast.Expr, attribute string) string {
	switch written.(type) {
	case *ast.Name, *ast.Call, *ast.Attribute, *ast.Subscript:
		return sourceText(u.f.Module(), written) + "." + attribute
	}
	return ""
}

func (u *unbindable) value(value, pyType pyeval.Value, written ast.Expr) {
	if u.left--; u.left < 0 {
		return
	}
	switch v := value.(type) {
	case *Outputs:
		u.outputs(v, pyType, written)
	case *Void:
		if v.Node.certain() && v.Node.withoutOutputs() == "" {
			u.tell(Remark{
				Code: "void-used", Span: u.place(written), Related: (&Promise{Node: v.Node}).origin(),
				Message: v.Node.describe() + " has no output that could be passed on",
			})
		}
	case *nodeHandle:
		if v.node.certain() && !pickled(pyType) {
			remark := Remark{Code: "node-passed", Span: u.place(written), Related: v.origin()}
			remark.Message = fmt.Sprintf("%s takes a value, and this is %s: pass its output", u.name, v.Describe())
			if len(v.outputs) == 1 {
				remark.Instead = u.instead(written, v.outputs[0].Var)
			}
			u.tell(remark)
		}
	case *coroutine:
		v.rejected(u.f, u.tell)
	case *pyeval.List:
		if isDict(pyType) {
			return
		}
		elements := elementsOf(written, len(v.Elems))
		for i, element := range v.Elems {
			u.value(element, argument(pyType, 0), elements(i))
		}
	case *pyeval.Dict:
		u.dict(v, pyType, written)
	case *pyeval.Instance:
		u.instance(v, written)
	}
}

func (u *unbindable) outputs(o *Outputs, pyType pyeval.Value, written ast.Expr) {
	node := o.Promises[0].Node
	if !node.certain() {
		return
	}
	remark := Remark{Code: "output-tuple-passed", Span: u.place(written), Related: o.Promises[0].origin()}
	remark.Message = fmt.Sprintf("%s takes one value, and this is a tuple: the outputs of %s must be unpacked", u.name, node.describe())
	var fits []*Promise
	for _, promise := range o.Promises {
		if promise.Type != nil && pyType != nil && pyeval.Same(promise.Type, pyType) {
			fits = append(fits, promise)
		}
	}
	if len(o.Promises) == 1 {
		fits = o.Promises
	}
	if len(fits) == 1 {
		remark.Instead = u.instead(written, fits[0].Var)
	}
	u.tell(remark)
}

func (u *unbindable) dict(d *pyeval.Dict, pyType pyeval.Value, written ast.Expr) {
	if !isDict(pyType) {
		if alias, ok := pyType.(*pyeval.Alias); !ok || !isDict(alias.Origin) {
			return
		}
	}
	for i, item := range d.Items {
		key, value := entryAt(written, i, len(d.Items))
		if promise, ok := item.Key.(*Promise); ok {
			u.within(promise, "a key of a dict", key)
		}
		switch {
		case !isDict(pyType):
			u.value(item.Value, argument(pyType, 1), value)
		default:
			for promise := range Promises(item.Value) {
				u.within(promise, "a dict without types, give it some as in Dict[str, int]", value)
			}
		}
	}
}

// instance tells of promises in an object of a dataclass or a pydantic model.
func (u *unbindable) instance(i *pyeval.Instance, written ast.Expr) {
	class, ok := i.Class.(*pyeval.Class)
	if !ok || !holdsFields(class) {
		return
	}
	call, own := written.(*ast.Call)
	own = own && call == i.Call
	for n, value := range i.Args {
		if promise, ok := value.(*Promise); ok {
			at := written
			if own && n < len(call.Args) {
				at = call.Args[n]
			}
			u.within(promise, "an object of "+class.Name, at)
		}
	}
	for _, argument := range i.Keywords {
		if promise, ok := argument.Value.(*Promise); ok {
			at := written
			if own {
				at = argument.Expr
			}
			u.within(promise, "an object of "+class.Name, at)
		}
	}
}

// holdsFields tells whether objects of the class are serialized with what they
// are made with: a dataclass or a pydantic model.
func holdsFields(class *pyeval.Class) bool {
	for _, decorator := range class.Decorators {
		switch d := decorator.(type) {
		case *pyeval.Native:
			if d.Name == "dataclasses.dataclass" {
				return true
			}
		case *pyeval.Partial:
			if native, ok := d.Func.(*pyeval.Native); ok && native.Name == "dataclasses.dataclass" {
				return true
			}
		}
	}
	for _, base := range class.MRO() {
		if native, ok := base.(*pyeval.Native); ok && native.Name == "pydantic.BaseModel" {
			return true
		}
	}
	return false
}

func (u *unbindable) within(p *Promise, what string, written ast.Expr) {
	if !p.certain(u.f) {
		return
	}
	u.tell(Remark{
		Code: "promise-in-container", Span: u.place(written), Related: p.comesFrom(u.f),
		Message: fmt.Sprintf("%s can't be a part of %s: flytekit makes a constant of that when the workflow is compiled; make it in a task", p.Describe(), what),
	})
}

// isDict tells whether a type is dict without the types of keys and values.
func isDict(t pyeval.Value) bool {
	native, ok := t.(*pyeval.Native)
	return ok && native.Name == "builtins.dict"
}

// pickled tells whether a value of any kind may be passed as a type.
func pickled(t pyeval.Value) bool {
	switch t := t.(type) {
	case *pyeval.Native:
		switch t.Name {
		case "builtins.int", "builtins.float", "builtins.str", "builtins.bool", "builtins.dict", "datetime.datetime", "datetime.timedelta", "datetime.date":
			return false
		}
		return true
	case *pyeval.Alias:
		return len(t.Args) == 0 || pickled(t.Args[len(t.Args)-1])
	case *pyeval.Class:
		return !holdsFields(t)
	}
	return true
}
