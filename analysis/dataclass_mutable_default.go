package analysis

import (
	"fmt"
	"strings"

	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyte-lsp/flyte-lsp/parser/ast"
	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

var _ = register(&Rule{
	Code:     "dataclass-mutable-default",
	Summary:  "A field of a dataclass has a list, a dict or a set as its default.",
	Details:  "Python raises \"mutable default <class 'list'> for field ... is not allowed: use default_factory\" when the module is imported.",
	Severity: Error,
	Stage:    AtImport,
	Source:   "Python's dataclasses",
	Bad: `from dataclasses import dataclass
from typing import List


@dataclass
class Settings:
    layers: List[int] = «[]»
`,
	Fixed: `from dataclasses import dataclass, field
from typing import List


@dataclass
class Settings:
    layers: List[int] = field(default_factory=list)
`,
	check: func(p *pass) {
		if p.Module.Module == nil {
			return
		}
		for _, statement := range p.File.AST.Body {
			def, ok := statement.(*ast.ClassDef)
			if !ok || def.Name == nil {
				continue
			}
			binding, _ := p.Module.Scope.Get(def.Name.ID)
			class, ok := binding.Value.(*pyeval.Class)
			if !ok || class.Def != def || !isDataclass(class) {
				continue
			}
			for _, annotation := range class.Annotations {
				value, expr, inField := givenDefault(annotation)
				kind := mutableKind(value)
				if kind == "" || expr == nil || isClassVar(annotation.Expr) || !p.Stands(expr) {
					continue
				}
				span := expr.Span()
				d := p.report(span, fmt.Sprintf("the default of %s would be shared by all objects: Python takes no %s here", annotation.Name, kind)).unless(!binding.Maybe)
				factory := kind
				if text := p.Text(span); text != "[]" && text != "{}" && text != kind+"()" {
					factory = "lambda: " + text
				}
				const title = "Make it a default_factory"
				if keyword := strings.LastIndex(p.Text(parser.Span{Start: annotation.DefaultExpr.Span().Start, End: span.Start}), "default"); inField && keyword >= 0 {
					start := annotation.DefaultExpr.Span().Start + keyword
					d.Fixes = append(d.Fixes, Fix{Title: title, Safe: true, Edits: []Edit{p.Edit(parser.Span{Start: start, End: span.End}, "default_factory="+factory)}})
				} else if !inField {
					p.replace(d, expr, title, "field(default_factory="+factory+")", true, p.AddImportFrom("dataclasses", "field")...)
				}
			}
		}
	},
})

// givenDefault is the default of a field, and where it is written: in a call of
// dataclasses.field, maybe.
func givenDefault(a pyeval.Annotation) (value pyeval.Value, expr ast.Expr, inField bool) {
	made, ok := a.Default.(*pyeval.Instance)
	if native, is := instanceClass(made); !ok || !is || native != "dataclasses.field" && native != "dataclasses.Field" {
		return a.Default, a.DefaultExpr, false
	}
	for _, keyword := range made.Keywords {
		if keyword.Name == "default" {
			return keyword.Value, keyword.Expr, true
		}
	}
	return nil, nil, true
}

func instanceClass(made *pyeval.Instance) (name string, ok bool) {
	if made == nil {
		return "", false
	}
	native, ok := made.Class.(*pyeval.Native)
	if !ok {
		return "", false
	}
	return native.Name, true
}

func isDataclass(class *pyeval.Class) bool {
	for _, decorator := range class.Decorators {
		switch d := decorator.(type) {
		case *pyeval.Native:
			if d.Name == "dataclasses.dataclass" {
				return true
			}
		case *pyeval.Instance: // with options
			if name, _ := instanceClass(d); name == "dataclasses.dataclass" {
				return true
			}
		case *pyeval.Partial:
			if native, ok := d.Func.(*pyeval.Native); ok && native.Name == "dataclasses.dataclass" {
				return true
			}
		}
	}
	return false
}

// mutableKind is the type of a value that dataclasses take for no default.
func mutableKind(value pyeval.Value) string {
	switch value.(type) {
	case *pyeval.List:
		return "list"
	case *pyeval.Dict:
		return "dict"
	case *pyeval.Set:
		return "set"
	}
	return ""
}

// isClassVar tells whether an annotation says that the name is no field.
func isClassVar(annotation ast.Expr) bool {
	switch a := annotation.(type) {
	case *ast.Subscript:
		return isClassVar(a.Value)
	case *ast.Attribute:
		return a.Attr == "ClassVar"
	case *ast.Name:
		return a.ID == "ClassVar"
	case *ast.Constant:
		return true // a quoted one may say so
	}
	return false
}
