package model

import (
	"slices"

	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyte-lsp/flyte-lsp/parser/ast"
	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

// DataField is a field of a dataclass, as a value of the class is written.
type DataField struct {
	// Variable has the field's type, default and documentation. Required: it has no
	// default. Its spans stand in the module of Class.
	*Variable
	// Class is the one that declares the field.
	Class *pyeval.Class
}

// Dataclass are the fields of a dataclass that a value of it may be written with,
// those of its bases among them; ok is false of what is no dataclass. exact tells
// that objects of it are read from JSON as dataclasses_json and mashumaro read
// those of a class that says nothing of it: by these names, converted by these
// types and by nothing else.
func (m *Module) Dataclass(class *pyeval.Class) (fields []DataField, exact, ok bool) {
	if m.Module == nil || class.Def == nil {
		return nil, false, false
	}
	f := m.program.Frame(m.Module)
	if !f.IsDataclass(class) {
		return nil, false, false
	}
	exact = readPlainly(f, class)
	texts := parser.Docstring(class.Def.Doc)
	for _, field := range f.Fields(class) {
		if field.InitVar || field.Expr == nil || field.Class == nil {
			exact = false
			continue
		}
		if !field.Init {
			continue
		}
		if field.Options != nil && (field.Options.Open || says(field.Options, "metadata")) {
			exact = false
		}
		text := field.Class.Module.Text
		v := &Variable{
			Name: field.Name, Type: text.Slice(field.Expr.Span()), TypeSpan: field.Expr.Span(), Doc: texts[field.Name],
			PyType: f.Resolve(f.FieldType(field.Annotation)), annotation: field.Expr, in: field.In,
			DefaultValue: field.Default, Required: field.Default == nil && field.Factory == nil,
		}
		if field.DefaultExpr != nil {
			v.DefaultSpan = field.DefaultExpr.Span()
			v.Default = text.Slice(v.DefaultSpan)
		}
		v.NameSpan = fieldName(field.Class, field.Expr)
		fields = append(fields, DataField{Variable: v, Class: field.Class})
	}
	return fields, exact, true
}

// fieldName is where the name of an annotated field stands.
func fieldName(class *pyeval.Class, annotation ast.Expr) ast.Span {
	for _, stmt := range class.Def.Body {
		if s, ok := stmt.(*ast.AnnAssign); ok && s.Annotation == annotation {
			return s.Target.Span()
		}
	}
	return annotation.Span()
}

// plainReaders are decorators and bases that change nothing of how the objects of
// a dataclass are read.
var plainReaders = []string{
	"dataclasses.dataclass", "dataclasses_json.api.dataclass_json", "dataclasses_json.dataclass_json",
	"builtins.object", "abc.ABC", "typing.Generic",
	"dataclasses_json.api.DataClassJsonMixin", "dataclasses_json.DataClassJsonMixin",
	"mashumaro.mixins.json.DataClassJSONMixin", "mashumaro.mixins.dict.DataClassDictMixin", "mashumaro.DataClassDictMixin",
}

// readingHooks are names by which a class has a say in it.
var readingHooks = []string{
	"Config", "dataclass_json_config", "from_json", "from_dict", "schema", "__init__", "__new__", "__post_init__",
	"__pre_deserialize__", "__post_deserialize__", "_deserialize",
}

// readPlainly tells whether nothing in a dataclass and its bases has a say in how
// its objects are read.
func readPlainly(f *pyeval.Frame, class *pyeval.Class) bool {
	plain := func(value pyeval.Value) bool {
		if instance, ok := value.(*pyeval.Instance); ok {
			value = instance.Class // dataclass(frozen=True)
			if !isNative(value, "dataclasses.dataclass") {
				return false
			}
		}
		native, ok := value.(*pyeval.Native)
		return ok && slices.Contains(plainReaders, native.Name)
	}
	for _, base := range class.MRO() {
		own, ok := base.(*pyeval.Class)
		if !ok {
			if !plain(base) {
				return false
			}
			continue
		}
		for _, hook := range readingHooks {
			if _, has := own.Scope.Get(hook); has {
				return false
			}
		}
		if len(own.Keywords) > 0 {
			return false
		}
		for _, decorator := range own.Decorators {
			if !plain(f.Resolve(decorator)) {
				return false
			}
		}
	}
	return true
}
