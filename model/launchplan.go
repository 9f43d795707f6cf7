package model

import (
	"slices"

	"github.com/flyte-lsp/flyte-lsp/parser/ast"
	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

const launchPlanClass = "flytekit.core.launch_plan.LaunchPlan"

// The natives that make launch plans (core/launch_plan.py:LaunchPlan).
var launchPlanNatives = pyeval.Natives{
	launchPlanClass + ".get_or_create": {Call: func(f *pyeval.Frame, c *pyeval.Call) pyeval.Value {
		return launchPlan(f, c, append([]string{"workflow", "name"}, LaunchPlanSettings...))
	}},
	launchPlanClass + ".create": {Call: func(f *pyeval.Frame, c *pyeval.Call) pyeval.Value {
		return launchPlan(f, c, append([]string{"name", "workflow"}, LaunchPlanSettings...))
	}},
	launchPlanClass + ".get_default_launch_plan": {Call: func(f *pyeval.Frame, c *pyeval.Call) pyeval.Value {
		return launchPlan(f, c, []string{"ctx", "workflow"})
	}},
}

// launchPlan makes a launch plan of a call with these parameters, or finds the
// one that was made under its name (LaunchPlan.CACHE).
func launchPlan(f *pyeval.Frame, c *pyeval.Call, params []string) pyeval.Value {
	arg := func(name string) (pyeval.Named, bool) {
		named, ok := c.Arg(slices.Index(params, name), name)
		if !ok {
			return named, false
		}
		_, none := f.Resolve(named.Value).(pyeval.None)
		return named, !none
	}
	given, ok := arg("workflow")
	if !ok {
		given.Value = &pyeval.Unknown{Reason: "its workflow isn't given"}
	}
	workflow, _ := EntityOf(f.Resolve(given.Value))
	var fullName, nameUnknown string
	if name, ok := arg("name"); ok {
		fullName, nameUnknown = text(f, name.Value)
	} else if workflow != nil {
		fullName, nameUnknown = workflow.FullName, workflow.NameUnknown
	} else {
		nameUnknown = why(f.Resolve(given.Value), "the source doesn't tell its workflow")
	}
	if made := cached(f, workflow, fullName); made != nil {
		made.madeAgain(f, c, workflow, params)
		return made
	}
	e := start(f, LaunchPlan, c)
	e.plan = c
	e.FullName, e.NameUnknown = fullName, nameUnknown
	e.Of = workflow
	if given.Expr != nil {
		e.OfName = sourceText(f.Module(), given.Expr)
	}
	if workflow == nil {
		e.InputsUnknown = why(f.Resolve(given.Value), "the source doesn't tell its workflow")
		e.OutputsUnknown = e.InputsUnknown
		return e
	}
	e.Doc = workflow.Doc
	e.Outputs, e.OutputsUnknown, e.OutputTuple = workflow.Outputs, workflow.OutputsUnknown, workflow.OutputTuple
	e.InputsUnknown, e.Opaque = workflow.InputsUnknown, workflow.Opaque
	for _, input := range workflow.Inputs {
		v := input.clone()
		if workflow.Module != e.Module {
			v.NameSpan, v.TypeSpan, v.DefaultSpan = ast.Span{}, ast.Span{}, ast.Span{}
		}
		e.Inputs = append(e.Inputs, v)
	}
	if defaults, ok := arg("default_inputs"); ok {
		e.defaultInputs(f, defaults)
	}
	if fixed, ok := arg("fixed_inputs"); ok {
		e.fixedInputs(f, fixed)
	}
	if c.Open {
		e.Opaque = "not all of its arguments can be told from the source"
	}
	return e
}

// cloneWith is LaunchPlan.clone_with: another launch plan of the workflow, with
// the same inputs unless others are given.
func (e *Entity) cloneWith(f *pyeval.Frame, c *pyeval.Call) pyeval.Value {
	clone := start(f, LaunchPlan, c)
	clone.nameBy(f, c, 0)
	clone.Of, clone.OfName, clone.Doc, clone.Fixed, clone.Opaque = e.Of, e.OfName, e.Doc, e.Fixed, e.Opaque
	clone.InputsUnknown = e.InputsUnknown
	clone.Outputs, clone.OutputsUnknown, clone.OutputTuple = e.Outputs, e.OutputsUnknown, e.OutputTuple
	for _, input := range e.Inputs {
		v := input.clone()
		v.NameSpan, v.TypeSpan, v.DefaultSpan = ast.Span{}, ast.Span{}, ast.Span{}
		clone.Inputs = append(clone.Inputs, v)
	}
	for i, name := range []string{"parameters", "fixed_inputs"} {
		if _, given := c.Arg(1+i, name); given {
			clone.InputsUnknown = "its " + name + " are given as Flyte's messages, which aren't read"
		}
	}
	return clone
}

// cached is the launch plan of that name that the module, or the one of its
// workflow, made before; nil if there is none.
func cached(f *pyeval.Frame, workflow *Entity, fullName string) *Entity {
	if fullName == "" {
		return nil
	}
	made := f.Made()
	if workflow != nil && workflow.Module != nil && workflow.Module != f.Importing() {
		made = slices.Concat(workflow.Module.Made, made)
	}
	for _, one := range made {
		if e, ok := one.(*Entity); ok && e.Kind == LaunchPlan && e.FullName == fullName {
			return e
		}
	}
	return nil
}

// defaultInputs puts the launch plan's own defaults over the workflow's.
func (e *Entity) defaultInputs(f *pyeval.Frame, given pyeval.Named) {
	for name, value := range e.givenInputs(f, given, false) {
		if v := e.Input(name); v != nil {
			v.DefaultValue = f.Resolve(value)
			v.Default, v.DefaultSpan = "", ast.Span{}
			if _, expr := entryOf(given.Expr, v.Name); expr != nil {
				v.Default = sourceText(f.Module(), expr)
				if f.Module() == e.Module {
					v.DefaultSpan = expr.Span()
				}
			}
			v.Required = required(v.PyType, v.DefaultValue)
		}
	}
}

// fixedInputs takes the inputs away that the launch plan fixes.
func (e *Entity) fixedInputs(f *pyeval.Frame, given pyeval.Named) {
	for name := range e.givenInputs(f, given, true) {
		e.Fixed = append(e.Fixed, name)
		e.Inputs = slices.DeleteFunc(e.Inputs, func(v *Variable) bool { return v.Name == name })
	}
}
