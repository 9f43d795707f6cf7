package model

import (
	"fmt"

	"github.com/flyte-lsp/flyte-lsp/parser/ast"
	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

// noHandler tells of an on_failure that is neither a task nor a workflow.
func (b *builder) noHandler(f *pyeval.Frame, value pyeval.Value, at ast.Span) {
	switch v := value.(type) {
	case *pyeval.Function:
		var related []Place
		if v.Def != nil {
			related = []Place{{v.Module, v.Def.Name.Span(), v.Name + " is defined here"}}
		}
		b.rejected(f, "failure-node-entity", at, "on_failure takes a task or a workflow, and this is "+v.Describe()+": decorate it with @task", related...)
	case *pyeval.Class, pyeval.Str, pyeval.Bool, pyeval.Int, *pyeval.List:
		b.rejected(f, "failure-node-entity", at, "on_failure takes a task or a workflow, and this is "+v.Describe())
	}
}

// checkHandler tells of inputs of a failure handler that don't fit the
// workflow's: it has all of these, of the same types, and further ones only if
// they are Optional.
func (b *builder) checkHandler(f *pyeval.Frame, handler *Entity, at ast.Span) {
	workflow := b.body.Entity
	if handler.Opaque != "" || workflow.Opaque != "" || handler.InputsUnknown != "" || workflow.InputsUnknown != "" {
		return
	}
	wrong := func(message string, related ...Place) {
		b.rejected(f, "failure-node-inputs", at, message, related...)
	}
	for _, input := range workflow.Inputs {
		if handler.Input(input.Name) == nil {
			wrong(fmt.Sprintf("the failure handler %s needs an input %s, as the workflow has it", handler.Name, input.Name), input.place(workflow)...)
		}
	}
	for _, input := range handler.Inputs {
		given := workflow.Input(input.Name)
		if given == nil {
			if _, unknown := input.PyType.(*pyeval.Unknown); !unknown && !isOptional(input.PyType) {
				wrong(fmt.Sprintf("the input %s of the failure handler %s must be Optional, or one of the workflow's", input.Name, handler.Name), input.place(handler)...)
			}
			continue
		}
		if otherType(input.PyType, given.PyType) {
			wrong(fmt.Sprintf("the input %s of the failure handler %s must have the type that the workflow's has", input.Name, handler.Name),
				append(input.place(handler), given.place(workflow)...)...)
		}
	}
}

// place is where a variable of an entity is written; none where it is written
// elsewhere.
func (v *Variable) place(e *Entity) []Place {
	if v.NameSpan == (ast.Span{}) {
		return nil
	}
	return []Place{{e.Module, v.NameSpan, "the input " + v.Name + " of " + e.Describe()}}
}

// otherType tells that two types certainly aren't equal.
func otherType(a, b pyeval.Value) bool {
	switch a := a.(type) {
	case *pyeval.Native:
		switch b := b.(type) {
		case *pyeval.Native:
			return a.Name != b.Name
		case *pyeval.Class, *pyeval.Union:
			return true
		}
	case *pyeval.Class:
		switch b.(type) {
		case *pyeval.Native, *pyeval.Union:
			return true
		}
	case *pyeval.Union:
		switch b.(type) {
		case *pyeval.Native, *pyeval.Class:
			return true
		}
	}
	return false
}
