// Package parser reads a Flyte workflow file, Python or Go, into one model:
// its entities with their interfaces, its imports, the calls in the bodies of
// its workflows and its syntax errors. It knows no file system and no editor,
// never runs what it reads, and answers for half typed files too.
package parser

import "github.com/flyte-lsp/flyte-lsp/parser/ast"

// Language is the programming language of a workflow file.
type Language string

// The languages that workflow files are written in.
const (
	Python Language = "python"
	Go     Language = "go"
)

// Kind says what an entity is, in Flyte's words.
type Kind string

// The kinds of entities.
const (
	Task       Kind = "task"
	Dynamic    Kind = "dynamic"
	Workflow   Kind = "workflow"
	LaunchPlan Kind = "launchplan"
)

// Position is a place in a text as the Language Server Protocol counts:
// both parts from zero, Character in UTF-16 code units.
type Position struct{ Line, Character int }

// Span is a half-open range of byte offsets.
type Span = ast.Span

// Module is what a file defines. It is immutable, and holds no resources.
type Module struct {
	Language Language
	Source   *Source
	// AST is the syntax tree of a Python file, nil of any other.
	AST *ast.Module
	// Doc is the module's docstring or the package's comment.
	Doc string
	// Package is the name in Go's package clause.
	Package string
	Imports []Import
	// Entities are in source order. Of a name that is defined more than once
	// all are there, all but the last Shadowed.
	Entities []*Entity
	// Errors are the places that don't parse, in source order; one mistake
	// gives one error.
	Errors []SyntaxError
	// Calls are the calls in the bodies of workflows and dynamic workflows
	// that may be calls of entities: their callee is an entity of this module
	// or comes from an import.
	Calls []Call
}

// Import is one local name that an import at module level binds.
type Import struct {
	// Local is the name in this module, "*" for a star import.
	Local string
	// Module is the dotted path (Go: the import path) without leading dots.
	Module string
	// Attribute is the imported name of Module, "" where the module itself is
	// imported. `import a.b` has Local "a" and Module "a.b", which is then
	// reached as a.b; `import a.b as c` has Local "c".
	Attribute string
	// Level counts the leading dots of a relative import.
	Level int
	Span  Span
	// Uncertain: the module binds the name elsewhere too, and which one counts
	// isn't told by the source.
	Uncertain bool
}

// SyntaxError is a place that doesn't parse, in words a person understands.
type SyntaxError struct {
	Span    Span
	Message string
}

// Entity is a task, workflow or launch plan.
type Entity struct {
	Kind Kind
	// Name is the entity's attribute in its module; for Go's launch plans,
	// which have none, the name they register under.
	Name string
	// RegisteredName is the name that the source gives a launch plan, else "".
	RegisteredName string
	// Span reaches from the first decorator (Go: the doc comment) to the end
	// of the definition.
	Span, NameSpan Span
	// Anchor is the offset of the line above which lenses stand: the decorator
	// that is Flyte's, the directive, the assignment.
	Anchor int
	// Doc is the docstring without its indentation.
	Doc    string
	Async  bool
	Inputs []Variable
	// Outputs are named as flytekit names them
	// (core/interface.py:extract_return_annotation): o0, o1, ... or the
	// fields of a NamedTuple.
	Outputs []Variable
	// OutputsKnown is false where the module's source doesn't tell what the
	// outputs are, e.g. behind an alias from another module. Outputs then has
	// the return annotation as its one element.
	OutputsKnown bool
	// Workflow is, of a launch plan, its workflow as written; its Inputs are
	// the workflow's with the launch plan's own values, if the workflow is in
	// the module and the values are literal.
	Workflow string
	// Fixed names the fixed inputs of a launch plan.
	Fixed []string
	// Decorator is the call form of the decorator (`@task(cache=True)`), the
	// Go directive, or the call that makes the launch plan; nil if bare.
	Decorator *Call
	// Shadowed: a later definition in the module has the same name.
	Shadowed bool
	// Opaque: a decorator that isn't Flyte's stands by, the name is bound again
	// later, a condition decides over the definition, or something else that
	// the source doesn't tell. The interface is a good guess, which no error
	// may be built on.
	Opaque bool

	defaults []Variable // of a launch plan: its own default inputs
}

// Variable is an input or an output.
type Variable struct {
	Name     string
	NameSpan Span
	// Type is the annotation as written, "" if there is none.
	Type     string
	TypeSpan Span
	// Default is the default's source text.
	Default     string
	DefaultSpan Span
	HasDefault  bool
	// Required: an input that a run must be given, as flytekit's
	// core/interface.py:transform_inputs_to_parameters tells: it has no
	// default (None is one only for an Optional), and isn't Optional.
	Required bool
	// Doc is what the docstring says of it.
	Doc string

	optional bool // None is among the type's alternatives
}

// Call is a call, or a decorator in call form.
type Call struct {
	// Callee is the dotted name as written.
	Callee           string
	Span, CalleeSpan Span
	Args             []Arg
	// HasStar and HasDoubleStar: arguments come from `*x` or `**x`, and Args
	// lists only those that are written out.
	HasStar, HasDoubleStar bool
	// Enclosing is the workflow or dynamic whose body the call is in.
	Enclosing *Entity
	// Conditional: the call may not be made when the body runs, as it is in a
	// branch, a loop, a try statement or a nested function.
	Conditional bool
}

// Arg returns the keyword argument of that name.
func (c *Call) Arg(name string) (Arg, bool) {
	if c == nil {
		return Arg{}, false
	}
	for _, arg := range c.Args {
		if arg.Name == name {
			return arg, true
		}
	}
	return Arg{}, false
}

// Arg is one argument of a call.
type Arg struct {
	// Name is the keyword, "" of a positional argument.
	Name                string
	NameSpan, ValueSpan Span
	// Value is the value's source text.
	Value string
}

// Entity returns the entity that the name stands for when the module is
// loaded, the last of that name; nil if there is none.
func (m *Module) Entity(name string) *Entity {
	for i := len(m.Entities) - 1; i >= 0; i-- {
		if m.Entities[i].Name == name {
			return m.Entities[i]
		}
	}
	return nil
}
