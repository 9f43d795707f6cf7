package analysis

import (
	"fmt"
	"slices"
	"strings"

	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyte-lsp/flyte-lsp/parser/ast"
	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

// makeConditional mends an if statement on a promise whose two branches only
// call a task or workflow each, for the same name or to return it: it becomes a
// conditional, which means the same.
func (p *pass) makeConditional(d *Diagnostic, remark model.Remark) {
	_, around := p.innermost(remark.Span)
	entity, body := p.bodyAround(remark.Span)
	if entity == nil || entity.Kind != model.Workflow || len(around) == 0 || !remark.Certain {
		return
	}
	statement, ok := around[len(around)-1].(*ast.If)
	negated := false
	if !ok && len(around) > 1 {
		if not, is := around[len(around)-1].(*ast.UnaryOp); is && not.Op == "not" {
			statement, ok = around[len(around)-2].(*ast.If)
			negated = ok && statement.Test == ast.Expr(not)
			ok = negated
		}
	}
	if !ok || strings.HasPrefix(p.Text(statement.Span()), "elif") {
		return
	}
	condition := p.condition(body, remark.Span, negated)
	then, target := branchOf(statement.Body)
	otherwise, other := branchOf(statement.Else)
	if condition == "" || then == nil || otherwise == nil || target != other || !p.alike(body, then, otherwise) {
		return
	}
	indent, first := p.Indent(statement.Start)
	if !first {
		return
	}
	name := target
	if name == "" {
		name = entity.Name
	}
	before := "return ("
	if target != "" {
		before = target + " = ("
	}
	lines := []string{
		before, fmt.Sprintf("    conditional(%q)", name), "    .if_(" + condition + ")", "    .then(" + p.Text(then.Span()) + ")",
		"    .else_()", "    .then(" + p.Text(otherwise.Span()) + ")", ")",
	}
	edits := append(p.AddImport("conditional"), p.Edit(statement.Span(), strings.Join(lines, "\n"+indent)))
	d.Fixes = append(d.Fixes, Fix{Title: "Make it a conditional", Edits: edits})
}

// condition is what if_() takes for the test at a span; "" where that isn't a
// single comparison, nor a promise of a bool.
func (p *pass) condition(body *model.Body, at parser.Span, negated bool) string {
	for expr, value := range body.Operands {
		if expr.Span() != at {
			continue
		}
		switch v := value.(type) {
		case *model.Condition:
			if compare, ok := expr.(*ast.Compare); ok && len(compare.Ops) == 1 && !negated {
				return p.Text(at)
			}
		case *model.Promise:
			native, ok := v.Type.(*pyeval.Native)
			switch {
			case !ok || native.Name != "builtins.bool" || len(v.Path) > 0:
			case negated:
				return p.Text(at) + ".is_false()"
			default:
				return p.Text(at) + ".is_true()"
			}
		}
	}
	return ""
}

// branchOf is the call that a branch consists of, and the name that it is
// assigned to: "" where it is returned.
func branchOf(statements []ast.Stmt) (call *ast.Call, target string) {
	if len(statements) != 1 {
		return nil, ""
	}
	switch s := statements[0].(type) {
	case *ast.Assign:
		if len(s.Targets) == 1 {
			if name, ok := s.Targets[0].(*ast.Name); ok {
				call, _ = s.Value.(*ast.Call)
				target = name.ID
			}
		}
	case *ast.Return:
		call, _ = s.Value.(*ast.Call)
	}
	return call, target
}

// alike tells whether two calls make one node each, whose outputs have the same
// names and types.
func (p *pass) alike(body *model.Body, calls ...*ast.Call) bool {
	var first *model.Entity
	for _, call := range calls {
		inner := false
		for _, argument := range call.Args {
			inner = inner || hasCall(argument)
		}
		for _, keyword := range call.Keywords {
			inner = inner || hasCall(keyword.Value)
		}
		var entity *model.Entity
		for node := range body.All() {
			if node.Call == call && p.here(node.Module) {
				entity = node.Entity
			}
		}
		if inner || entity == nil || entity.Opaque != "" || entity.OutputsUnknown != "" || len(entity.Outputs) == 0 {
			return false
		}
		if first == nil {
			first = entity
		} else if !slices.EqualFunc(first.Outputs, entity.Outputs, func(a, b *model.Variable) bool {
			return a.Name == b.Name && a.PyType != nil && b.PyType != nil && pyeval.Same(a.PyType, b.PyType)
		}) {
			return false
		}
	}
	return true
}

// hasCall tells whether a call stands in an expression.
func hasCall(expr ast.Expr) bool {
	found := false
	ast.InspectNode(expr, func(n ast.Node) bool {
		_, call := n.(*ast.Call)
		found = found || call
		return !found
	})
	return found
}
