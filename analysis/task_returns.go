package analysis

import (
	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

// eachTaskReturn gives the return statements with a value of the tasks whose
// functions stand in the file, and which no other decorator calls.
func (p *pass) eachTaskReturn(f func(*model.Entity, *model.Return)) {
	for _, entity := range p.Module.Entities {
		if entity.Kind != model.Task && entity.Kind != model.Eager || entity.Opaque != "" || entity.OutputsUnknown != "" ||
			entity.Function == nil || entity.Function.Def == nil || len(entity.Function.Def.Decorators) > 1 || !p.here(entity.Function.Module) {
			continue
		}
		for _, r := range p.Module.Body(entity).Returns {
			if r.Stmt.Value != nil {
				f(entity, r)
			}
		}
	}
}

// taskBindings give a task's outputs the values of a return statement: false
// where the source doesn't tell, or they differ in number
// (core/base_task.py:_output_to_literal_map).
func taskBindings(entity *model.Entity, r *model.Return) ([]model.Binding, bool) {
	bind := func(values ...pyeval.Value) ([]model.Binding, bool) {
		bindings := make([]model.Binding, len(values))
		for i, value := range values {
			bindings[i] = model.Binding{
				Name: entity.Outputs[i].Name, Value: value, Variable: entity.Outputs[i], Expr: model.ReturnedAt(r.Stmt.Value, i, len(values)),
			}
		}
		return bindings, true
	}
	elements, isTuple := returnedParts(r.Value)
	_, namedTuple := r.Value.(*pyeval.Instance)
	switch {
	case len(entity.Outputs) == 1 && entity.OutputTuple == "":
		return bind(r.Value)
	case len(entity.Outputs) == 1 && !isTuple && !namedTuple:
		return bind(r.Value)
	case isTuple && len(elements) == len(entity.Outputs):
		return bind(elements...)
	}
	return nil, false
}

// returnedParts are the elements of a tuple or of a list that are all known.
func returnedParts(value pyeval.Value) ([]pyeval.Value, bool) {
	switch v := value.(type) {
	case *pyeval.Tuple:
		return v.Elems, true
	case *pyeval.List:
		return v.Elems, !v.Open
	}
	return nil, false
}
