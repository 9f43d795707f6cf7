package pyeval

import (
	"strings"

	"github.com/flyte-lsp/flyte-lsp/parser/ast"
)

// fieldsOf are the fields that a list of names, or of pairs or triples of
// names, types and defaults declares.
func (f *Frame) fieldsOf(list Value, c *Call, position int) ([]Annotation, bool) {
	if text, ok := list.(Str); ok {
		list = f.texts(strings.Fields(strings.ReplaceAll(string(text), ",", " ")))
	}
	if dict, ok := list.(*Dict); ok {
		list = f.dictView(dict, func(item Item) Value { return &Tuple{Elems: []Value{item.Key, item.Value}} })
	}
	if list == nil {
		return nil, false
	}
	entries, known := f.Iterate(list)
	if !known {
		return nil, false
	}
	fields := make([]Annotation, 0, len(entries))
	for i, entry := range entries {
		field := Annotation{In: f.scope, Expr: typeExpr(c, position, i)}
		parts := []Value{entry}
		if tuple, ok := entry.(*Tuple); ok {
			parts = tuple.Elems
		}
		if len(parts) == 0 {
			return nil, false
		}
		name, ok := parts[0].(Str)
		if !ok {
			return nil, false
		}
		field.Name = string(name)
		if len(parts) > 1 {
			field.Type = typeArgs(parts[1:2])[0]
		}
		if len(parts) > 2 {
			field.Default = parts[2]
		}
		fields = append(fields, field)
	}
	return fields, true
}

// typeExpr is the expression of the type of the i-th field that an argument
// declares; nil if it isn't written out.
func typeExpr(c *Call, position, i int) ast.Expr {
	if position >= len(c.Args) {
		return nil
	}
	switch list := c.Args[position].Expr.(type) {
	case *ast.Dict:
		if i < len(list.Values) {
			return list.Values[i]
		}
	case *ast.List:
		if i < len(list.Elts) {
			if pair, ok := list.Elts[i].(*ast.Tuple); ok && len(pair.Elts) > 1 {
				return pair.Elts[1]
			}
		}
	}
	return nil
}

// madeClass is a class that a call makes.
func (f *Frame) madeClass(name string, base Value, fields []Annotation) *Class {
	class := &Class{Name: name, Qualname: name, Module: f.module, Bases: []Value{base}, Annotations: fields, owned: f.own()}
	class.Scope = &Scope{Module: f.module, Parent: f.scope, kind: classScope, by: f.ev, qualname: name, class: class}
	class.linearize()
	return class
}

// dataclassOf is dataclasses.make_dataclass.
func dataclassOf(f *Frame, c *Call) Value {
	name, ok := c.Value(0, "cls_name", nil).(Str)
	fields, known := f.fieldsOf(c.Value(1, "fields", nil), c, 1)
	if _, bases := c.Arg(2, "bases"); !ok || !known || bases || c.Open {
		return nil
	}
	class := f.madeClass(string(name), &Native{Name: "builtins.object"}, fields)
	class.Decorators = []Value{&Native{Name: "dataclasses.dataclass"}}
	return class
}

func newTypedDict(f *Frame, c *Call) Value {
	name, ok := c.Value(0, "typename", nil).(Str)
	fields, known := f.fieldsOf(c.Value(1, "fields", nil), c, 1)
	if !ok || !known || c.Open {
		return nil
	}
	class := f.madeClass(string(name), c.Func, fields)
	for _, keyword := range c.Keywords {
		class.Keywords = map[string]Value{keyword.Name: keyword.Value}
	}
	return class
}

func newTypedTuple(f *Frame, c *Call) Value {
	name, ok := c.Value(0, "typename", nil).(Str)
	if !ok || c.Open {
		return nil
	}
	tuple := &NamedTuple{Name: string(name), Module: f.module}
	if fields := c.Value(1, "fields", nil); fields != nil {
		if tuple.Fields, ok = f.fieldsOf(fields, c, 1); !ok {
			return nil
		}
	} else {
		for _, keyword := range c.Keywords {
			tuple.Fields = append(tuple.Fields, Annotation{Name: keyword.Name, Expr: keyword.Expr, In: f.scope, Type: typeArgs([]Value{keyword.Value})[0]})
		}
	}
	for _, field := range tuple.Fields {
		tuple.Types = append(tuple.Types, field.Type)
	}
	return tuple
}

func newPlainTuple(f *Frame, c *Call) Value {
	name, ok := c.Value(0, "typename", nil).(Str)
	fields, known := f.fieldsOf(c.Value(1, "field_names", nil), c, 1)
	if !ok || !known || c.Open {
		return nil
	}
	if defaults := c.Value(-1, "defaults", None{}); defaults != Value(None{}) {
		values, known := f.Iterate(defaults)
		if !known || len(values) > len(fields) {
			return nil
		}
		for i, value := range values {
			fields[len(fields)-len(values)+i].Default = value
		}
	}
	return &NamedTuple{Name: string(name), Fields: fields, Types: make([]Value, len(fields)), Module: f.module}
}

func newTypeVar(f *Frame, c *Call) Value {
	name, ok := c.Value(0, "name", nil).(Str)
	if !ok {
		return nil
	}
	v := &TypeVar{Name: string(name), Bound: c.Value(-1, "bound", nil), Kind: strings.TrimPrefix(c.Func.(*Native).Name, "typing.")}
	if _, none := v.Bound.(None); none {
		v.Bound = nil
	}
	for _, arg := range c.Args[1:] {
		v.Constraints = append(v.Constraints, arg.Value)
	}
	return v
}

func newNewType(f *Frame, c *Call) Value {
	name, ok := c.Value(0, "name", nil).(Str)
	of := c.Value(1, "tp", nil)
	if !ok || of == nil {
		return nil
	}
	return &NewType{Name: string(name), Of: typeArgs([]Value{of})[0], Module: f.module}
}
