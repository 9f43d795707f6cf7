package model

import (
	"fmt"
	"slices"

	"github.com/flyte-lsp/flyte-lsp/parser/ast"
	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

// bodyMemo keeps the body of an entity once it was asked for.
type bodyMemo struct {
	memo
	body *Body
}

// Body is what the function of an entity does, an entity of the module or one
// that it imports. It is read when it is first asked for, and empty for what
// has no function in the source, and for Go's entities.
func (m *Module) Body(e *Entity) *Body {
	e.body.do(func() { e.body.body = newBody(m.program, e, nil) })
	return e.body.body
}

// newBody evaluates the function of an entity. It is empty for what has no
// function in the source. seen is told of the values of expressions, if it isn't
// nil.
func newBody(program *pyeval.Program, e *Entity, seen func(*pyeval.Frame, ast.Expr, pyeval.Value)) *Body {
	if e.Kind == ImperativeWorkflow {
		return imperativeBody(e)
	}
	b := &builder{body: &Body{Entity: e}, compiles: e.Kind == Workflow || e.Kind == Dynamic}
	if e.Function == nil || !hasBody(e.Kind) {
		return b.body
	}
	base := &level{}
	if e.Kind == Dynamic {
		// core/python_function_task.py:compile_into_workflow
		base.prefix = "d"
	}
	b.levels = []*level{base}
	f := program.Frame(e.Module)
	f.Context = b
	if seen != nil {
		f.Watch(seen)
	}
	defer func() { b.done = true }()
	if e.InputsUnknown != "" {
		b.incomplete(f, e.NameSpan, e.InputsUnknown)
	}
	inputs := b.inputs(e)
	for _, input := range inputs {
		b.given = append(b.given, input.Value)
	}
	runs := e.runs
	switch runs.(type) {
	case *pyeval.Function, *pyeval.Partial, *pyeval.Instance:
	case nil:
		runs = e.Function
	default:
		b.unsure = true
		b.incomplete(f, e.NameSpan, "whether and how the decorators of "+e.Name+" call it isn't known")
		runs = e.Function
	}
	returned := f.Resolve(f.CallValue(runs, &pyeval.Call{Func: runs, Keywords: inputs}))
	for len(b.levels) > 1 {
		b.abandon(f)
	}
	b.uncalled(f)
	b.body.Nodes = base.nodes
	if !b.compiles {
		return b.body
	}
	b.bindOutputs(f, returned)
	b.dropped()
	b.lostNodes()
	if e.Kind == Workflow {
		b.bindFailure(f, inputs)
	}
	return b.body
}

// uncalled looks into functions in the body that nothing calls as far as the
// source tells: something may call them that isn't known. The functions of
// entities are called when these run.
func (b *builder) uncalled(f *pyeval.Frame) {
	for range maxUncalled {
		functions := slices.DeleteFunc(f.Uncalled(), func(fn *pyeval.Function) bool {
			return slices.ContainsFunc(f.Made(), func(made any) bool {
				e, ok := made.(*Entity)
				return ok && e.Function == fn
			})
		})
		if len(functions) == 0 {
			break
		}
		f.MayCall(functions[0], &pyeval.Call{Func: functions[0], Open: true})
	}
}

// maxUncalled bounds the functions of a body that are looked into without a
// call.
const maxUncalled = 100

func hasBody(kind Kind) bool {
	switch kind {
	case Task, Dynamic, Eager, Workflow:
		return true
	}
	return false
}

// inputs are what the function is called with: a workflow's with promises, the
// others' with values that aren't known.
func (b *builder) inputs(e *Entity) []pyeval.Named {
	inputs := make([]pyeval.Named, len(e.Inputs))
	for i, input := range e.Inputs {
		inputs[i] = pyeval.Named{Name: input.Name, Value: &Promise{Var: input.Name, Type: input.PyType}}
		if e.Kind != Workflow && e.Kind != ImperativeWorkflow {
			inputs[i].Value = &pyeval.Unknown{Reason: fmt.Sprintf("the input %s is only known when %s runs", input.Name, e.Name)}
		}
	}
	return inputs
}

// bindFailure makes the node of the on_failure handler, which is called with
// the workflow's inputs
// (core/workflow.py:PythonFunctionWorkflow._validate_add_on_failure_handler).
func (b *builder) bindFailure(f *pyeval.Frame, inputs []pyeval.Named) {
	e := b.body.Entity
	for _, setting := range e.Settings {
		if setting.Name != "on_failure" {
			continue
		}
		value := f.Resolve(setting.Value)
		handler, ok := EntityOf(value)
		if !ok {
			if _, none := value.(pyeval.None); !none {
				b.incomplete(f, span(setting.Expr), "which task or workflow handles failures isn't known")
				b.noHandler(f, value, span(setting.Expr))
			}
			return
		}
		b.failure(f, handler, inputs, "fn0")
		b.checkHandler(f, handler, span(setting.Expr))
	}
}

// failure makes the node of a failure handler.
func (b *builder) failure(f *pyeval.Frame, handler *Entity, inputs []pyeval.Named, id string) {
	around := f.Context
	f.Context = b
	level := &level{}
	b.levels = append(b.levels, level)
	callEntity(f, handler, &pyeval.Call{Func: handler, Keywords: inputs})
	b.levels = b.levels[:len(b.levels)-1]
	f.Context = around
	b.body.Failure = level.nodes[0]
	b.body.Failure.ID = id
}
