package model

import (
	"slices"

	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

// newImperative is what an imperative workflow is put together in
// (core/workflow.py:ImperativeWorkflow.__init__).
func newImperative(f *pyeval.Frame, e *Entity) *builder {
	return &builder{
		body: &Body{Entity: e}, compiles: true, levels: []*level{{}},
		module: f.Importing(), within: e.Conditional,
	}
}

// entityNames are the names of the parameter of add_entity, add_task,
// add_launch_plan and add_subwf.
var entityNames = []string{"entity", "task", "launch_plan", "sub_wf"}

// addNode is add_entity and its like, which gives a node.
func (e *Entity) addNode(f *pyeval.Frame, c *pyeval.Call) pyeval.Value {
	b := e.imperative
	if !e.changeable(f) {
		b = newImperative(f, e) // the workflow stays as it is
	}
	call := *c
	if len(call.Args) == 0 {
		call.Keywords = slices.Clone(c.Keywords)
		for i, keyword := range call.Keywords {
			if slices.Contains(entityNames, keyword.Name) {
				call.Args, call.Keywords = []pyeval.Named{keyword}, slices.Delete(call.Keywords, i, i+1)
				break
			}
		}
	}
	around := f.Context
	f.Context = b
	defer func() { f.Context = around }()
	return createNode(f, &call)
}

// addFailureHandler is add_on_failure_handler: the handler is called with the
// workflow's inputs, and its node isn't among the others.
func (e *Entity) addFailureHandler(f *pyeval.Frame, c *pyeval.Call) pyeval.Value {
	b := e.imperative
	given, _ := c.Arg(0, "entity")
	handler, ok := EntityOf(f.Resolve(given.Value))
	switch {
	case !e.changeable(f):
	case !ok || b.conditional(f):
		b.incomplete(f, callSpan(c), "which task or workflow handles failures isn't known")
	default:
		b.failure(f, handler, b.inputs(e), failureNodeID)
		if given.Expr != nil {
			b.checkHandler(f, handler, span(given.Expr))
		}
	}
	return &pyeval.Unknown{Reason: "the node of a failure handler isn't looked into", Expr: callExpr(c)}
}

// imperativeBody is the body of an imperative workflow whose module is
// finished.
func imperativeBody(e *Entity) *Body {
	if e.imperative == nil {
		return &Body{Entity: e}
	}
	body := *e.imperative.body
	body.Nodes = e.imperative.levels[0].nodes
	for _, why := range []string{e.InputsUnknown, e.OutputsUnknown} {
		if why != "" {
			body.Incomplete = append(slices.Clip(body.Incomplete), Remark{Module: e.Module, Span: e.NameSpan, Message: why})
		}
	}
	return &body
}
