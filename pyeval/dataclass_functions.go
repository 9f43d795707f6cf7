package pyeval

import "github.com/flyte-lsp/flyte-lsp/parser/ast"

func init() {
	for name, call := range map[string]func(*Frame, *Call) Value{
		"fields": fieldObjects, "asdict": asDict, "astuple": asTupleCall,
		"is_dataclass": func(f *Frame, c *Call) Value {
			switch v := c.Value(0, "obj", nil).(type) {
			case *Class:
				return Bool(f.IsDataclass(v))
			case *Instance:
				if class, ok := v.Class.(*Class); ok {
					return Bool(f.IsDataclass(class))
				}
			}
			return nil
		},
	} {
		pythonNatives["dataclasses."+name] = Behaviour{Call: call}
	}
}

// storedFields are the fields that objects of a dataclass have; ok is false if
// it is none.
func (f *Frame) storedFields(class Value) (fields []Field, ok bool) {
	c, ok := class.(*Class)
	if !ok || !f.IsDataclass(c) {
		return nil, false
	}
	for _, field := range f.Fields(c) {
		if !field.InitVar {
			fields = append(fields, field)
		}
	}
	return fields, true
}

// fieldObjects is dataclasses.fields.
func fieldObjects(f *Frame, c *Call) Value {
	of := c.Value(0, "class_or_instance", nil)
	if i, ok := of.(*Instance); ok {
		of = i.Class
	}
	fields, ok := f.storedFields(of)
	if !ok {
		return nil
	}
	all := &Tuple{}
	for _, field := range fields {
		object := &Instance{Class: &Native{Name: "dataclasses.Field"}, owned: f.own(), Attrs: map[string]Value{
			"name": Str(field.Name), "init": Bool(field.Init), "kw_only": Bool(field.KeywordOnly),
			"default": missingOr(field.Default), "default_factory": missingOr(field.Factory),
		}}
		if _, quoted := field.Expr.(*ast.Constant); !quoted && !field.Class.Module.FutureAnnotations {
			object.Attrs["type"] = f.FieldType(field.Annotation)
		}
		all.Elems = append(all.Elems, object)
	}
	return all
}

func missingOr(v Value) Value {
	if v == nil {
		return &Native{Name: "dataclasses.MISSING"}
	}
	return v
}

// asDict is dataclasses.asdict, asTupleCall dataclasses.astuple.
func asDict(f *Frame, c *Call) Value { return f.taken(c, f.fieldDict) }

func asTupleCall(f *Frame, c *Call) Value {
	return f.taken(c, func(names, values []Value) Value { return &Tuple{Elems: values} })
}

func (f *Frame) fieldDict(names, values []Value) Value {
	dict := &Dict{owned: f.own()}
	for i, name := range names {
		f.setItem(dict, name, values[i])
	}
	return dict
}

// taken is what asdict and astuple make of an object of a dataclass and of those
// in its containers; nil of what they are given a factory for.
func (f *Frame) taken(c *Call, whole func(names, values []Value) Value) Value {
	object, ok := c.Value(0, "obj", nil).(*Instance)
	if !ok || len(c.Args)+len(c.Keywords) > 1 {
		return nil
	}
	if _, ok := f.storedFields(object.Class); !ok {
		return nil
	}
	return f.takenPart(object, whole)
}

func (f *Frame) takenPart(v Value, whole func(names, values []Value) Value) Value {
	if !f.descend() {
		return gaveUp(nil)
	}
	defer f.ascend()
	all := func(values []Value) []Value {
		parts := make([]Value, len(values))
		for i, value := range values {
			parts[i] = f.takenPart(value, whole)
		}
		return parts
	}
	switch v := v.(type) {
	case *Instance:
		fields, ok := f.storedFields(v.Class)
		if !ok {
			break
		}
		var names, values []Value
		for _, field := range fields {
			names, values = append(names, Str(field.Name)), append(values, f.Attr(v, field.Name))
		}
		return whole(names, all(values))
	case *List:
		elems, known := f.Iterate(v)
		return &List{Elems: all(elems), Open: !known, owned: f.own()}
	case *Tuple:
		return &Tuple{Elems: all(v.Elems)}
	case *Dict:
		dict := &Dict{Factory: v.Factory, owned: f.own()}
		f.updateDict(dict, v)
		for i := range dict.Items {
			dict.Items[i].Value = f.takenPart(dict.Items[i].Value, whole)
		}
		return dict
	}
	if copied := f.copied(v, true); copied != nil {
		return copied
	}
	if _, ok := Timedelta(v); ok {
		return v
	}
	if _, ok := MomentOf(v); ok {
		return v
	}
	return &Unknown{Reason: "the copy of " + v.Describe() + " isn't known"}
}
