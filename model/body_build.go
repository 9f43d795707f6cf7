package model

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/flyte-lsp/flyte-lsp/parser/ast"
	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

// builder collects the nodes while the function of an entity is evaluated. It
// is the Context of the frames.
type builder struct {
	body *Body
	// compiles: the function is a workflow's or a dynamic workflow's, where a
	// call of an entity makes a node and gives promises. Otherwise the entity
	// runs, and gives values that aren't known.
	compiles bool
	// unsure: it isn't known whether the function is called.
	unsure bool
	// levels are where nodes are added, the last one now: the body's, and those
	// of the conditionals that haven't reached their else_()
	// (core/context_manager.py:CompilationState).
	levels []*level
	// given are the values of a dynamic workflow's inputs.
	given []pyeval.Value
	// unclosed are the conditionals that have no else_().
	unclosed []*section
	// module is the one whose import puts an imperative workflow together; nil
	// of others. within: the workflow itself stands in a branch of which the
	// source doesn't tell.
	module *pyeval.Module
	within bool
	// coroutines are the calls of async entities.
	coroutines []started
	// done: the body is finished, and isn't changed any more.
	done bool
}

// level is a list of nodes that are numbered together.
type level struct {
	prefix string
	nodes  []*Node
	// unsure: it isn't known how many nodes there are.
	unsure  bool
	section *section // nil of the body's level
}

// callEntity is a call of an entity: within a body a node, and otherwise a run,
// of which nothing is known before.
func callEntity(f *pyeval.Frame, e *Entity, c *pyeval.Call) pyeval.Value {
	b, ok := f.Context.(*builder)
	if !ok {
		if f.Unfinished() && f.InModule() && e.Opaque == "" && !e.Async {
			remarked(f, "entity-outside-workflow", calleeSpan(c), e.Describe()+" runs here whenever the module is imported, in its containers too")
		}
		return unknownResult(e, c)
	}
	node := &Node{Kind: nodeKind(e), Name: nodeName(e), Entity: e}
	node.take(c)
	node.bind(f)
	node = b.add(f, node, c)
	if !b.compiles {
		return unknownResult(e, c)
	}
	b.checkValues(f, node, c)
	if e.Kind == ReferenceWorkflow && len(b.levels) == 1 {
		// tools/translator.py:get_serializable_workflow
		b.rejected(f, "", callSpan(c), "flytekit can't serialize a reference to a workflow as a node: use reference_launch_plan")
	}
	return node.results(e)
}

func unknownResult(e *Entity, c *pyeval.Call) pyeval.Value {
	return &pyeval.Unknown{Reason: fmt.Sprintf("the result of %s is only known when it runs", e.Describe()), Expr: callExpr(c)}
}

func nodeKind(e *Entity) NodeKind {
	switch e.Kind {
	case Workflow, ImperativeWorkflow, ReferenceWorkflow:
		return WorkflowNode
	case LaunchPlan, ReferenceLaunchPlan:
		return LaunchPlanNode
	case MapTask:
		return ArrayNode
	}
	return TaskNode
}

// nodeName is the name in the metadata of a node of the entity: construct_node_metadata
// of core/base_task.py, core/workflow.py, core/launch_plan.py,
// core/array_node_map_task.py and core/reference_entity.py.
func nodeName(e *Entity) string {
	switch e.Kind {
	case LaunchPlan:
		if e.Of != nil {
			return lastPart(e.Of.FullName)
		}
		return ""
	case MapTask:
		return e.FullName
	}
	return lastPart(e.FullName)
}

// add gives the node its place in the source, and puts it behind the others. It
// returns the node that stands for the call.
func (b *builder) add(f *pyeval.Frame, node *Node, c *pyeval.Call) *Node {
	node.Call, node.Module, node.Conditional, node.Guarded = c.Expr, f.Module(), b.conditional(f), f.Guarded()
	if node.Conditional {
		b.incomplete(f, callSpan(c), "whether "+node.describe()+" becomes a node, and how often, is only known when the workflow is compiled")
	}
	node = b.append(f, node)
	for _, binding := range node.Inputs {
		for promise := range Promises(binding.Value) {
			if promise.Node != nil && promise.Node != node {
				promise.Node.runsBefore(node)
			}
		}
	}
	return node
}

// append numbers the node and puts it behind the others of its level. A loop of
// unknown length is evaluated a second time, with what its first turn left: the
// nodes of its first turn then become those of any turn.
func (b *builder) append(f *pyeval.Frame, node *Node) *Node {
	level := b.level()
	node.builder = b
	level.unsure = level.unsure || node.Conditional
	if f.Repeated() && node.Conditional && node.Call != nil {
		for _, before := range level.nodes {
			if before.Call == node.Call && before.Conditional {
				node.Upstream = append(node.Upstream, before.Upstream...)
				*before = *node
				return before
			}
		}
	}
	if !level.unsure && b.compiles {
		node.ID = fmt.Sprintf("%sn%d", level.prefix, len(level.nodes))
	}
	level.nodes = append(level.nodes, node)
	return node
}

