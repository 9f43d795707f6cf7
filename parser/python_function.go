package parser

import (
	"strconv"

	"github.com/flyte-lsp/flyte-lsp/parser/syntax"
)

var decoratorKinds = map[string]Kind{"task": Task, "dynamic": Dynamic, "workflow": Workflow}

// decorated reads a function or class with decorators.
func (r *pythonReader) decorated(n syntax.Node) {
	definition := n.Child("definition")
	name := r.text(definition.Child("name"))
	if definition.Kind() == "class_definition" {
		r.bind(name, binding{definition: definition})
		return
	}
	entity := r.functionEntity(n, definition)
	r.bind(name, binding{entity: entity})
	if entity == nil {
		return
	}
	r.conditional[entity] = r.branches > 0
	r.module.Entities = append(r.module.Entities, entity)
	if entity.Kind == Workflow || entity.Kind == Dynamic {
		r.bodies = append(r.bodies, workflowBody{
			entity:     entity,
			parameters: definition.Child("parameters"),
			body:       definition.Child("body"),
		})
	}
}

// functionEntity is the entity that a decorated function becomes, nil if none
// of its decorators is flytekit's.
func (r *pythonReader) functionEntity(n, function syntax.Node) *Entity {
	name := function.Child("name")
	if name.Missing() || name.Start() == name.End() {
		return nil
	}
	var entity *Entity
	decorators := 0
	for child := range n.Children() {
		if child.Kind() != "decorator" {
			continue
		}
		decorators++
		expression := child.First()
		callee, call := expression, (*Call)(nil)
		if expression.Kind() == "call" {
			callee = expression.Child("function")
		}
		kind, ok := decoratorKinds[r.flyteName(callee)]
		if !ok {
			continue
		}
		if expression.Kind() == "call" {
			call = r.call(expression)
		}
		// Decorators apply from the last to the first: the first that is
		// flytekit's says what it is in the end. But lenses stand on the last,
		// lest they jump to each decorator that is typed above, for a function
		// to come.
		if entity == nil {
			entity = &Entity{Kind: kind, Decorator: call}
		}
		entity.Anchor = child.Start()
	}
	if entity == nil {
		return nil
	}
	entity.Opaque = decorators > 1
	entity.Name, entity.NameSpan = r.text(name), span(name)
	entity.Span = span(n)
	for child := range function.All() {
		entity.Async = entity.Async || child.Kind() == "async"
	}
	entity.Inputs = r.inputs(function.Child("parameters"), pickleUntyped(entity.Decorator))
	if returns := function.Child("return_type"); returns.OK() {
		entity.Outputs, entity.OutputsKnown = r.outputs(r.expression(returns), 0)
	} else {
		entity.OutputsKnown = true
		if pickleUntyped(entity.Decorator) {
			entity.Outputs = []Variable{{Name: "o0"}}
		}
	}
	entity.Doc = r.docstring(function.Child("body"))
	describe(entity)
	return entity
}

// pickleUntyped tells whether flytekit takes what has no annotation as Any.
func pickleUntyped(decorator *Call) bool {
	arg, ok := decorator.Arg("pickle_untyped")
	return ok && arg.Value == "True"
}

// inputs are the parameters, as Python's inspect.signature lists them.
func (r *pythonReader) inputs(parameters syntax.Node, untyped bool) []Variable {
	var inputs []Variable
	for child := range parameters.Children() {
		name := r.parameterName(child)
		if !name.OK() || name.Missing() {
			continue
		}
		input := Variable{Name: r.text(name), NameSpan: span(name), Required: true}
		if annotation := child.Child("type"); annotation.OK() {
			input.Type, input.TypeSpan = r.text(annotation), span(annotation)
			input.optional = r.optional(r.expression(annotation), 0)
			input.Required = !input.optional
		}
		if value := child.Child("value"); value.OK() {
			input.Default, input.DefaultSpan, input.HasDefault = r.text(value), span(value), true
			input.Required = input.Required && value.Kind() == "none"
		}
		inputs = append(inputs, input)
	}
	return inputs
}

// parameterName is the node of a parameter's name, no node for the separators
// `*` and `/`.
func (r *pythonReader) parameterName(n syntax.Node) syntax.Node {
	switch n.Kind() {
	case "identifier":
		return n
	case "default_parameter", "typed_default_parameter":
		return n.Child("name")
	case "typed_parameter", "list_splat_pattern", "dictionary_splat_pattern":
		return r.parameterName(n.First())
	}
	return syntax.Node{}
}

// call reads a call with its arguments.
func (r *pythonReader) call(n syntax.Node) *Call {
	function := n.Child("function")
	call := &Call{Callee: r.dotted(expression{Node: function}), Span: span(n), CalleeSpan: span(function)}
	for child := range n.Child("arguments").Children() {
		switch child.Kind() {
		case "keyword_argument":
			name, value := child.Child("name"), child.Child("value")
			call.Args = append(call.Args, Arg{
				Name: r.text(name), NameSpan: span(name),
				Value: r.text(value), ValueSpan: span(value),
			})
		case "list_splat":
			call.HasStar = true
		case "dictionary_splat":
			call.HasDoubleStar = true
		case "ERROR":
		default:
			call.Args = append(call.Args, Arg{Value: r.text(child), ValueSpan: span(child)})
		}
	}
	return call
}

// numbered names outputs as flytekit does (core/interface.py:default_output_name).
func numbered(index int) string { return "o" + strconv.Itoa(index) }
