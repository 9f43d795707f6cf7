// Package flytekit tells what flytekit's own functions and classes, and those of
// its plugins, may be called with: read from the sources in the user's
// interpreter, so that it is true for the version that is installed there.
package flytekit

import (
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/parser/ast"
	"github.com/flyte-lsp/flyte-lsp/pyeval"
	"github.com/flyte-lsp/flyte-lsp/workspace"
)

// Callable is a function or a class. It is immutable.
type Callable struct {
	// Name is the canonical name: "flytekit.core.resources.Resources".
	Name string
	// Class tells a class from a function.
	Class bool
	// Doc is the docstring as Markdown without what it says of parameters, of a
	// class that and its constructor's.
	Doc string
	// Deprecated says why it shouldn't be used any more, "" if it may.
	Deprecated string
	// Params are what it takes by name, in order: its own, then those that it takes
	// out of its **kwargs or hands on to others.
	Params []Param
	// Open: it takes further keywords, which the source doesn't tell.
	Open bool
	// Path is the file that defines it, and Span its name there; "" and empty where
	// no source is installed.
	Path string
	Span ast.Span
}

// Param is a parameter.
type Param struct {
	Name string
	// Type is the annotation and Default the default as they are written, on one
	// line; "" if there is none.
	Type, Default string
	// Required: it has no default.
	Required bool
	// KeywordOnly: it can't be given by its position.
	KeywordOnly bool
	// Doc is what the docstring says of it, as Markdown.
	Doc string
	// Deprecated says why it shouldn't be given any more, "" if it may.
	Deprecated string
	// Span is its name in the Callable's file, empty where it stands elsewhere.
	Span ast.Span
}

// Param is the parameter of a name; nil if there is none.
func (c *Callable) Param(name string) *Param {
	if i := slices.IndexFunc(c.Params, func(p Param) bool { return p.Name == name }); i >= 0 {
		return &c.Params[i]
	}
	return nil
}

// Short is the last part of the name.
func (c *Callable) Short() string { return c.Name[strings.LastIndexByte(c.Name, '.')+1:] }

// Title is the last part of the name, of a method with its class:
// "LaunchPlan.get_or_create".
func (c *Callable) Title() string {
	parts := strings.Split(c.Name, ".")
	if n := len(parts); n > 1 && strings.ToLower(parts[n-2][:1]) != parts[n-2][:1] {
		return parts[n-2] + "." + parts[n-1]
	}
	return c.Short()
}

// Summary is the first paragraph of the documentation.
func (c *Callable) Summary() string {
	first, _, _ := strings.Cut(c.Doc, "\n\n")
	return strings.Join(strings.Fields(first), " ")
}

// Of is what a value is that the module at a path calls; nil if it is nothing of
// flytekit's or a plugin's, or if nothing is known of it.
func Of(snapshot *workspace.Snapshot, from string, value pyeval.Value) *Callable {
	if name := NameOf(value); name != "" {
		return Named(snapshot, from, name)
	}
	return nil
}

// NameOf is the canonical name of a value that is flytekit's or a plugin's; "" of
// others.
func NameOf(value pyeval.Value) string {
	name := ""
	switch v := value.(type) {
	case *pyeval.Native:
		name = v.Name
	case *pyeval.Class:
		if v.Def != nil && v.Module != nil {
			name = v.Module.Name + "." + v.Qualname
		}
	case *pyeval.Function:
		if v.Def != nil && v.Module != nil {
			name = v.Module.Name + "." + v.Qualname
		}
	default:
		name, _ = model.MethodOf(value)
	}
	if !isFlytekit(name) {
		return ""
	}
	return name
}

// isFlytekit tells whether a name is one of flytekit's or of a plugin's.
func isFlytekit(name string) bool {
	top, _, _ := strings.Cut(name, ".")
	return top == "flytekit" || top == "flytekitplugins"
}

