package model

import (
	"fmt"
	"slices"

	"github.com/flyte-lsp/flyte-lsp/parser/ast"
	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

// Condition is what a case of a conditional hangs on: a comparison of operands,
// or with the Op "and" or "or" a conjunction of two conditions
// (core/promise.py:ComparisonExpression, ConjunctionExpression).
type Condition struct {
	Op          string // ==, !=, <, <=, >, >=, and, or
	Left, Right Operand
	// Span is where it stands in Module's text.
	Span   ast.Span
	Module *pyeval.Module
}

// Operand is a side of a condition.
type Operand struct {
	// Condition is a side of "and" and "or"; nil of a comparison's.
	Condition *Condition
	// Value is a side of a comparison: a *Promise, a constant, or Unknown.
	Value pyeval.Value
	// Var is the input of the branch node that has the promise's value, as its
	// node was called when the conditional ended.
	Var string
	// Expr is where a side of a comparison is written; nil where it isn't.
	Expr ast.Expr
}

// Describe says what the value is.
func (c *Condition) Describe() string { return "a comparison of promises" }

// compare is the comparison of a promise with another value.
func (p *Promise) compare(f *pyeval.Frame, op string, other pyeval.Value, reversed bool, at ast.Expr) *Condition {
	c := &Condition{Op: op, Left: Operand{Value: p}, Right: Operand{Value: other}, Span: span(at), Module: f.Module()}
	if compare, ok := at.(*ast.Compare); ok && len(compare.Comparators) == 1 {
		c.Left.Expr, c.Right.Expr = compare.Left, compare.Comparators[0]
		if reversed {
			c.Left.Expr, c.Right.Expr = c.Right.Expr, c.Left.Expr
		}
	}
	return c
}

// Comparisons gives the comparisons that the condition is made of.
func (c *Condition) Comparisons(yield func(*Condition) bool) { c.each(yield) }

func (c *Condition) each(yield func(*Condition) bool) bool {
	switch {
	case c == nil:
		return true
	case c.Left.Condition == nil && c.Right.Condition == nil:
		return yield(c)
	}
	return c.Left.Condition.each(yield) && c.Right.Condition.each(yield)
}

// conjunctions are the operators between conditions.
var conjunctions = map[string]string{"&": "and", "|": "or"}

// Operate is `condition & other` or `condition | other`.
func (c *Condition) Operate(f *pyeval.Frame, op string, other pyeval.Value, reversed bool, at ast.Expr) pyeval.Value {
	word := conjunctions[op]
	if promise, ok := other.(*Promise); ok && word != "" {
		side := at
		if binary, ok := at.(*ast.BinOp); ok && reversed {
			side = binary.Left
		} else if ok {
			side = binary.Right
		}
		return rejectUnary(f, promise, side)
	}
	second, ok := other.(*Condition)
	if word == "" || !ok || reversed {
		return rejectedUnlessUnknown(f, "conditional-python-bool", at, other, "comparisons of promises are joined by & and | and by nothing else, each in parentheses")
	}
	return &Condition{Op: word, Left: Operand{Condition: c}, Right: Operand{Condition: second}, Span: span(at), Module: f.Module()}
}

// Truth isn't known: flytekit rejects the question
// (core/promise.py:ComparisonExpression.__bool__).
func (c *Condition) Truth(f *pyeval.Frame) (truth, known bool) {
	c.refuse(f, f.Asked())
	return false, false
}

// refuse remarks that flytekit rejects the comparison's truth.
func (c *Condition) refuse(f *pyeval.Frame, at ast.Expr) {
	if b, ok := f.Context.(*builder); ok && b.compiles && at != nil {
		b.operand(at, c)
		rejected(f, b.promiseCode("promise-truth"), at, "a comparison of promises is neither true nor false: "+b.notYet()+"; use conditional(), and & and | in place of `and` and `or`")
	}
}

// bind makes promises of a condition inputs of the branch node, one for each
// output (core/condition.py:merge_promises), and returns the condition with
// their names.
func (s *section) bind(c *Condition) *Condition {
	if c == nil {
		return nil
	}
	bound := *c
	for _, side := range []*Operand{&bound.Left, &bound.Right} {
		if side.Condition != nil {
			side.Condition = s.bind(side.Condition)
		}
		promise, ok := side.Value.(*Promise)
		if !ok {
			continue
		}
		side.Var = "." + promise.Var
		if promise.Node != nil {
			side.Var = promise.Node.ID + side.Var
			promise.Node.runsBefore(s.node)
		}
		// Without an id the variable's name isn't known either: it is no key.
		same := func(b Binding) bool {
			has := b.Value.(*Promise)
			return has.Node == promise.Node && has.Var == promise.Var
		}
		if !slices.ContainsFunc(s.node.Inputs, same) {
			s.node.Inputs = append(s.node.Inputs, Binding{Name: side.Var, Value: promise, Span: c.Span})
		}
	}
	return &bound
}

// given is the case that if_() or elif_() makes of a condition
// (core/condition.py:Case).
func (s *section) given(f *pyeval.Frame, c *pyeval.Call) *Case {
	given := &Case{Span: callSpan(c)}
	arg, ok := c.Arg(0, "expr")
	if !ok {
		given.Unknown = "there is no condition"
		if !c.Open {
			s.rejected(f, "conditional-shape", stepSpan(c), "if_() and elif_() take one argument, the condition")
		}
		return given
	}
	if expr, ok := arg.Value.(*Condition); ok {
		given.Condition = expr
		return given
	}
	given.Unknown = "it is no comparison of promises"
	switch value := arg.Value.(type) {
	case *pyeval.Unknown:
		given.Unknown = value.Reason
	case *pyeval.Uncertain:
		given.Unknown = "which condition it is isn't known"
	}
	judgeCondition(f, arg)
	return given
}

// judgeCondition tells what is wrong with what is no comparison of promises, once
// for the whole.
func judgeCondition(f *pyeval.Frame, arg pyeval.Named) {
	b, ok := f.Context.(*builder)
	if !ok {
		return
	}
	r := &rewriter{f: f, text: f.Module().Text}
	if b.body.Entity.Kind == Dynamic && b.ofInputs(f, arg.Expr) {
		b.rejected(f, "conditional-outside", span(arg.Expr), fmt.Sprintf(
			"the inputs of %s have their values when it runs, and this is True or False: use if", b.body.Entity.Describe()))
		return
	}
	wrong := pythonLogic(arg.Expr)
	grouped := ungrouped(arg.Expr)
	_, decided := arg.Value.(pyeval.Bool)
	switch {
	case grouped != nil && (b.forget(f, grouped, "promise-", "conditional-") || decided):
		b.reject(f, Remark{
			Code: "conditional-precedence", Span: grouped.Span(), Instead: r.regrouped(grouped),
			Message: "& and | bind closer than comparisons: each comparison needs parentheses",
		})
	case wrong != nil && (b.forget(f, wrong, "promise-", "conditional-") || decided || r.isPromise(wrong)):
		remark := Remark{
			Code: "conditional-python-bool", Span: wrong.Span(),
			Message: "Python decides this when the workflow is compiled: compare with ==, !=, <, <=, >, >=, is_true() or is_false(), and join with & and |",
		}
		if text, single, ok := r.condition(wrong); ok {
			if wrong != arg.Expr && !single {
				text = "(" + text + ")"
			}
			remark.Instead = text
		}
		b.reject(f, remark)
	default:
		switch value := arg.Value.(type) {
		case *pyeval.Unknown, *pyeval.Uncertain, *pyeval.Instance, *pyeval.Native:
			// It may be an expression of flytekit's.
		case *Promise:
			rejectUnary(f, value, arg.Expr)
		case pyeval.Bool:
			b.rejected(f, "conditional-python-bool", span(arg.Expr), "the condition is decided when the workflow is compiled: it needs a comparison of promises")
		default:
			b.rejected(f, "conditional-unary", span(arg.Expr), "a case needs a comparison of promises, and this is "+value.Describe())
		}
	}
}

// ofInputs tells whether an expression is made of the inputs of the dynamic
// workflow and of constants.
func (b *builder) ofInputs(f *pyeval.Frame, expr ast.Expr) bool {
	inputs, others := 0, 0
	ast.InspectNode(expr, func(node ast.Node) bool {
		switch n := node.(type) {
		case *ast.Name:
			if slices.Contains(b.given, f.Eval(n)) {
				inputs++
			} else {
				others++
			}
		case *ast.Compare, *ast.BoolOp, *ast.UnaryOp, *ast.BinOp, *ast.Constant:
		default:
			others++
		}
		return others == 0
	})
	return inputs > 0 && others == 0
}

// rejectUnary tells of a promise that stands for a condition itself.
func rejectUnary(f *pyeval.Frame, p *Promise, at ast.Expr) pyeval.Value {
	message := p.Describe() + " alone is no condition: compare it"
	if b, ok := f.Context.(*builder); ok && b.compiles {
		remark := Remark{Code: "conditional-unary", Span: span(at), Message: message, Related: p.origin()}
		if isBool(p) && at != nil {
			remark.Message = p.Describe() + " alone is no condition: call its is_true()"
			remark.Instead = sourceText(f.Module(), at) + ".is_true()"
		}
		b.reject(f, remark)
	}
	return &pyeval.Unknown{Reason: message, Expr: at}
}

// origin is the place that a promise comes from, none of an input.
func (p *Promise) origin() []Place {
	if p.Node == nil || p.Node.Call == nil {
		return nil
	}
	return []Place{{p.Node.Module, p.Node.Call.Func.Span(), p.Describe() + " comes from here"}}
}

// pythonLogic is the part of a condition that Python evaluates by itself: and,
// or, not, is, in, a chain of comparisons; nil if there is none.
func pythonLogic(expr ast.Expr) ast.Expr {
	switch e := expr.(type) {
	case *ast.BoolOp:
		return e
	case *ast.UnaryOp:
		if e.Op == "not" || e.Op == "~" {
			return e
		}
	case *ast.Compare:
		if len(e.Ops) > 1 || len(e.Ops) == 1 && slices.Contains([]string{"is", "is not", "in", "not in"}, e.Ops[0]) {
			return e
		}
	case *ast.BinOp:
		if conjunctions[e.Op] != "" {
			if wrong := pythonLogic(e.Left); wrong != nil {
				return wrong
			}
			return pythonLogic(e.Right)
		}
	}
	return nil
}

// ungrouped is a comparison with & or | among its operands: it lacks the
// parentheses around the comparisons that are meant; nil if there is none.
func ungrouped(expr ast.Expr) *ast.Compare {
	switch e := expr.(type) {
	case *ast.Compare:
		for _, operand := range append([]ast.Expr{e.Left}, e.Comparators...) {
			if binary, ok := operand.(*ast.BinOp); ok && conjunctions[binary.Op] != "" {
				return e
			}
		}
	case *ast.BinOp:
		if conjunctions[e.Op] != "" {
			if wrong := ungrouped(e.Left); wrong != nil {
				return wrong
			}
			return ungrouped(e.Right)
		}
	}
	return nil
}

// isPromise tells whether what is compared or asked first is a promise's name.
func (r *rewriter) isPromise(expr ast.Expr) bool {
	switch e := expr.(type) {
	case *ast.BoolOp:
		return r.isPromise(e.Values[0])
	case *ast.UnaryOp:
		return r.isPromise(e.Operand)
	case *ast.Compare:
		return r.isPromise(e.Left)
	case *ast.Name:
		switch r.f.Eval(e).(type) {
		case *Promise, *Condition:
			return true
		}
	}
	return false
}
