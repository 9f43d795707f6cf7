package parser

import (
	"slices"

	"github.com/flyte-lsp/flyte-lsp/parser/syntax"
)

// launchPlanParameters are the leading parameters of the functions of
// flytekit's LaunchPlan (core/launch_plan.py) that make launch plans.
var launchPlanParameters = map[string][]string{
	"LaunchPlan.get_or_create":           {"workflow", "name", "default_inputs", "fixed_inputs"},
	"LaunchPlan.create":                  {"name", "workflow", "default_inputs", "fixed_inputs"},
	"LaunchPlan.get_default_launch_plan": {"ctx", "workflow"},
}

// launchPlan reads `target = LaunchPlan.get_or_create(...)` and adds it to the
// module's entities.
func (r *pythonReader) launchPlan(statement, target, made syntax.Node) *Entity {
	call := r.call(made)
	plan := &Entity{
		Kind:      LaunchPlan,
		Name:      r.text(target),
		NameSpan:  span(target),
		Span:      span(statement),
		Anchor:    statement.Start(),
		Decorator: call,
		Opaque:    call.HasStar || call.HasDoubleStar,
	}
	values := map[string]syntax.Node{}
	position := 0
	parameters := launchPlanParameters[r.flyteName(made.Child("function"))]
	for child := range made.Child("arguments").Children() {
		switch child.Kind() {
		case "keyword_argument":
			values[r.text(child.Child("name"))] = child.Child("value")
		case "list_splat", "dictionary_splat", "ERROR":
		default:
			if position < len(parameters) {
				values[parameters[position]] = child
			}
			position++
		}
	}
	var ok bool
	if name := values["name"]; name.OK() && name.Kind() != "none" {
		if plan.RegisteredName, ok = r.literalString(name); !ok {
			plan.Opaque = true
		}
	}
	workflow := values["workflow"]
	plan.Workflow = r.dotted(expression{Node: workflow})
	if plan.defaults, ok = r.literalInputs(values["default_inputs"]); !ok {
		plan.Opaque = true
	}
	fixed, ok := r.literalInputs(values["fixed_inputs"])
	if !ok {
		plan.Opaque = true
	}
	for _, input := range fixed {
		plan.Fixed = append(plan.Fixed, input.Name)
	}
	if workflow.Kind() == "identifier" {
		if of := r.scope[r.text(workflow)].entity; of != nil && of.Kind == Workflow {
			*plan = *plan.WithWorkflow(of)
		}
	}
	r.module.Entities = append(r.module.Entities, plan)
	return plan
}

// literalString is the value of a string literal, or of a name that was
// assigned one.
func (r *pythonReader) literalString(n syntax.Node) (string, bool) {
	if n.Kind() == "identifier" {
		if bound := r.scope[r.text(n)]; bound.entity == nil && bound.definition.OK() {
			n = bound.definition
		}
	}
	if n.Kind() != "string" {
		return "", false
	}
	return stringValue(r.text(n))
}

// literalInputs reads `{"name": value}` or `dict(name=value)`, false if its
// names can't be told.
func (r *pythonReader) literalInputs(n syntax.Node) (inputs []Variable, ok bool) {
	switch n.Kind() {
	case "", "none":
		return nil, true
	case "dictionary":
		for pair := range n.Children() {
			name, ok := r.literalString(pair.Child("key"))
			if pair.Kind() != "pair" || !ok {
				return inputs, false
			}
			inputs = append(inputs, r.boundInput(name, pair.Child("key"), pair.Child("value")))
		}
		return inputs, true
	case "call":
		if r.qualify(expression{Node: n.Child("function")}) != "builtins.dict" {
			return nil, false
		}
		for arg := range n.Child("arguments").Children() {
			if arg.Kind() != "keyword_argument" {
				return inputs, false
			}
			inputs = append(inputs, r.boundInput(r.text(arg.Child("name")), arg.Child("name"), arg.Child("value")))
		}
		return inputs, true
	}
	return nil, false
}

func (r *pythonReader) boundInput(name string, key, value syntax.Node) Variable {
	return Variable{
		Name: name, NameSpan: span(key),
		Default: r.text(value), DefaultSpan: span(value), HasDefault: true,
	}
}

// WithWorkflow is a launch plan with the interface that it has from its
// workflow: the workflow's outputs, and the workflow's inputs with the launch
// plan's defaults, without those that it fixes
// (core/launch_plan.py:LaunchPlan.create). The spans of the inputs belong to
// the workflow's module, but for those of the launch plan's own defaults.
func (e *Entity) WithWorkflow(workflow *Entity) *Entity {
	plan := *e
	plan.Outputs, plan.OutputsKnown = workflow.Outputs, workflow.OutputsKnown
	plan.Opaque = plan.Opaque || workflow.Opaque
	plan.Inputs = make([]Variable, 0, len(workflow.Inputs))
	for _, input := range workflow.Inputs {
		if slices.Contains(e.Fixed, input.Name) {
			continue
		}
		for _, own := range e.defaults {
			if own.Name == input.Name {
				input.Default, input.DefaultSpan, input.HasDefault = own.Default, own.DefaultSpan, true
				input.Required = own.Default == "None" && !input.optional
			}
		}
		plan.Inputs = append(plan.Inputs, input)
	}
	return &plan
}
