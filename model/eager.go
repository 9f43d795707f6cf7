package model

import (
	"github.com/flyte-lsp/flyte-lsp/parser/ast"
	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

// asWorkflow is get_as_workflow of an eager task: an imperative workflow that
// runs it, and a task that ends what it started
// (core/python_function_task.py:EagerAsyncPythonFunctionTask.get_as_workflow).
func (e *Entity) asWorkflow(f *pyeval.Frame, c *pyeval.Call) pyeval.Value {
	cleanup := start(f, InstanceTask, c)
	cleanup.Name, cleanup.NameSpan = "", ast.Span{}
	cleanup.Class, cleanup.taskType = "EagerFailureHandlerTask", "eager_failure_handler_task"
	cleanup.NameUnknown, cleanup.InputsUnknown, cleanup.Opaque = e.NameUnknown, e.InputsUnknown, e.Opaque
	if e.NameUnknown == "" {
		cleanup.FullName = e.FullName + "-cleanup"
	}
	made := f.CallValue(&pyeval.Native{Name: imperativeClass}, &pyeval.Call{
		Args: []pyeval.Named{{Value: f.Attr(e, "name")}}, Expr: c.Expr,
	})
	workflow, ok := EntityOf(made)
	if !ok {
		return made
	}
	workflow.InputsUnknown, workflow.OutputsUnknown, workflow.Opaque = e.InputsUnknown, e.OutputsUnknown, e.Opaque
	run := &pyeval.Call{Args: []pyeval.Named{{Value: e}}, Expr: c.Expr}
	for _, input := range e.Inputs {
		name := pyeval.Named{Value: pyeval.Str(input.Name)}
		promise := workflow.addInput(f, &pyeval.Call{Args: []pyeval.Named{name, {Value: input.PyType}}})
		run.Keywords = append(run.Keywords, pyeval.Named{Name: input.Name, Value: promise})
		cleanup.Inputs = append(cleanup.Inputs, &Variable{
			Name: input.Name, Type: input.Type, PyType: input.PyType, Required: required(input.PyType, nil), Doc: input.Doc,
		})
		if taken := workflow.Input(input.Name); taken != nil {
			taken.Type = input.Type
		}
	}
	outputs := f.Attr(workflow.addNode(f, run), "outputs")
	for _, output := range e.Outputs {
		name := pyeval.Str(output.Name)
		workflow.addOutput(f, &pyeval.Call{Args: []pyeval.Named{{Value: name}, {Value: f.Index(outputs, name)}}})
	}
	workflow.addFailureHandler(f, &pyeval.Call{Args: []pyeval.Named{{Value: cleanup}}, Expr: c.Expr})
	return made
}
