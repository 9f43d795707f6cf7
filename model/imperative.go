package model

import (
	"github.com/flyte-lsp/flyte-lsp/parser/ast"
	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

const imperativeClass = "flytekit.core.workflow.ImperativeWorkflow"

// imperativeNatives are workflows that are put together by calls
// (core/workflow.py:ImperativeWorkflow).
var imperativeNatives = pyeval.Natives{
	imperativeClass: {
		Init: func(f *pyeval.Frame, self *pyeval.Instance, c *pyeval.Call) {
			e := start(f, ImperativeWorkflow, c)
			e.object, self.Extra = self, e
			if self.Call != nil {
				e.Maker, e.Settings = self.Call, self.Keywords
			}
			e.nameBy(f, c, 0)
			e.imperative = newImperative(f, e)
		},
		Apply: func(f *pyeval.Frame, self *pyeval.Instance, c *pyeval.Call) pyeval.Value {
			if e, ok := EntityOf(self); ok {
				return e.Call(f, c)
			}
			return nil
		},
		Member: func(f *pyeval.Frame, self *pyeval.Instance, name string) pyeval.Value {
			if e, ok := EntityOf(self); ok {
				return e.Attr(f, name)
			}
			return nil
		},
	},
}

// method is a bound method of a value of this package.
type method struct {
	name string
	call func(f *pyeval.Frame, c *pyeval.Call) pyeval.Value
}

// Describe says what the method is.
func (m *method) Describe() string { return "the method " + m.name }

// Call calls the method.
func (m *method) Call(f *pyeval.Frame, c *pyeval.Call) pyeval.Value { return m.call(f, c) }

// imperativeAttr is an attribute of an imperative workflow; nil if it is one
// that all workflows have.
func (e *Entity) imperativeAttr(f *pyeval.Frame, name string) pyeval.Value {
	switch name {
	case "add_workflow_input":
		return &method{name, e.addInput}
	case "add_workflow_output":
		return &method{name, e.addOutput}
	case "add_entity", "add_task", "add_launch_plan", "add_subwf":
		return &method{name, e.addNode}
	case "add_on_failure_handler":
		return &method{name, e.addFailureHandler}
	case "inputs":
		inputs := &keyed{dict: f.NewDict(nil), of: e.Describe(), what: "input", open: e.InputsUnknown != ""}
		for _, input := range e.Inputs {
			inputs.dict.Items = append(inputs.dict.Items, pyeval.Item{Key: pyeval.Str(input.Name), Value: &Promise{Var: input.Name, Type: input.PyType}})
		}
		return inputs
	}
	return nil
}

// changeable tells whether the entity may be changed: a module that is
// finished keeps its entities as they are, whatever others do with them.
func (e *Entity) changeable(f *pyeval.Frame) bool {
	return e.Module == f.Importing() && f.Unfinished()
}

// addInput is add_workflow_input: it gives a promise.
func (e *Entity) addInput(f *pyeval.Frame, c *pyeval.Call) pyeval.Value {
	name, unknown := text(f, c.Value(0, "input_name", pyeval.None{}))
	given, _ := c.Arg(1, "python_type")
	input := &Variable{Name: name, PyType: f.Resolve(given.Value)}
	if input.PyType == nil {
		input.PyType = &pyeval.Unknown{Reason: "its type isn't given"}
	}
	if given.Expr != nil {
		input.Type = sourceText(f.Module(), given.Expr)
	}
	input.Required = required(input.PyType, nil)
	promise := &Promise{Var: name, Type: input.PyType}
	if !e.changeable(f) {
		return promise
	}
	written, _ := c.Arg(0, "input_name")
	if unknown == "" {
		checkName(f, e, "input", name, e.Input(name) != nil, written)
		if constant, ok := written.Expr.(*ast.Constant); ok && f.Module() == e.Module && constant.Inner.End-constant.Inner.Start == len(name) {
			input.NameSpan = constant.Inner
		}
	}
	switch {
	case unknown != "":
		e.InputsUnknown = unknown
	case f.Conditional() && !e.Conditional:
		e.InputsUnknown = "a condition that the source doesn't tell decides over the input " + name
	default:
		e.Inputs = append(e.Inputs, input)
	}
	return promise
}

// addOutput is add_workflow_output: its type is the promise's, if none is
// given.
func (e *Entity) addOutput(f *pyeval.Frame, c *pyeval.Call) pyeval.Value {
	if !e.changeable(f) {
		return pyeval.None{}
	}
	name, unknown := text(f, c.Value(0, "output_name", pyeval.None{}))
	output := &Variable{Name: name}
	if given, ok := c.Arg(2, "python_type"); ok {
		output.PyType = f.Resolve(given.Value)
		if given.Expr != nil {
			output.Type = sourceText(f.Module(), given.Expr)
		}
	} else if promise, ok := f.Resolve(c.Value(1, "p", pyeval.None{})).(*Promise); ok && promise.Type != nil {
		output.PyType, output.Type = promise.Type, typeText(f, promise.Type)
	} else {
		output.PyType = &pyeval.Unknown{Reason: "the source doesn't tell the type of what the output " + name + " is taken from"}
	}
	written, _ := c.Arg(0, "output_name")
	if unknown == "" {
		checkName(f, e, "output", name, e.Output(name) != nil, written)
	}
	e.checkOutput(f, c)
	switch {
	case unknown != "":
		e.OutputsUnknown = unknown
	case f.Conditional() && !e.Conditional:
		e.OutputsUnknown = "a condition that the source doesn't tell decides over the output " + name
	default:
		e.Outputs = append(e.Outputs, output)
		given, _ := c.Arg(1, "p")
		body := e.imperative.body
		body.Outputs = append(body.Outputs, Binding{Name: name, Value: f.Resolve(given.Value), Variable: output, Span: span(given.Expr)})
	}
	return pyeval.None{}
}
