// Package navigate finds what the names of a workflow file mean in Flyte's terms,
// and all places in a workspace that mean the same: an entity, an input, an
// output, the name that a launch plan registers under.
//
// # Beside a server for Python
//
// pyright and ty find the definition and the uses of an entity's name, of a
// parameter within its function, and of a field that a class derived from
// NamedTuple has. Place.General says so, and by default nothing is answered there
// but what they miss. Measured with both, they miss these:
//
//   - the name of a keyword argument: pyright goes to flytekit's __call__, and
//     neither knows those of launch plans, map tasks and functools.partial;
//   - the keys of default_inputs, fixed_inputs, and of inputs in FlyteRemote.execute;
//   - outputs: o0, o1, ..., and the fields of NamedTuple("Out", count=int);
//   - full names in strings, docstrings, inputs documents;
//   - the types that launch plans and map tasks give;
//   - implementations: the function of a launch plan's workflow, the entity that a
//     reference means.
package navigate

import (
	"strings"

	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

// Kind says what a Thing is.
type Kind uint8

// The kinds of things. Registered is a name that entities are registered under
// and looked up by, where the workspace has no entity of that name in Python: that
// of a launch plan.
const (
	Entity Kind = iota + 1
	Input
	Output
	Registered
)

// Thing is what a name means. Two with the same Key are the same.
type Thing struct {
	Kind Kind
	Name string
	// Entity has the input or output: of a launch plan or a map task the workflow
	// or task that it is of. Of an Entity it is that one, of a Registered name the
	// launch plan; nil where the workspace has none. Of an output that is a field
	// of a NamedTuple it is one of the entities with that output, or nil.
	Entity *model.Entity
	// Path and Span are where its name is declared, empty where it isn't written:
	// outputs o0, o1, ..., inputs of a function that isn't in the source.
	Path string
	Span parser.Span
	// Key says which thing it is; it stays the same while the text around changes.
	Key string

	// home is the file that defines it: others that don't see it don't mean it.
	home string
	// function is what has an input as a parameter, and tuple the NamedTuple that
	// has an output as a field; nil of others.
	function *pyeval.Function
	tuple    pyeval.Value
}

// Declared tells whether the name is written where the thing is declared.
func (t *Thing) Declared() bool { return t.Path != "" && t.Span.End > t.Span.Start }

// PlaceKind says how a place means a thing.
type PlaceKind uint8

// The kinds of places.
const (
	// Declaration is the name in a def, the target of an assignment, a parameter,
	// the field of a NamedTuple, the argument of add_workflow_input.
	Declaration PlaceKind = iota + 1
	// Use is a name or an attribute that reads the thing, Call one that is called.
	Use
	Call
	// Write is a name that is bound again: a parameter that is assigned to.
	Write
	// Import is the name in `from m import name`.
	Import
	// Keyword is the name before the "=" of an argument.
	Keyword
	// DictKey is a key of default_inputs, fixed_inputs or inputs, as a string.
	DictKey
	// Attribute is an output of a promise: the name behind the dot, or the string
	// in node.outputs["name"].
	Attribute
	// Docstring is a parameter's name in the docstring of its function.
	Docstring
	// Text is a full name in a string: of reference_task, of FlyteRemote's
	// fetch_task. Span is the last part of it, which is the entity's name.
	Text
	// DocumentKey is a key of an inputs document, DocumentHeader the entity's name
	// in its first line.
	DocumentKey
	DocumentHeader
)

// Place is a place that means a thing.
type Place struct {
	Path string
	// Source is the text that Span is of.
	Source *parser.Source
	// Span is the name itself: a new name is written in its place as it is, in a
	// string between its quotes.
	Span parser.Span
	Kind PlaceKind
	// Alias: the place has another name for the thing, `g` where it was imported
	// by `import f as g`. A new name isn't written there.
	Alias bool
	// Obstacle says why a new name can't be written there; "" where it can. Span is
	// then where the name comes from: a dict that is made elsewhere.
	Obstacle string
	// General: a server for Python understands the place too.
	General bool
}

// rootOf is the entity whose inputs and outputs an entity has: the workflow of a
// launch plan, the task of a map task.
func rootOf(e *model.Entity) *model.Entity {
	for e != nil && e.Of != nil && e.Of != e && (e.Kind == model.LaunchPlan || e.Kind == model.MapTask) {
		e = e.Of
	}
	return e
}

// key joins the parts of a Thing's Key.
func key(kind string, parts ...string) string { return kind + "\x00" + strings.Join(parts, "\x00") }

// baseName is an entity's name without the class that it stands in.
func baseName(name string) string { return name[strings.LastIndexByte(name, '.')+1:] }