// UnknownCall is told of a call that may make nodes which the source doesn't
// tell of.
func (b *builder) UnknownCall(f *pyeval.Frame, c *pyeval.Call) {
	if b.compiles {
		b.level().unsure = true
		callee := c.Func.Describe()
		if c.Expr != nil {
			callee = sourceText(f.Module(), c.Expr.Func)
		}
		b.incomplete(f, callSpan(c), "what "+callee+" does isn't known: it may make further nodes")
	}
}

// OutOfOrder is told of an iterator whose elements are evaluated at once: nodes
// that they make have other places between the rest, if they are made at all.
func (b *builder) OutOfOrder(_ *pyeval.Frame, run func()) {
	was := b.unsure
	b.unsure = was || b.compiles
	run()
	b.unsure = was
}

// conditional tells that what is evaluated now may not happen.
func (b *builder) conditional(f *pyeval.Frame) bool {
	return b.unsure || f.Conditional() && !b.within
}

// open tells whether the frame may change nodes of the body.
func (b *builder) open(f *pyeval.Frame) bool {
	if b.module != nil {
		return f.Unfinished() && f.Importing() == b.module
	}
	return !b.done && f.Context == b
}

func (b *builder) level() *level { return b.levels[len(b.levels)-1] }

// take gives the node the arguments of its call.
func (n *Node) take(c *pyeval.Call) {
	n.Open = c.Open
	for _, arg := range c.Args {
		if _, untyped := arg.Expr.(*ast.BadExpr); untyped {
			n.Open = true
			continue
		}
		at := written(c, arg.Expr)
		n.Arguments = append(n.Arguments, Argument{Value: arg.Value, Span: span(at), Expr: at})
	}
	for _, arg := range c.Keywords {
		at := written(c, arg.Expr)
		argument := Argument{Name: arg.Name, Value: arg.Value, Span: span(at), Expr: at}
		if c.Expr != nil {
			for _, keyword := range c.Expr.Keywords {
				if keyword.Arg == arg.Name {
					argument.NameSpan = keyword.ArgSpan
				}
			}
		}
		n.Arguments = append(n.Arguments, argument)
	}
}

// written is an argument that stands in a call; nil where it comes from
// elsewhere, functools.partial for example.
func written(c *pyeval.Call, arg ast.Expr) ast.Expr {
	if c.Expr == nil || arg == nil || arg.Span().Start < c.Expr.Start || arg.Span().End > c.Expr.End {
		return nil
	}
	return arg
}

// bind gives the entity's inputs their arguments
// (core/promise.py:flyte_entity_call_handler, create_and_link_node; the
// __call__ of LaunchPlan and ArrayNodeMapTask).
func (n *Node) bind(f *pyeval.Frame) {
	e := n.Entity
	given := map[string]Argument{}
	for _, bound := range e.boundValues {
		given[bound.Name] = Argument{Name: bound.Name, Value: f.Resolve(bound.Value)}
	}
	position := 0
	for _, argument := range n.Arguments {
		switch {
		case argument.Name == "" && e.Kind == LaunchPlan:
			n.Surplus = append(n.Surplus, argument)
		case argument.Name == "":
			if position < len(e.Inputs) {
				given[e.Inputs[position].Name] = argument
			} else if e.InputsUnknown == "" {
				n.Surplus = append(n.Surplus, argument)
			}
			position++
		case e.Input(argument.Name) != nil:
			if before, twice := given[argument.Name]; twice && before.Name == "" {
				n.Twice = append(n.Twice, argument)
			} else {
				given[argument.Name] = argument
			}
		case slices.Contains(e.Fixed, argument.Name):
			// The fixed value stays (tools/translator.py:get_serializable_node).
		case e.InputsUnknown == "":
			n.Unexpected = append(n.Unexpected, argument)
		default:
			n.Inputs = append(n.Inputs, Binding{Name: argument.Name, Value: argument.Value, Span: argument.Span, Expr: argument.Expr})
		}
	}
	for _, input := range e.Inputs {
		argument, ok := given[input.Name]
		switch {
		case ok:
			n.Inputs = append(n.Inputs, Binding{Name: input.Name, Value: argument.Value, Variable: input, Span: argument.Span, Expr: argument.Expr})
		case n.Open:
		case input.Required:
			n.Missing = append(n.Missing, input)
		default:
			n.Inputs = append(n.Inputs, Binding{Name: input.Name, Value: defaultOf(f, input), Variable: input, Default: true})
		}
	}
	slices.SortStableFunc(n.Inputs, func(a, b Binding) int { return cmp.Compare(a.Name, b.Name) })
}

