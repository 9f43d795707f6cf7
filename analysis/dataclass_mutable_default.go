package analysis

import (
	"fmt"

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
		if p.module.Module == nil {
			return
		}
		for _, statement := range p.file.AST.Body {
			def, ok := statement.(*ast.ClassDef)
			if !ok || def.Name == nil {
				continue
			}
			binding, _ := p.module.Scope.Get(def.Name.ID)
			class, ok := binding.Value.(*pyeval.Class)
			if !ok || class.Def != def || !isDataclass(class) {
				continue
			}
			for _, annotation := range class.Annotations {
				kind := mutableKind(annotation.Default)
				if kind == "" || annotation.DefaultExpr == nil || isClassVar(annotation.Expr) || !p.stands(annotation.DefaultExpr) {
					continue
				}
				d := p.report(annotation.DefaultExpr.Span(), fmt.Sprintf("the default of %s would be shared by all objects: Python takes no %s here", annotation.Name, kind)).unless(!binding.Maybe)
				factory := kind
				if text := p.text(annotation.DefaultExpr.Span()); text != "[]" && text != "{}" && text != kind+"()" {
					factory = "lambda: " + text
				}
				p.replace(d, annotation.DefaultExpr, "Make it a default_factory", "field(default_factory="+factory+")", true, p.addImportFrom("dataclasses", "field")...)
			}
		}
	},
})

func isDataclass(class *pyeval.Class) bool {
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
