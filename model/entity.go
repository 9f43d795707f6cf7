// Package model has what a workflow file defines: its tasks, workflows and
// launch plans with their names, interfaces and bodies, equal to what flytekit
// makes of the file when it imports it, or unknown with a reason.
package model

import (
	"strings"

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
// name of an entity stands for. An object of a class that derives from one of
// flytekit's, such as ContainerTask, is a *pyeval.Instance instead, whose
// Extra is the entity: EntityOf finds both.
type Entity struct {
	Kind Kind
	// Class is the class of an InstanceTask: "ContainerTask", "ShellTask".
	Class string
	// Name is the entity's attribute in its module, "Class.attribute" of one in
	// a class, "" if no name is bound to it (a launch plan that is made by a
	// statement). For Go's launch plans, which have none, the name they
	// register under.
	Name string
	// FullName is the name that it is registered under; "" where the source
	// doesn't tell, for NameUnknown.
	FullName    string
	NameUnknown string
	// Loader are the task-module and task-name that the container loads it by
	// (core/python_auto_container.py:DefaultTaskResolver.loader_args); empty for
	// what has none.
	Loader [2]string
	// Path is the file that defines it: the one whose import makes it. Module is
	// that file's module.
	Path   string
	Module *pyeval.Module // nil of a Go file
	// Span reaches from the first decorator (Go: the doc comment) to the end
	// of the definition. NameSpan is the name in `def` or the assigned target.
	Span, NameSpan ast.Span
	// Anchor is the offset of the line above which lenses stand: the decorator
	// that is Flyte's, the directive, the assignment.
	Anchor int
	// Definition is the offset of the `def`, or of the statement of the module
	// or of a class that makes the entity.
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
	// Returns is the whole that a function returns, with its annotation; nil if it
	// has none.
	Returns *Variable
	// OutputTuple is the name of the NamedTuple that a function returns, "" if
	// it returns none (core/interface.py:Interface.output_tuple_name).
	OutputTuple string
	// Of is the entity that this one is made from: a launch plan's workflow, a
	// map task's task; nil if unknown. OfName is how it is written.
	Of     *Entity
	OfName string
	// Fixed names the fixed inputs of a launch plan, Bound the inputs of a map
	// task that aren't mapped over.
	Fixed, Bound []string
	// Given are the values that a launch plan gives its workflow's inputs, in the
	// order of the source.
	Given []GivenInput
	// Settings are the keyword arguments of the decorator or of the call that
	// makes the entity, and Maker that call; nil if bare.
	Settings []pyeval.Named
	Maker    *ast.Call
	// SettingsOf is the canonical name of flytekit's function or class that is
	// given the Settings; "" where a class of the user's or of a plugin is.
	// SettingsOpen: there are further settings that aren't known.
	SettingsOf   string
	SettingsOpen bool
	// Function is what a function entity wraps.
	Function *pyeval.Function
	// Decorated is the function of the `def` that the entity's decorator stands
	// above: other than Function if a decorator between them makes another; nil
	// where the entity isn't made by a decorator.
	Decorated *pyeval.Function
	// Shadowed: a later definition in the module has the same name.
	Shadowed bool
	// Conditional: it is defined in a branch whose condition isn't known. If it is,
	// its interface is this one; if the name may stand for something else then,
	// it is Opaque too.
	Conditional bool
	// Guarded: a try or a with statement around may catch what making it raises.
	Guarded bool
	// Opaque says why the interface is only a good guess, which no error may be
	// built on: a decorator that isn't known stands by, the name may be bound
	// again, ... "" if it is certain.
	Opaque string

	// module and function are the module's and the function's name by which
	// flytekit knows what a function entity is made of.
	module, function string
	// taskType is the task_type of an InstanceTask, which its map tasks are
	// named by, and object the Instance whose Extra it is.
	taskType string
	object   *pyeval.Instance
	// autoContainer: flytekit's default resolver loads it.
	autoContainer bool
	// registered: flytekit registers it although no name is bound to it.
	registered bool
	// plan is the call that makes a launch plan.
	plan *pyeval.Call
	// boundValues are the values of Bound that are given with the map task
	// itself, by functools.partial for example.
	boundValues []pyeval.Named
	// runs is the object that is called for the function: Function, or what a
	// decorator made of it.
	runs pyeval.Value
	// imperative is what an imperative workflow is put together in.
	imperative *builder
	// body is what Body has evaluated.
	body bodyMemo
}

// Variable is an input or an output.
type Variable struct {
	Name string
	// NameSpan, TypeSpan and DefaultSpan are places in the entity's file, empty
	// where it is written elsewhere.
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

	// annotation is the expression of the annotation, and in the scope that it
	// stands in.
	annotation ast.Expr
	in         *pyeval.Scope
	types      typeCache
}

// Describe says what the entity is: "map task squares", "ShellTask count".
func (e *Entity) Describe() string {
	what := strings.ReplaceAll(string(e.Kind), "_", " ")
	if e.Class != "" {
		what = e.Class
	}
	return what + " " + e.Name
}

// EntityOf is the entity that a value is; false if it is none.
func EntityOf(value pyeval.Value) (*Entity, bool) {
	switch v := value.(type) {
	case *Entity:
		return v, true
	case *pyeval.Instance:
		e, ok := v.Extra.(*Entity)
		return e, ok
	}
	return nil, false
}

// Registered tells whether flytekit registers the entity although no name is
// bound to it (core/context_manager.py:FlyteEntities): references aren't.
func (e *Entity) Registered() bool { return e.registered }

// Input is the input of that name, nil if there is none.
func (e *Entity) Input(name string) *Variable { return variable(e.Inputs, name) }

// Output is the output of that name, nil if there is none.
func (e *Entity) Output(name string) *Variable { return variable(e.Outputs, name) }

func variable(variables []*Variable, name string) *Variable {
	for _, v := range variables {
		if v.Name == name {
			return v
		}
	}
	return nil
}

// start makes an entity at the statement of the module being imported that is
// evaluated, and records it.
func start(f *pyeval.Frame, kind Kind, c *pyeval.Call) *Entity {
	module := f.Importing()
	e := &Entity{
		Kind: kind, Path: module.Path, Module: module,
		Settings: c.Keywords, SettingsOpen: c.Open, Maker: c.Expr, Conditional: f.Conditional(), Guarded: f.Guarded(), registered: true,
	}
	if native, ok := c.Func.(*pyeval.Native); ok {
		e.SettingsOf = native.Name
	}
	e.place(f.ModuleStatement(), c.Decorator)
	f.Record(e)
	return e
}

// place says where the statement stands that makes the entity.
func (e *Entity) place(stmt ast.Stmt, decorator ast.Expr) {
	if stmt == nil {
		return
	}
	e.Span = stmt.Span()
	e.Definition, e.Anchor = e.Span.Start, e.Span.Start
	switch s := stmt.(type) {
	case *ast.FunctionDef:
		e.Name, e.NameSpan, e.Definition = s.Name.ID, s.Name.Span(), s.DefStart
		if decorator != nil && e.Span.Contains(decorator.Span().Start) {
			e.Anchor = decorator.Span().Start
		} else if len(s.Decorators) > 0 {
			e.Anchor = s.Decorators[0].Span().Start
		}
	case *ast.ClassDef:
		e.Definition = s.DefStart
	case *ast.Assign:
		e.target(s.Targets...)
	case *ast.AnnAssign:
		e.target(s.Target)
	case *ast.ExprStmt:
		if call, ok := s.Value.(*ast.Call); ok {
			e.NameSpan = call.Func.Span()
		}
	}
}

// target takes the first name among the targets of an assignment.
func (e *Entity) target(targets ...ast.Expr) {
	for _, target := range targets {
		if name, ok := target.(*ast.Name); ok && e.Name == "" {
			e.Name, e.NameSpan = name.ID, name.Span()
		}
	}
}
