package model

import (
	"fmt"
	"slices"
	"strings"

	"github.com/flyte-lsp/flyte-lsp/parser/ast"
	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

// section is a conditional whose cases are still being added: what conditional()
// gives (core/condition.py:ConditionalSection).
type section struct {
	node  *Node
	cases []*openCase
	// last: the case that is open is that of else_().
	last bool
	// told: it is remarked already that it has no else_().
	told bool
	// behind are nodes that were made behind its last case, while it was open.
	behind []*Node
}

// chain is a conditional after a case (core/condition.py:Condition).
type chain struct{ *section }

// openCase is a case that waits for its then() or fail()
// (core/condition.py:Case).
type openCase struct {
	section *section
	given   *Case
	output  pyeval.Value // what then() was given, nil without
	// wrong: then() was given something else than the result of a call.
	wrong bool
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
		outside(f, c)
		return &pyeval.Unknown{Reason: "a conditional stands in a workflow only", Expr: callExpr(c)}
	}
	given, named := c.Arg(0, "name")
	name, isText := given.Value.(pyeval.Str)
	s := &section{node: &Node{Kind: BranchNode, Name: string(name), Branch: &Branch{}}}
	switch given.Value.(type) {
	case nil:
		if !named && !c.Open {
			s.rejected(f, "conditional-shape", callSpan(c), "conditional() needs a name, a string")
		}
	case *pyeval.Unknown, *pyeval.Uncertain:
	default:
		if !isText {
			s.rejected(f, "conditional-shape", span(given.Expr), "the name of a conditional is a string, and this is "+given.Value.Describe())
		}
	}
	s.node.take(c)
	s.node.Call, s.node.Module, s.node.Conditional = c.Expr, f.Module(), b.conditional(f)
	b.levels = append(b.levels, &level{prefix: b.level().prefix, unsure: s.node.Conditional, section: s})
	return s
}

// outside tells of a conditional that is in no workflow.
func outside(f *pyeval.Frame, c *pyeval.Call) {
	b, ok := f.Context.(*builder)
	switch {
	case ok:
		remarked(f, "conditional-outside", callSpan(c), fmt.Sprintf(
			"a conditional compares promises, and in %s there are none: use if", b.body.Entity.Describe()))
	case f.Unfinished():
		remarked(f, "conditional-outside", callSpan(c), "a conditional stands in a workflow: flytekit raises an error here when the module is imported")
	}
}

// rejected remarks what flytekit raises because of the conditional. One that
// isn't put together rightly isn't told to lack its end, too.
func (s *section) rejected(f *pyeval.Frame, code string, at ast.Span, message string, related ...Place) {
	s.told = s.told || code == "conditional-shape"
	if b, ok := f.Context.(*builder); ok && b.compiles {
		b.rejected(f, code, at, message, related...)
	}
}

// Attr is if_, which begins the conditional.
func (s *section) Attr(f *pyeval.Frame, name string) pyeval.Value {
	switch name {
	case "if_":
		return &method{name, func(f *pyeval.Frame, c *pyeval.Call) pyeval.Value { return s.open(s.given(f, c)) }}
	case "elif_", "else_":
		s.rejected(f, "conditional-shape", askedName(f), fmt.Sprintf("a conditional begins with if_(), %s() comes behind it", name))
		return s.next(name)
	case "name":
		return pyeval.Str(s.node.Name)
	}
	return s.without(f, name, "a conditional begins with if_()", "cases", "start_branch", "end_branch", "compute_output_vars")
}

// without is an attribute that a part of a conditional hasn't, unless it is one
// of flytekit's own.
func (s *section) without(f *pyeval.Frame, name, has string, own ...string) pyeval.Value {
	if name != "" && !strings.HasPrefix(name, "_") && !slices.Contains(own, name) {
		s.rejected(f, "conditional-shape", askedName(f), fmt.Sprintf("there is no %s: %s", name, has))
	}
	return &pyeval.Unknown{Reason: "a conditional has no " + name}
}

