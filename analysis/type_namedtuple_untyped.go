package analysis

import (
	"fmt"
	"slices"
	"strings"

	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/parser/ast"
	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

var _ = register(&Rule{
	Code:     "type-namedtuple-untyped",
	Summary:  "A namedtuple without types stands for no outputs.",
	Details:  "flytekit takes the fields of a typing.NamedTuple for outputs. A collections.namedtuple has no types: the entity has no outputs at all, and using one is an error.",
	Severity: Warning,
	Stage:    NeverFails,
	Source:   "interface.py:extract_return_annotation",
	Bad: `from collections import namedtuple

from flytekit import task

Sums = namedtuple("Sums", ["count", "total"])


@task
def add(a: int, b: int) -> «Sums»:
    return Sums(2, a)
`,
	Fixed: `from collections import namedtuple
from typing import NamedTuple

from flytekit import task

Sums = NamedTuple("Sums", [("count", int), ("total", int)])


@task
def add(a: int, b: int) -> Sums:
    return Sums(2, a)
`,
	check: func(p *pass) {
		p.eachFunction(func(entity *model.Entity, _ bool) {
			if entity.Returns == nil || entity.Returns.TypeSpan.Start >= entity.Returns.TypeSpan.End {
				return
			}
			if tuple, ok := entity.Returns.PyType.(*pyeval.NamedTuple); ok && returnsUntypedTuple(entity) {
				d := p.report(entity.Returns.TypeSpan, tuple.Name+" has no types: "+entity.Describe()+" has no outputs; make it a typing.NamedTuple")
				p.typeTuple(d, entity, tuple)
			}
		})
	},
})

// returnsUntypedTuple tells whether the function of an entity is said to return
// a collections.namedtuple.
func returnsUntypedTuple(entity *model.Entity) bool {
	if entity.Returns == nil {
		return false
	}
	tuple, ok := entity.Returns.PyType.(*pyeval.NamedTuple)
	return ok && len(tuple.Fields) > 0 && !slices.ContainsFunc(tuple.Types, func(t pyeval.Value) bool { return t != nil })
}

// typeTuple offers to make a typing.NamedTuple of a namedtuple that a statement
// of the file makes, with the types of what its function returns.
func (p *pass) typeTuple(d *Diagnostic, entity *model.Entity, tuple *pyeval.NamedTuple) {
	if tuple.Module != p.Module.Module || entity.Function.Def == nil {
		return
	}
	made := namedtupleCall(p.File.AST, tuple.Name)
	types := p.returnedTypes(entity, tuple)
	if made == nil || types == nil {
		return
	}
	var fields []string
	for i, field := range tuple.Fields {
		fields = append(fields, fmt.Sprintf("(%q, %s)", field.Name, types[i]))
	}
	text := fmt.Sprintf("NamedTuple(%q, [%s])", tuple.Name, strings.Join(fields, ", "))
	d.Fixes = append(d.Fixes, Fix{
		Title: "Make it a typing.NamedTuple",
		Edits: append([]Edit{p.Edit(made.Span(), text)}, p.AddImportFrom("typing", "NamedTuple")...),
	})
}

// namedtupleCall is the call of a statement `name = namedtuple("name", fields)`.
func namedtupleCall(module *ast.Module, name string) *ast.Call {
	for _, statement := range module.Body {
		assign, ok := statement.(*ast.Assign)
		if !ok || len(assign.Targets) != 1 {
			continue
		}
		target, ok := assign.Targets[0].(*ast.Name)
		call, is := assign.Value.(*ast.Call)
		if ok && is && target.ID == name && len(call.Args) == 2 && len(call.Keywords) == 0 {
			return call
		}
	}
	return nil
}

// returnedTypes are the types of what a function hands to a namedtuple that it
// returns, nil where they aren't plain: constants, and inputs with a type.
func (p *pass) returnedTypes(entity *model.Entity, tuple *pyeval.NamedTuple) []string {
	returns := ownFlow(entity.Function.Def).returns
	if len(returns) != 1 {
		return nil
	}
	call, ok := returns[0].Value.(*ast.Call)
	if !ok || len(call.Args)+len(call.Keywords) != len(tuple.Fields) {
		return nil
	}
	if callee, ok := call.Func.(*ast.Name); !ok || callee.ID != tuple.Name {
		return nil
	}
	types := make([]string, len(tuple.Fields))
	for i, field := range tuple.Fields {
		var given ast.Expr
		if i < len(call.Args) {
			given = call.Args[i]
		}
		for _, keyword := range call.Keywords {
			if keyword.Arg == field.Name {
				given = keyword.Value
			}
		}
		if types[i] = plainType(entity, given); types[i] == "" {
			return nil
		}
	}
	return types
}

// plainType is the type of a constant or of an input as an expression.
func plainType(entity *model.Entity, expr ast.Expr) string {
	switch e := expr.(type) {
	case *ast.Name:
		if input := entity.Input(e.ID); input != nil {
			return input.Type
		}
	case *ast.Constant:
		switch e.Kind {
		case ast.IntConst:
			return "int"
		case ast.FloatConst:
			return "float"
		case ast.StringConst:
			return "str"
		case ast.TrueConst, ast.FalseConst:
			return "bool"
		}
	}
	return ""
}
