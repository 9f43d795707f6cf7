package model

import (
	"fmt"

	"github.com/flyte-lsp/flyte-lsp/parser/ast"
	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

// coroutine is what a call of an async task or of an eager workflow gives while
// a workflow is compiled: nothing awaits it, and no node is made
// (core/python_function_task.py:AsyncPythonFunctionTask.__call__).
type coroutine struct {
	entity *Entity
	call   *pyeval.Call
	// used: its use is told of. escaped: something is given it that may await it.
	used, escaped bool
}

// Describe says what the value is.
func (c *coroutine) Describe() string { return "the coroutine of " + c.entity.Describe() }

// isAsync tells whether a call of the entity gives a coroutine.
func (e *Entity) isAsync() bool {
	return e.Async && (e.Kind == Task || e.Kind == Eager || e.Kind == Dynamic) && e.Opaque == ""
}

// startCoroutine is a call of an async entity in a workflow.
func (b *builder) startCoroutine(f *pyeval.Frame, e *Entity, c *pyeval.Call) pyeval.Value {
	made := &coroutine{entity: e, call: c}
	if f.Module() == b.body.Entity.Module {
		b.coroutines = append(b.coroutines, started{made, b.certainly(f), f.Module()})
	}
	return made
}

// started is a coroutine, and whether it is certain that it is made.
type started struct {
	*coroutine
	certain bool
	module  *pyeval.Module
}

// dropped tells of the coroutines that nothing has used: their nodes aren't
// made.
func (b *builder) dropped() {
	for _, c := range b.coroutines {
		if !c.used && !c.escaped {
			b.body.Remarks = addRemark(b.body.Remarks, Remark{
				Module: c.module, Span: calleeSpan(c.call), Code: "workflow-calls-async", Certain: c.certain, Related: c.entity.defined(),
				Message: fmt.Sprintf("%s is async: the call gives a coroutine that nothing awaits, and makes no node", c.entity.Describe()),
			})
		}
	}
}

func (e *Entity) defined() []Place {
	return []Place{{e.Module, e.NameSpan, e.Describe() + " is defined here"}}
}

// rejected tells of the use of a coroutine as what it would give.
func (c *coroutine) rejected(f *pyeval.Frame, tell func(Remark)) pyeval.Value {
	message := fmt.Sprintf("%s is async: the call gives a coroutine in a workflow, and not its output; call it in an @eager workflow, or make it a plain task", c.entity.Describe())
	if !c.used && !c.escaped {
		c.used = true
		tell(Remark{Span: calleeSpan(c.call), Code: "workflow-calls-async", Message: message, Related: c.entity.defined(), Rejects: true})
	}
	return &pyeval.Unknown{Reason: message, Expr: callExpr(c.call)}
}

func (c *coroutine) misused(f *pyeval.Frame) pyeval.Value {
	return c.rejected(f, func(remark Remark) {
		if b, ok := f.Context.(*builder); ok && b.compiles {
			b.reject(f, remark)
		}
	})
}

// Attr is what a coroutine has itself: nothing of what it would give.
func (c *coroutine) Attr(f *pyeval.Frame, name string) pyeval.Value {
	switch name {
	case "send", "throw", "close", "cr_await", "cr_running", "cr_frame", "cr_code", "":
		c.escaped = true
		return &pyeval.Unknown{Reason: name + " of a coroutine is Python's own"}
	}
	if isDunder(name) {
		return &pyeval.Unknown{Reason: name + " of a coroutine is Python's own"}
	}
	return c.misused(f)
}

// Index is what Python rejects.
func (c *coroutine) Index(f *pyeval.Frame, _ pyeval.Value) pyeval.Value { return c.misused(f) }

// Iterate is what Python rejects.
func (c *coroutine) Iterate(f *pyeval.Frame) ([]pyeval.Value, bool) {
	c.misused(f)
	return nil, false
}

// Operate is what Python rejects, but comparisons for equality.
func (c *coroutine) Operate(f *pyeval.Frame, op string, _ pyeval.Value, _ bool, _ ast.Expr) pyeval.Value {
	if op == "==" || op == "!=" {
		return nil
	}
	return c.misused(f)
}

// Used tells of a function that is given it, which may await it.
func (c *coroutine) Used(f *pyeval.Frame, use pyeval.Usage) {
	if use.Call != nil {
		c.escaped = true
		if b, ok := f.Context.(*builder); ok && b.compiles {
			b.UnknownCall(f, c.call)
		}
	}
}