// Attr is elif_ or else_.
func (c *chain) Attr(f *pyeval.Frame, name string) pyeval.Value {
	switch name {
	case "elif_", "else_":
		return c.next(name)
	case "if_":
		c.section.rejected(f, "conditional-shape", askedName(f), "a conditional has one if_(): the cases behind it are elif_()")
	case "then", "fail":
		c.section.rejected(f, "conditional-shape", askedName(f), fmt.Sprintf("%s() stands behind if_(), elif_() or else_(), once for each", name))
	default:
		return c.without(f, name, "behind a case come elif_() and else_()")
	}
	return &pyeval.Unknown{Reason: "a conditional has no " + name + " here"}
}

// next is elif_ or else_ of the conditional.
func (s *section) next(name string) pyeval.Value {
	if name == "elif_" {
		return &method{name, func(f *pyeval.Frame, c *pyeval.Call) pyeval.Value { return s.open(s.given(f, c)) }}
	}
	return &elseMethod{s}
}

// elseMethod is else_ before it is called.
type elseMethod struct{ section *section }

// Describe says what the value is.
func (*elseMethod) Describe() string { return "the method else_" }

// Attr is what only a call of it has.
func (m *elseMethod) Attr(f *pyeval.Frame, name string) pyeval.Value {
	if name == "then" || name == "fail" {
		m.section.rejected(f, "conditional-shape", askedOwner(f), "else_ must be called: else_()."+name+"(...)")
	}
	return &pyeval.Unknown{Reason: "else_ isn't called"}
}

// Call opens the last case.
func (m *elseMethod) Call(f *pyeval.Frame, c *pyeval.Call) pyeval.Value {
	if len(c.Args)+len(c.Keywords) > 0 {
		m.section.rejected(f, "conditional-shape", stepSpan(c), "else_() takes no condition: it is the case in which no other holds")
	}
	m.section.last = true
	return m.section.open(&Case{Span: callSpan(c)})
}

// askedName is the name of the attribute that is asked for.
func askedName(f *pyeval.Frame) ast.Span {
	if attribute, ok := f.Asked().(*ast.Attribute); ok {
		return attribute.AttrSpan
	}
	return span(f.Asked())
}

// askedOwner is the name of the attribute of which an attribute is asked for.
func askedOwner(f *pyeval.Frame) ast.Span {
	if attribute, ok := f.Asked().(*ast.Attribute); ok {
		if owner, ok := attribute.Value.(*ast.Attribute); ok {
			return owner.AttrSpan
		}
	}
	return askedName(f)
}

// stepSpan is a call in a chain of calls, from its method's name on.
func stepSpan(c *pyeval.Call) ast.Span {
	at := callSpan(c)
	if c.Expr != nil {
		if attribute, ok := c.Expr.Func.(*ast.Attribute); ok {
			at.Start = attribute.AttrSpan.Start
		}
	}
	return at
}

func (s *section) open(given *Case) *openCase {
	opened := &openCase{section: s, given: given}
	s.node.Branch.Cases = append(s.node.Branch.Cases, given)
	s.cases = append(s.cases, opened)
	return opened
}

// Attr is then or fail.
func (c *openCase) Attr(f *pyeval.Frame, name string) pyeval.Value {
	switch name {
	case "then":
		return &method{name, func(f *pyeval.Frame, call *pyeval.Call) pyeval.Value {
			c.given.Span, c.given.Step = callSpan(call), stepSpan(call)
			c.then(f, call)
			return c.section.endCase(f)
		}}
	case "fail":
		return &method{name, func(f *pyeval.Frame, call *pyeval.Call) pyeval.Value {
			c.given.Span, c.given.Step = callSpan(call), stepSpan(call)
			c.fail(f, call)
			return c.section.endCase(f)
		}}
	case "elif_", "else_", "if_":
		c.section.rejected(f, "conditional-shape", askedName(f), "the case before "+name+" lacks its then() or, behind else_(), fail()")
		return c.section.next(name)
	}
	return c.section.without(f, name, "a case has then(), and the one of else_() fail(), too", "output_node", "expr", "output_promise", "err")
}

