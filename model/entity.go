// Package model has what a workflow file defines: its tasks, workflows and
// launch plans with their names, interfaces and bodies, equal to what flytekit
// makes of the file when it imports it, or unknown with a reason.
package model

import (
	"github.com/flyte-lsp/flyte-lsp/parser/ast"
	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

// Kind says what an entity is, in Flyte's words.
type Kind string

// The kinds of entities.
const (
	Task                Kind = "task"
	Dynamic             Kind = "dynamic"
	Eager               Kind = "eager"
	MapTask             Kind = "map_task"
	InstanceTask        Kind = "instance_task" // Entity.Class names which
	Workflow            Kind = "workflow"
	ImperativeWorkflow  Kind = "imperative_workflow"
	LaunchPlan          Kind = "launchplan"
	ReferenceTask       Kind = "reference_task"
	ReferenceWorkflow   Kind = "reference_workflow"
	ReferenceLaunchPlan Kind = "reference_launchplan"
)

// Entity is a task, workflow or launch plan. It is a pyeval.Value: what the
// name of an entity stands for.
type Entity struct {
	Kind Kind
	// Class is the class of an InstanceTask: "ContainerTask", "ShellTask".
	Class string
	// Name is the entity's attribute in its module, "" if no name is bound to
	// it (a launch plan that is made by a statement). For Go's launch plans,
	// which have none, the name they register under.
	Name string
	// FullName is the name that it is registered under; "" with a Reason where
	// the source doesn't tell.
	FullName string
	// Loader are the task-module and task-name that the container loads it by;
	// empty for what has none.
	Loader [2]string
	// Path is the file that defines it, and Module that file's module.
	Path   string
	Module *pyeval.Module // nil of a Go file
	// Span reaches from the first decorator (Go: the doc comment) to the end
	// of the definition. NameSpan is the name in `def` or the assigned target.
	Span, NameSpan ast.Span
	// Anchor is the offset of the line above which lenses stand: the decorator
	// that is Flyte's, the directive, the assignment.
	Anchor int
	// Definition is the offset of the `def` or of the assignment.
	Definition int
	// Doc is the docstring without its indentation.
	Doc   string
	Async bool
	// Inputs are the interface's inputs in order, InputsUnknown why they, or
	// some of them, can't be told ("" if they are known). Outputs likewise; they
	// are named as flytekit names them: o0, o1, ... or a NamedTuple's fields.
	Inputs         []*Variable
	InputsUnknown  string
	Outputs        []*Variable
	OutputsUnknown string
	// Of is the entity that this one is made from: a launch plan's workflow, a
	// map task's task; nil if unknown. OfName is how it is written.
	Of     *Entity
	OfName string
	// Fixed names the fixed inputs of a launch plan.
	Fixed []string
	// Settings are the keyword arguments of the decorator or of the call that
	// makes the entity, and Maker that call; nil if bare.
	Settings []pyeval.Named
	Maker    *ast.Call
	// Function is what a function entity wraps.
	Function *pyeval.Function
	// Shadowed: a later definition in the module has the same name.
	Shadowed bool
	// Conditional: it is defined in a branch whose condition isn't known.
	Conditional bool
	// Opaque says why the interface is only a good guess, which no error may be
	// built on: a decorator that isn't known stands by, the name may be bound
	// again, ... "" if it is certain.
	Opaque string
}

// Variable is an input or an output.
type Variable struct {
	Name     string
	NameSpan ast.Span
	// Type is the annotation as written, "" if there is none, and PyType what it
	// stands for.
	Type     string
	TypeSpan ast.Span
	PyType   pyeval.Value
	// Default is the default's source text, and DefaultValue what it is.
	Default      string
	DefaultSpan  ast.Span
	DefaultValue pyeval.Value // nil if there is none
	// Required: an input that a run must be given
	// (core/interface.py:transform_inputs_to_parameters).
	Required bool
	// Doc is what the docstring says of it.
	Doc string
}

// Describe says what the entity is.
func (e *Entity) Describe() string { return string(e.Kind) + " " + e.Name }
