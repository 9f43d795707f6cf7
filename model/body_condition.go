package model

import (
	"fmt"
	"slices"
	"strings"

	"github.com/flyte-lsp/flyte-lsp/parser/ast"
	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

// Condition is what a case of a conditional hangs on: a comparison of operands,
// or with the Op "and" or "or" a conjunction of two conditions
// (core/promise.py:ComparisonExpression, ConjunctionExpression).
type Condition struct {
	Op          string // ==, !=, <, <=, >, >=, and, or
	Left, Right Operand
	Span        ast.Span
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
}

// Describe says what the value is.
func (c *Condition) Describe() string { return "a comparison of promises" }

// conjunctions are the operators between conditions.
var conjunctions = map[string]string{"&": "and", "|": "or"}

// Operate is `condition & other` or `condition | other`.
func (c *Condition) Operate(f *pyeval.Frame, op string, other pyeval.Value, reversed bool, at ast.Expr) pyeval.Value {
	word := conjunctions[op]
	second, ok := other.(*Condition)
	if word == "" || !ok || reversed {
		return rejectedUnlessUnknown(f, "conditional-python-bool", at, other, "comparisons of promises are joined by & and | and by nothing else, each in parentheses")
	}
	return &Condition{Op: word, Left: Operand{Condition: c}, Right: Operand{Condition: second}, Span: span(at)}
}

// Truth isn't known: flytekit rejects the question
// (core/promise.py:ComparisonExpression.__bool__).
func (c *Condition) Truth(f *pyeval.Frame) (truth, known bool) {
	rejected(f, "promise-truth", nil, "a comparison of promises is neither true nor false when the workflow is compiled: use conditional(), and & and | in place of `and` and `or`")
	return false, false
}

// section is a conditional whose cases are still being added
// (core/condition.py:ConditionalSection and Condition).
type section struct {
	node  *Node
	cases []*openCase
	// last: the case that is open is that of else_().
	last bool
}

// openCase is a case that waits for its then() or fail()
// (core/condition.py:Case).
type openCase struct {
	section *section
	given   *Case
	output  pyeval.Value // what then() was given, nil without
}

// Describe says what the value is.
func (s *section) Describe() string { return "the conditional " + s.node.Name }

// Describe says what the value is.
func (c *openCase) Describe() string { return "a case of the conditional " + c.section.node.Name }

// conditional is flytekit.conditional (core/condition.py:conditional): nodes
// that are made from here on, until else_() has its node, are the section's.
func conditional(f *pyeval.Frame, c *pyeval.Call) pyeval.Value {
	b, ok := f.Context.(*builder)
	if !ok || !b.compiles {
		return &pyeval.Unknown{Reason: "a conditional stands in a workflow only", Expr: callExpr(c)}
	}
	name, _ := c.Value(0, "name", pyeval.None{}).(pyeval.Str)
	s := &section{node: &Node{Kind: BranchNode, Name: string(name), Branch: &Branch{}}}
	s.node.take(c)
	s.node.Call, s.node.Module, s.node.Conditional = c.Expr, f.Module(), b.conditional(f)
	b.levels = append(b.levels, &level{prefix: b.level().prefix, unsure: s.node.Conditional, section: s})
	return s
}

// Attr is if_, elif_ or else_.
func (s *section) Attr(_ *pyeval.Frame, name string) pyeval.Value {
	switch name {
	case "if_", "elif_":
		return &method{name, func(f *pyeval.Frame, c *pyeval.Call) pyeval.Value {
			given := &Case{Span: callSpan(c)}
			switch expr := c.Value(0, "expr", pyeval.None{}).(type) {
			case *Condition:
				given.Condition = expr
			case *pyeval.Unknown:
				given.Unknown = expr.Reason
			case *pyeval.Uncertain:
				given.Unknown = "which condition it is isn't known"
			default:
				given.Unknown = "it is no comparison of promises"
				rejected(f, "conditional-unary", callExpr(c), "a case needs a comparison of promises with ==, !=, <, <=, >, >=, is_true() or is_false(), joined by & and |")
			}
			return s.open(given)
		}}
	case "else_":
		return &method{name, func(_ *pyeval.Frame, c *pyeval.Call) pyeval.Value {
			s.last = true
			return s.open(&Case{Span: callSpan(c)})
		}}
	case "name":
		return pyeval.Str(s.node.Name)
	}
	return &pyeval.Unknown{Reason: "a conditional has no " + name}
}

func (s *section) open(given *Case) *openCase {
	opened := &openCase{section: s, given: given}
	s.node.Branch.Cases = append(s.node.Branch.Cases, given)
	s.cases = append(s.cases, opened)
	return opened
}

// Attr is then or fail.
func (c *openCase) Attr(_ *pyeval.Frame, name string) pyeval.Value {
	switch name {
	case "then":
		return &method{name, func(f *pyeval.Frame, call *pyeval.Call) pyeval.Value {
			c.given.Span = callSpan(call)
			c.then(f, call)
			return c.section.endCase(f)
		}}
	case "fail":
		return &method{name, func(f *pyeval.Frame, call *pyeval.Call) pyeval.Value {
			message, _ := call.Value(0, "err", pyeval.None{}).(pyeval.Str)
			c.given.Span = callSpan(call)
			c.given.Fail, c.given.Fails = string(message), true
			if !c.section.last {
				rejected(f, "conditional-fail-not-last", callExpr(call), "only else_() can fail()")
			}
			return c.section.endCase(f)
		}}
	}
	return &pyeval.Unknown{Reason: "a case has then() and fail()"}
}

func (c *openCase) then(f *pyeval.Frame, call *pyeval.Call) {
	c.output = call.Value(0, "p", pyeval.None{})
	switch output := c.output.(type) {
	case *Promise:
		c.given.Node = output.Node
	case *Outputs:
		c.given.Node = output.Promises[0].Node
	case *Void:
		c.given.Node = output.Node
	}
	if c.given.Node == nil {
		rejectedUnlessUnknown(f, "conditional-then-value", callExpr(call), c.output, "then() needs the call of a task, workflow or launch plan, and this is "+c.output.Describe())
	}
}

// endCase gives the section for its next case or, behind else_(), what the
// conditional gives (core/condition.py:ConditionalSection.end_branch).
func (s *section) endCase(f *pyeval.Frame) pyeval.Value {
	b, ok := f.Context.(*builder)
	if !s.last || !ok || !b.close(f, s) {
		return s
	}
	branch := s.node.Branch
	branch.Ended = true
	if len(branch.Cases) < 2 {
		b.rejected(f, "conditional-shape", s.node.place(), "a conditional needs an if_() and an else_()")
	}
	for _, given := range branch.Cases {
		given.Condition = s.bind(given.Condition)
	}
	slices.SortFunc(s.node.Inputs, func(a, b Binding) int { return strings.Compare(a.Name, b.Name) })
	s.node = b.append(f, s.node)
	vars, known := s.outputs()
	if !known {
		return &Promise{Node: s.node}
	}
	return s.node.output(vars, false)
}

// close ends the section's level, and those of conditionals within it that have
// no else_(). False: it is closed already.
func (b *builder) close(f *pyeval.Frame, s *section) bool {
	open := slices.IndexFunc(b.levels, func(l *level) bool { return l.section == s })
	if open < 0 {
		return false
	}
	for len(b.levels) > open+1 {
		b.abandon(f)
	}
	s.node.Branch.Nodes = b.level().nodes
	b.levels = b.levels[:open]
	return true
}

// abandon ends the last level, of a conditional without else_(), as one that
// may not be made. Nodes that were made behind its cases are taken to be meant
// for the level around it.
func (b *builder) abandon(f *pyeval.Frame) {
	level := b.level()
	b.levels = b.levels[:len(b.levels)-1]
	node := level.section.node
	node.Conditional = true
	b.rejected(f, "conditional-no-else", node.place(), fmt.Sprintf("the conditional %s must end with else_()", node.Name))
	end := node.place().End
	for _, given := range node.Branch.Cases {
		end = max(end, given.Span.End)
	}
	b.append(f, node)
	for _, made := range level.nodes {
		if made.Module == node.Module && made.place().Start >= end {
			made.ID = ""
			b.append(f, made)
		} else {
			node.Branch.Nodes = append(node.Branch.Nodes, made)
		}
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

// outputs are those that all cases have which don't fail, in the order of the
// first (core/condition.py:ConditionalSection.compute_output_vars).
func (s *section) outputs() (promises []*Promise, known bool) {
	first := true
	for _, c := range s.cases {
		var has []*Promise
		switch output := c.output.(type) {
		case *Promise:
			if output.Var == "" {
				return nil, false
			}
			has = []*Promise{output}
		case *Outputs:
			has = output.Promises
		case *Void:
			return nil, true
		case nil:
			if c.given.Fails {
				continue
			}
			return nil, true
		default:
			return nil, false
		}
		if first {
			for _, promise := range has {
				promises = append(promises, &Promise{Node: s.node, Var: promise.Var, Type: promise.Type})
			}
			first = false
			continue
		}
		promises = slices.DeleteFunc(promises, func(p *Promise) bool {
			return !slices.ContainsFunc(has, func(q *Promise) bool { return q.Var == p.Var })
		})
	}
	return promises, true
}