// fail takes the message of fail().
func (c *openCase) fail(f *pyeval.Frame, call *pyeval.Call) {
	given, ok := call.Arg(0, "err")
	message, isText := given.Value.(pyeval.Str)
	c.given.Fail, c.given.Fails = string(message), true
	if !c.section.last {
		c.section.rejected(f, "conditional-fail-not-last", stepSpan(call), "only the case of else_() can fail(): let this one call a task that fails")
		return
	}
	switch given.Value.(type) {
	case *pyeval.Unknown, *pyeval.Uncertain:
	case nil:
		if !ok && !call.Open {
			c.section.rejected(f, "conditional-fail-text", stepSpan(call), "fail() needs the text of the error")
		}
	case pyeval.None:
		c.given.Fails = false // flytekit takes it for a case without outputs
		remarked(f, "conditional-fail-text", span(given.Expr), "fail() needs the text of the error: with None the conditional has no outputs")
	default:
		if !isText {
			c.section.rejected(f, "conditional-fail-text", span(given.Expr), "fail() takes the text of the error, and this is "+given.Value.Describe())
		}
	}
}

// endCase ends a case, and with the one of else_() the conditional: its node is
// made, and its outputs are given.
func (s *section) endCase(f *pyeval.Frame) pyeval.Value {
	b, ok := f.Context.(*builder)
	if !s.last || !ok || !b.close(f, s) {
		return &chain{s}
	}
	branch := s.node.Branch
	branch.Ended = true
	for _, given := range branch.Cases {
		given.Condition = s.bind(given.Condition)
	}
	slices.SortFunc(s.node.Inputs, func(a, b Binding) int { return strings.Compare(a.Name, b.Name) })
	s.dropped(f, b)
	s.node = b.append(f, s.node)
	vars, known := s.outputs()
	if !known {
		return &Promise{Node: s.node}
	}
	return s.node.output(vars, false)
}

// dropped tells of nodes that were made within the conditional, and are no
// case's: flytekit drops them, and who uses their outputs gets those of another
// node with their id (core/condition.py:ConditionalSection.end_branch).
func (s *section) dropped(f *pyeval.Frame, b *builder) {
	branch := s.node.Branch
	for _, node := range branch.Nodes {
		if node.Call == nil || node.Branch != nil && !node.Branch.Ended || slices.ContainsFunc(s.cases, func(c *openCase) bool {
			return c.given.Node == node || c.wrong && node.Module == f.Module() && within(node.Call.Span(), c.given.Step)
		}) {
			continue
		}
		remark := Remark{Code: "conditional-nested-call", Module: node.Module, Span: node.Call.Func.Span()}
		user := s.user(node)
		switch {
		case user == "":
			remark.Message = fmt.Sprintf("%s is called within the conditional %s, and is no case's: flytekit drops its node, and it never runs on a backend; call it before the conditional",
				node.describe(), s.node.Name)
		default:
			remark.Certain, remark.Rejects = b.certainly(f) && !node.Conditional, user == conditionUser
			remark.Message = fmt.Sprintf("%s is called within the conditional %s: flytekit drops its node, and %s gets the output of another one; call it before the conditional, or put both into a sub-workflow",
				node.describe(), s.node.Name, user)
		}
		b.body.Remarks = addRemark(b.body.Remarks, remark)
	}
}

// conditionUser is the user of what a condition is called with: a local run makes
// no node of it.
const conditionUser = "the condition"