// Named is what has a canonical name; nil as Of has it. It is read from the sources
// once for each state of their files.
func Named(snapshot *workspace.Snapshot, from, name string) *Callable {
	found := lookUp(snapshot, from, name)
	if found == nil {
		return nil
	}
	return found.callable
}

// Members are the values of an enumeration that has a canonical name, such as
// WorkflowFailurePolicy; nil if it is none, or if its source isn't installed.
func Members(snapshot *workspace.Snapshot, from, name string) []Member {
	found := lookUp(snapshot, from, name)
	if found == nil {
		return nil
	}
	return found.members
}

// answer is what was read for a name.
type answer struct {
	callable *Callable
	members  []Member
	// accelerators are those that flytekit knows.
	accelerators []Accelerator
	// configs are the task configurations of plugins, whose folder was last changed
	// when installed tells.
	configs   []TaskConfig
	installed time.Time
	// files are those that it was read from: as long as they are the same, so is
	// the answer.
	files []*workspace.File
}

// answers are those that were given, by what was asked. There are as many as names
// of flytekit's that were asked for, and interpreters.
var answers sync.Map

type question struct{ core, name string }

func lookUp(snapshot *workspace.Snapshot, from, name string) *answer {
	if !isFlytekit(name) {
		return nil
	}
	core := snapshot.ModulePath(from, "flytekit")
	if core == "" {
		return tabled(name)
	}
	return remembered(snapshot, question{core, name}, func() *answer {
		r, made := newReader(snapshot, from), &answer{}
		d := r.find(name)
		if public := "flytekit." + name[strings.LastIndexByte(name, '.')+1:]; d == nil && model.Canonical(public) == name {
			d = r.find(public) // another version of flytekit defines it elsewhere
		}
		if d != nil {
			made.callable, made.members = r.callable(d, name), r.members(d)
		}
		if made.callable != nil {
			r.borrow(made.callable)
		}
		made.files = r.files
		return made
	})
}

// remembered is the answer to a question, which is read again if it doesn't hold any
// more.
func remembered(snapshot *workspace.Snapshot, asked question, read func() *answer) *answer {
	if known, ok := answers.Load(asked); ok {
		if known := known.(*answer); known.holds(snapshot) {
			return known
		}
	}
	made := read()
	answers.Store(asked, made)
	return made
}

// holds tells whether the files are still those that an answer was read from.
func (a *answer) holds(snapshot *workspace.Snapshot) bool {
	for _, file := range a.files {
		if now, err := snapshot.File(file.Path); err != nil || now != file {
			return false
		}
	}
	return len(a.files) > 0
}

// sameAs names the functions whose documentation of a parameter holds for others
// that say nothing of theirs.
var sameAs = map[string]string{
	"flytekit.core.node.Node.with_overrides":      "flytekit.core.task.task",
	"flytekit.core.container_task.ContainerTask":  "flytekit.core.task.task",
	"flytekit.core.array_node_map_task.map_task":  "flytekit.core.task.task",
	"flytekit.extras.tasks.shell.ShellTask":       "flytekit.core.task.task",
	"flytekit.core.task.eager":                    "flytekit.core.task.task",
	"flytekit.core.workflow.ImperativeWorkflow":   "flytekit.core.workflow.workflow",
	"flytekit.core.launch_plan.LaunchPlan.create": "flytekit.core.launch_plan.LaunchPlan.get_or_create",
}

// borrow takes over documentation from the same parameters of another function.
func (r *reader) borrow(c *Callable) {
	name, ok := sameAs[c.Name]
	if !ok || !slices.ContainsFunc(c.Params, func(p Param) bool { return p.Doc == "" }) {
		return
	}
	other := r.callable(r.find(name), name)
	if other == nil {
		return
	}
	for i := range c.Params {
		if same := other.Param(c.Params[i].Name); same != nil && c.Params[i].Doc == "" {
			c.Params[i].Doc, c.Params[i].Deprecated = same.Doc, same.Deprecated
		}
	}
}
