package model

import "github.com/flyte-lsp/flyte-lsp/pyeval"

// Call is what a call of the entity gives: promises in a workflow's body, and
// otherwise what comes out of a run, which isn't known.
func (e *Entity) Call(f *pyeval.Frame, c *pyeval.Call) pyeval.Value {
	if b, ok := f.Context.(*builder); ok && b.compiles && e.isAsync() {
		return b.startCoroutine(f, e, c)
	}
	return callEntity(f, e, c)
}

// Used tells of an entity that isn't called where the order of nodes is given.
func (e *Entity) Used(f *pyeval.Frame, use pyeval.Usage) {
	if use.How == ">>" || use.How == "<<" {
		rejected(f, "order-operator", use.At, e.Describe()+" isn't called here: only the results of calls have an order")
	}
}

// Attr is an attribute of the entity; nil if it isn't known.
func (e *Entity) Attr(f *pyeval.Frame, name string) pyeval.Value {
	if e.Kind == ImperativeWorkflow {
		if value := e.imperativeAttr(f, name); value != nil {
			return value
		}
	}
	switch name {
	case "name", "__name__":
		if name == "__name__" && e.Function != nil {
			return pyeval.Str(e.Function.Name)
		}
		if e.NameUnknown == "" {
			return pyeval.Str(e.FullName)
		}
	case "task_function", "_task_function", "_workflow_function", "__wrapped__":
		if e.Function != nil {
			return e.Function
		}
	case "workflow":
		if e.Kind == LaunchPlan && e.Of != nil {
			return e.Of.value()
		}
	case "clone_with":
		if e.Kind == LaunchPlan {
			return &method{name, e.cloneWith}
		}
	case "get_as_workflow":
		if e.Kind == Eager {
			return &method{name, e.asWorkflow}
		}
	case "with_overrides":
		return &method{name, e.withOverrides}
	case "__doc__":
		return pyeval.Str(e.Doc)
	}
	return nil
}

// value is the value that stands for the entity in Python.
func (e *Entity) value() pyeval.Value {
	if e.object != nil {
		return e.object
	}
	return e
}