// user is what uses the outputs of a node within the conditional, "" if nothing
// does.
func (s *section) user(node *Node) string {
	for _, input := range s.node.Inputs {
		if promise, ok := input.Value.(*Promise); ok && promise.Node == node {
			return conditionUser
		}
	}
	for _, other := range s.node.Branch.Nodes {
		if slices.Contains(other.Upstream, node) {
			return other.describe()
		}
	}
	return ""
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
	s := level.section
	node := s.node
	node.Conditional = true
	end := node.place().End
	for _, given := range node.Branch.Cases {
		end = max(end, given.Span.End)
	}
	b.append(f, node)
	b.unclosed = append(b.unclosed, s)
	for _, made := range level.nodes {
		if made.Module == node.Module && made.place().Start >= end {
			made.ID = ""
			b.append(f, made)
			s.behind = append(s.behind, made)
		} else {
			node.Branch.Nodes = append(node.Branch.Nodes, made)
		}
	}
}

// notClosed tells of a conditional without else_(), where flytekit raises an
// error for it.
func (b *builder) notClosed(f *pyeval.Frame, s *section) {
	if s.told {
		return
	}
	s.told = true
	remark := Remark{
		Code: "conditional-no-else", Module: s.node.Module, Span: s.node.place(), Certain: b.certainly(f),
		Message: fmt.Sprintf("the conditional %s has no else_(), and so no outputs that could be used", s.node.Name),
	}
	if remark.Certain {
		b.body.Rejected = addRemark(b.body.Rejected, remark)
	}
	b.body.Remarks = addRemark(b.body.Remarks, remark)
}

// lostNodes tells of the conditionals without else_() that nothing uses. flytekit
// makes no node of them, nor of what is called behind them: the workflow is
// compiled without, unless it returns what such a call gives.
func (b *builder) lostNodes() {
	for _, s := range b.unclosed {
		if s.told {
			continue
		}
		remark := Remark{Code: "conditional-no-else", Module: s.node.Module, Span: s.node.place()}
		remark.Message = fmt.Sprintf("the conditional %s has no else_(): flytekit makes no node of it", s.node.Name)
		for _, node := range s.behind {
			if node.Call != nil {
				remark.Message = fmt.Sprintf("the conditional %s has no else_(): flytekit makes no node of it, nor of what is called behind it", s.node.Name)
				remark.Related = append(remark.Related, Place{node.Module, node.Call.Func.Span(), node.describe() + " gets lost"})
			}
		}
		remark.Certain = len(s.behind) > 0 && b.returns(s.behind)
		b.body.Remarks = addRemark(b.body.Remarks, remark)
	}
}

// returns tells whether the workflow returns an output of one of the nodes.
func (b *builder) returns(nodes []*Node) bool {
	for _, output := range b.body.Outputs {
		for promise := range Promises(output.Value) {
			if promise.Node != nil && slices.Contains(nodes, promise.Node) {
				return true
			}
		}
	}
	return false
}

// outputs are those that all cases have which don't fail, in the order of the
// first (core/condition.py:ConditionalSection.compute_output_vars).
func (s *section) outputs() (promises []*Promise, known bool) {
	if s.told || slices.ContainsFunc(s.cases, func(c *openCase) bool { return c.wrong }) {
		return nil, false
	}
	first, known := true, true
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
		case nil:
			if c.given.Fails {
				continue
			}
		default:
			return nil, false
		}
		for _, promise := range has {
			if !slices.Contains(s.node.Branch.Lost, promise.Var) {
				s.node.Branch.Lost = append(s.node.Branch.Lost, promise.Var)
			}
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
	s.node.Branch.Lost = slices.DeleteFunc(s.node.Branch.Lost, func(name string) bool {
		return slices.ContainsFunc(promises, func(p *Promise) bool { return p.Var == name })
	})
	return promises, known
}

// ended is what a conditional that is closed has in place of a further case.
func (n *Node) ended(f *pyeval.Frame, name string) pyeval.Value {
	if n.Branch == nil {
		return &pyeval.Unknown{Reason: fmt.Sprintf("%s has no %s", n.describe(), name)}
	}
	if b, ok := f.Context.(*builder); ok && b.compiles {
		b.rejected(f, "conditional-shape", askedName(f), fmt.Sprintf("the conditional %s ends with else_(): %s() stands before it", n.Name, name))
	}
	return &pyeval.Unknown{Reason: "the conditional has ended"}
}