// defaultOf is the value of an input that isn't given: None of an Optional
// without a default.
func defaultOf(f *pyeval.Frame, input *Variable) pyeval.Value {
	if input.DefaultValue == nil {
		return pyeval.None{}
	}
	return f.Resolve(input.DefaultValue)
}

// checkValues tells of values that can't be bound
// (core/promise.py:create_and_link_node).
func (b *builder) checkValues(f *pyeval.Frame, node *Node, c *pyeval.Call) {
	for _, binding := range node.Inputs {
		at := binding.Span
		if at == (ast.Span{}) {
			at = callSpan(c)
		}
		switch binding.Value.(type) {
		case *pyeval.List, *pyeval.Dict, *pyeval.Set:
			if binding.Default && node.Entity.keepsDefault(binding.Variable) {
				b.rejected(f, "call-mutable-default", calleeSpan(c), fmt.Sprintf("this call must give %s a value: its default is %s, which flytekit doesn't take for a task's or a launch plan's input", binding.Name, binding.Value.Describe()), binding.Variable.defaultPlace(node.Entity)...)
			}
		}
		b.checkValue(f, binding, at)
	}
}

// checkValue tells of a value that nothing can be bound to.
func (b *builder) checkValue(f *pyeval.Frame, binding Binding, at ast.Span) {
	if b.unusable(f, binding.Value, at) {
		return
	}
	b.checkParts(f, binding, at, func(remark Remark) { b.reject(f, remark) })
}

// checkParts tells of what a value has that nothing can be bound to.
func (b *builder) checkParts(f *pyeval.Frame, binding Binding, at ast.Span, tell func(Remark)) {
	var pyType pyeval.Value
	if binding.Variable != nil {
		pyType = binding.Variable.PyType
	}
	u := &unbindable{f: f, name: binding.Name, at: at, tell: tell, left: maxLookedAt}
	u.value(binding.Value, pyType, binding.Expr)
}

// keepsDefault tells that flytekit reads the input's own default when a call
// leaves it out: a workflow gives its calls its defaults itself, and so does a
// launch plan with those that it has of its own (WorkflowBase.__call__,
// LaunchPlan.__call__).
func (e *Entity) keepsDefault(input *Variable) bool {
	switch {
	case nodeKind(e) == TaskNode:
		return true
	case e.Kind != LaunchPlan || e.Of == nil:
		return false
	}
	of := e.Of.Input(input.Name)
	return of != nil && of.DefaultValue == input.DefaultValue
}

// defaultPlace is where the default of an entity's input is written.
func (v *Variable) defaultPlace(e *Entity) []Place {
	if v.DefaultSpan == (ast.Span{}) {
		return nil
	}
	return []Place{{Module: e.Module, Span: v.DefaultSpan, Message: "the default of " + v.Name}}
}

// calleeSpan is where stands what a call calls.
func calleeSpan(c *pyeval.Call) ast.Span {
	if c.Expr != nil {
		return c.Expr.Func.Span()
	}
	return callSpan(c)
}

// certain tells that the source tells for certain what outputs the node has.
func (n *Node) certain() bool { return n.Entity == nil || n.Entity.Opaque == "" }

// results are the promises of the node's outputs.
func (n *Node) results(e *Entity) pyeval.Value {
	if e.OutputsUnknown != "" {
		return &Promise{Node: n}
	}
	promises := make([]*Promise, len(e.Outputs))
	for i, output := range e.Outputs {
		promises[i] = &Promise{Node: n, Var: output.Name, Type: output.PyType}
	}
	return n.output(promises, e.OutputTuple != "")
}

// output is what a call that makes the node gives
// (core/promise.py:create_task_output). tuple: a single output stays in its
// NamedTuple.
func (n *Node) output(promises []*Promise, tuple bool) pyeval.Value {
	switch {
	case len(promises) == 0:
		return &Void{Node: n}
	case len(promises) == 1 && !tuple:
		return promises[0]
	}
	return &Outputs{Promises: promises}
}

// span is where an expression stands; the empty span without one.
func span(expr ast.Expr) ast.Span {
	if expr == nil {
		return ast.Span{}
	}
	return expr.Span()
}

func callSpan(c *pyeval.Call) ast.Span { return span(callExpr(c)) }

// callExpr is the expression of a call, nil where there is none.
func callExpr(c *pyeval.Call) ast.Expr {
	if c.Expr == nil {
		return c.Decorator
	}
	return c.Expr
}

// place is where the node's call stands; the empty span without one.
func (n *Node) place() ast.Span {
	if n.Call == nil {
		return ast.Span{}
	}
	return n.Call.Span()
}
