package model

import (
	"strings"

	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/core"

	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyte-lsp/flyte-lsp/parser/ast"
	"github.com/flyte-lsp/flyte-lsp/typeengine"
)

// OfGo is what a Go file defines. It has no pyeval.Module.
func OfGo(file *parser.Module, path string) *Module {
	m := &Module{}
	made := map[string]*Entity{}
	for _, read := range file.Entities {
		e := goEntity(read, path, file.Package)
		if e.Kind == Workflow {
			made[e.Name] = e
		}
		m.Entities = append(m.Entities, e)
	}
	for _, e := range m.Entities {
		if e.Kind == LaunchPlan {
			e.Of = made[e.OfName]
			if e.Of == nil && e.OfName != "" {
				e.OutputsUnknown = "its workflow isn't in the file"
			}
		}
	}
	return m
}

// goEntity is an entity as the parser read it. Go's entities register under
// their package and name.
func goEntity(read *parser.Entity, path, pkg string) *Entity {
	e := &Entity{
		Kind: Kind(read.Kind), Name: read.Name, FullName: pkg + "." + read.Name, Path: path,
		Span: ast.Span(read.Span), NameSpan: ast.Span(read.NameSpan),
		Anchor: read.Anchor, Definition: read.NameSpan.Start, Doc: read.Doc,
		OfName: read.Workflow, Shadowed: read.Shadowed,
	}
	if read.RegisteredName != "" {
		e.FullName = read.RegisteredName
	}
	if read.Generic {
		e.Opaque = "a function with type parameters can't be an entity"
	}
	for i := range read.Inputs {
		e.Inputs = append(e.Inputs, goVariable(&read.Inputs[i]))
	}
	for i := range read.Outputs {
		e.Outputs = append(e.Outputs, goVariable(&read.Outputs[i]))
	}
	return e
}

func goVariable(read *parser.Variable) *Variable {
	v := &Variable{
		Name: read.Name, NameSpan: ast.Span(read.NameSpan), Type: read.Type, TypeSpan: ast.Span(read.TypeSpan),
		Default: read.Default, DefaultSpan: ast.Span(read.DefaultSpan), Required: read.Required,
		PyType: &goType{read.Type},
	}
	if read.HasDefault {
		v.DefaultValue = &goValue{read.Default}
	}
	return v
}

// goType is a type as Go writes it. It stands where a Python type does.
type goType struct{ text string }

// Describe is the type's text.
func (t *goType) Describe() string { return t.text }

// goValue is a value as a directive writes it.
type goValue struct{ text string }

// Describe is the value's text.
func (v *goValue) Describe() string { return v.text }

var goSimple = map[string]core.SimpleType{
	"int": core.SimpleType_INTEGER, "int64": core.SimpleType_INTEGER, "float64": core.SimpleType_FLOAT,
	"string": core.SimpleType_STRING, "bool": core.SimpleType_BOOLEAN,
	"time.Time": core.SimpleType_DATETIME, "time.Duration": core.SimpleType_DURATION,
}

// literalType is the Flyte type that a type has in a Go workflow file. A
// struct's isn't told: its fields may stand in another file.
func (t *goType) literalType() (*core.LiteralType, error) {
	if simple, ok := goSimple[t.text]; ok {
		return &core.LiteralType{Type: &core.LiteralType_Simple{Simple: simple}}, nil
	}
	for prefix, wrap := range goContainers {
		if elem, ok := strings.CutPrefix(t.text, prefix); ok {
			inner, err := (&goType{elem}).literalType()
			if err != nil {
				return nil, err
			}
			return wrap(inner), nil
		}
	}
	return nil, &typeengine.UnknownError{Reason: "the fields of " + t.text + " aren't read"}
}

var goContainers = map[string]func(*core.LiteralType) *core.LiteralType{
	"[]": func(elem *core.LiteralType) *core.LiteralType {
		return &core.LiteralType{Type: &core.LiteralType_CollectionType{CollectionType: elem}}
	},
	"map[string]": func(elem *core.LiteralType) *core.LiteralType {
		return &core.LiteralType{Type: &core.LiteralType_MapValueType{MapValueType: elem}}
	},
	"*": func(elem *core.LiteralType) *core.LiteralType {
		none := &core.LiteralType{Type: &core.LiteralType_Simple{Simple: core.SimpleType_NONE}}
		return &core.LiteralType{Type: &core.LiteralType_UnionType{UnionType: &core.UnionType{
			Variants: []*core.LiteralType{elem, none},
		}}}
	},
}
