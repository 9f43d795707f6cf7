package model

import (
	"strings"

	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyte-lsp/flyte-lsp/parser/ast"
	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

// rewriter writes conditions as flytekit wants them, in place of Python's own
// logic. It looks at names only, so that nothing is evaluated that makes nodes.
type rewriter struct {
	f    *pyeval.Frame
	text *parser.Source
}

// condition is an expression as a condition of the same meaning; false where
// that isn't known. single: it needs no parentheses between & and |.
func (r *rewriter) condition(expr ast.Expr) (text string, single, ok bool) {
	switch e := expr.(type) {
	case *ast.BoolOp:
		op := "&"
		if e.Op == "or" {
			op = "|"
		}
		text, ok := r.joined(e, e.Values, e.Op, op)
		return text, false, ok
	case *ast.BinOp:
		if conjunctions[e.Op] == "" {
			return "", false, false
		}
		text, ok := r.joined(e, []ast.Expr{e.Left, e.Right}, e.Op, e.Op)
		return text, false, ok
	case *ast.UnaryOp:
		text, single := r.negated(e.Operand)
		return text, single, text != "" && e.Op != "-" && e.Op != "+"
	case *ast.Compare:
		return r.comparison(e)
	case *ast.Call:
		return r.source(e), true, true
	case *ast.Name:
		switch value := r.f.Eval(e).(type) {
		case *Condition:
			return e.ID, true, true
		case *Promise:
			return e.ID + ".is_true()", true, isBool(value)
		}
	}
	return "", false, false
}

func (r *rewriter) source(expr ast.Expr) string { return r.text.Slice(parser.Span(expr.Span())) }

// joined are the operands of and, or, & and |, each a condition, with the layout
// that they have.
func (r *rewriter) joined(whole ast.Expr, operands []ast.Expr, was, op string) (string, bool) {
	var text strings.Builder
	at := whole.Span().Start
	for i, operand := range operands {
		gap := r.text.Slice(parser.Span{Start: at, End: operand.Span().Start})
		if strings.Contains(gap, "#") {
			return "", false // a comment may hold the operator's word
		}
		at = operand.Span().End
		next := whole.Span().End
		if i < len(operands)-1 {
			next = operands[i+1].Span().Start
		}
		behind := r.text.Slice(parser.Span{Start: at, End: next})
		condition, single, ok := r.condition(operand)
		if !ok {
			return "", false
		}
		inParentheses := strings.HasSuffix(strings.TrimSpace(gap), "(") && strings.HasPrefix(strings.TrimSpace(behind), ")")
		if !single && !inParentheses {
			condition = "(" + condition + ")"
		}
		if i > 0 {
			gap = strings.Replace(gap, was, op, 1)
		}
		text.WriteString(gap + condition)
	}
	text.WriteString(r.text.Slice(parser.Span{Start: at, End: whole.Span().End}))
	return text.String(), true
}

// comparison is a comparison without `is`, `in` and chains.
func (r *rewriter) comparison(e *ast.Compare) (text string, single, ok bool) {
	if len(e.Ops) == 0 || len(e.Ops) != len(e.Comparators) {
		return "", false, false // it is half-typed
	}
	if len(e.Ops) > 1 {
		return r.chain(e)
	}
	right := e.Comparators[0]
	constant, _ := right.(*ast.Constant)
	switch e.Ops[0] {
	case "is", "is not":
		if constant == nil || !r.isBool(e.Left) || constant.Kind != ast.TrueConst && constant.Kind != ast.FalseConst {
			return "", false, false
		}
		if (constant.Kind == ast.TrueConst) == (e.Ops[0] == "is") {
			return r.source(e.Left) + ".is_true()", true, true
		}
		return r.source(e.Left) + ".is_false()", true, true
	case "in", "not in":
		return r.anyOf(e)
	}
	return r.source(e), false, true
}

// chain is `a < b < c` as `(a < b) & (b < c)`, where b may be evaluated twice.
func (r *rewriter) chain(e *ast.Compare) (text string, single, ok bool) {
	left := e.Left
	var parts []string
	for i, op := range e.Ops {
		right := e.Comparators[i]
		if i < len(e.Ops)-1 && !plain(right) || op == "is" || op == "is not" || op == "in" || op == "not in" {
			return "", false, false
		}
		parts = append(parts, "("+r.source(left)+" "+op+" "+r.source(right)+")")
		left = right
	}
	return strings.Join(parts, " & "), false, true
}

// anyOf is `x in [a, b]` as comparisons with each.
func (r *rewriter) anyOf(e *ast.Compare) (text string, single, ok bool) {
	var values []ast.Expr
	switch list := e.Comparators[0].(type) {
	case *ast.List:
		values = list.Elts
	case *ast.Tuple:
		values = list.Elts
	}
	op, join := " == ", " | "
	if e.Ops[0] == "not in" {
		op, join = " != ", " & "
	}
	var parts []string
	for _, value := range values {
		if !plain(value) {
			return "", false, false
		}
		parts = append(parts, "("+r.source(e.Left)+op+r.source(value)+")")
	}
	return strings.Join(parts, join), false, len(parts) > 0 && plain(e.Left)
}

// negated is the opposite of a condition, "" where it isn't known. Numbers that
// may be NaN have no order, and so no opposite one.
func (r *rewriter) negated(expr ast.Expr) (text string, single bool) {
	if r.isBool(expr) {
		return r.source(expr) + ".is_false()", true
	}
	compare, ok := expr.(*ast.Compare)
	if !ok || len(compare.Ops) != 1 || len(compare.Comparators) != 1 {
		return "", false
	}
	opposite := map[string]string{"==": "!=", "!=": "==", "in": "not in", "not in": "in", "is": "is not", "is not": "is"}[compare.Ops[0]]
	if opposite == "" {
		return "", false
	}
	other := *compare
	other.Ops = []string{opposite}
	if opposite == "==" || opposite == "!=" {
		return r.source(other.Left) + " " + opposite + " " + r.source(other.Comparators[0]), false
	}
	text, single, _ = r.comparison(&other)
	return text, single
}

// isBool tells whether an expression is the name of a promise of a bool.
func (r *rewriter) isBool(expr ast.Expr) bool {
	name, ok := expr.(*ast.Name)
	if !ok {
		return false
	}
	promise, ok := r.f.Eval(name).(*Promise)
	return ok && isBool(promise)
}

func isBool(p *Promise) bool {
	native, ok := p.Type.(*pyeval.Native)
	return ok && native.Name == "builtins.bool" && len(p.Path) == 0
}

// plain tells whether an expression may be evaluated twice.
func plain(expr ast.Expr) bool {
	switch e := expr.(type) {
	case *ast.Name, *ast.Constant:
		return true
	case *ast.Attribute:
		return plain(e.Value)
	case *ast.UnaryOp:
		return plain(e.Operand)
	}
	return false
}

// regrouped is `a > 1 & b < 2`, which Python takes for `a > (1 & b) < 2`, with
// parentheses around the comparisons; "" where what is meant isn't plain.
func (r *rewriter) regrouped(e *ast.Compare) string {
	type part struct{ text, op string }
	var parts []part
	open := ""    // the comparison that isn't finished
	compares := 0 // how often it compares
	finish := func(op string) bool {
		if compares == 0 && !strings.HasPrefix(open, "(") || compares > 1 {
			return false
		}
		if compares == 1 {
			open = "(" + open + ")"
		}
		parts = append(parts, part{open, op})
		open, compares = "", 0
		return true
	}
	operand := func(expr ast.Expr) bool {
		for i, piece := range conjuncts(expr) {
			if i > 0 && !finish(piece.op) {
				return false
			}
			text := r.source(piece.expr)
			if _, comparison := piece.expr.(*ast.Compare); comparison {
				text = "(" + text + ")"
			}
			open += text
		}
		return true
	}
	if len(e.Ops) != len(e.Comparators) || !operand(e.Left) {
		return ""
	}
	for i, op := range e.Ops {
		open += " " + op + " "
		compares++
		if !operand(e.Comparators[i]) {
			return ""
		}
	}
	if !finish("") {
		return ""
	}
	var text strings.Builder
	for i, p := range parts {
		text.WriteString(p.text)
		if i < len(parts)-1 {
			text.WriteString(" " + p.op + " ")
		}
	}
	return text.String()
}

// conjunct is an operand of & or |, with the operator before it.
type conjunct struct {
	op   string
	expr ast.Expr
}

// conjuncts are the operands of & and | in an expression, from the left.
func conjuncts(expr ast.Expr) []conjunct {
	binary, ok := expr.(*ast.BinOp)
	if !ok || conjunctions[binary.Op] == "" {
		return []conjunct{{"", expr}}
	}
	parts := conjuncts(binary.Left)
	right := conjuncts(binary.Right)
	right[0].op = binary.Op
	return append(parts, right...)
}
