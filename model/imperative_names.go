package model

import (
	"fmt"
	"strings"
	"unicode"

	"github.com/flyte-lsp/flyte-lsp/parser/ast"
	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

// keyed is the dict of an imperative workflow's inputs, or of a node's outputs,
// in which the keys are known.
type keyed struct {
	dict *pyeval.Dict
	// of has the keys, what they are: "input", "output".
	of, what string
	// open: there may be others.
	open bool
}

// Describe says what the value is.
func (k *keyed) Describe() string { return fmt.Sprintf("the %ss of %s", k.what, k.of) }

// Attr is what a dict has.
func (k *keyed) Attr(f *pyeval.Frame, name string) pyeval.Value { return f.Attr(k.dict, name) }

// Iterate gives the keys.
func (k *keyed) Iterate(f *pyeval.Frame) ([]pyeval.Value, bool) {
	keys, known := f.Iterate(k.dict)
	return keys, known && !k.open
}

// Index is an input or an output by its name.
func (k *keyed) Index(f *pyeval.Frame, index pyeval.Value) pyeval.Value {
	name, ok := index.(pyeval.Str)
	if !ok {
		return f.Index(k.dict, index)
	}
	names := make([]string, len(k.dict.Items))
	for i, item := range k.dict.Items {
		if item.Key == name {
			return item.Value
		}
		if key, ok := item.Key.(pyeval.Str); ok {
			names[i] = string(key)
		}
	}
	reason := fmt.Sprintf("%s has no %s %s", k.of, k.what, string(name))
	if !k.open {
		has := "; it has none"
		if len(names) > 0 {
			has = fmt.Sprintf("; its %ss are %s", k.what, strings.Join(names, ", "))
		}
		at := f.Asked()
		if subscript, ok := at.(*ast.Subscript); ok {
			at = subscript.Index
		}
		remarked(f, "imperative-names", span(at), reason+has)
	}
	return &pyeval.Unknown{Reason: reason}
}

// checkName tells of a name that an imperative workflow has already, or that is
// no identifier (core/workflow.py:ImperativeWorkflow.add_workflow_input,
// core/interface.py:Interface).
func checkName(f *pyeval.Frame, e *Entity, what, name string, twice bool, written pyeval.Named) {
	switch {
	case twice:
		remarked(f, "imperative-names", span(written.Expr), fmt.Sprintf("%s has an %s %s already", e.Describe(), what, name))
	case !isIdentifier(name):
		remarked(f, "imperative-names", span(written.Expr), fmt.Sprintf("the name of an %s is an identifier of Python, and %q is none", what, name))
	}
}

func isIdentifier(name string) bool {
	for i, c := range name {
		if c != '_' && !unicode.IsLetter(c) && (i == 0 || !unicode.IsDigit(c) && !unicode.IsMark(c)) {
			return false
		}
	}
	return name != ""
}

// checkOutput tells of an output of an imperative workflow whose type flytekit
// doesn't find: it has that of the node that gives it
// (core/workflow.py:ImperativeWorkflow.add_workflow_output).
func (e *Entity) checkOutput(f *pyeval.Frame, c *pyeval.Call) {
	if given, ok := c.Arg(2, "python_type"); ok {
		if _, none := given.Value.(pyeval.None); !none {
			return
		}
	}
	given, _ := c.Arg(1, "p")
	switch value := f.Resolve(given.Value).(type) {
	case *pyeval.List:
		remarked(f, "imperative-output-type", span(given.Expr), "the type of a list isn't known: give python_type=List[...]")
	case *pyeval.Dict:
		remarked(f, "imperative-output-type", span(given.Expr), "the type of a dict isn't known: give python_type=Dict[str, ...]")
	case *Promise:
		if value.Node == nil {
			remarked(f, "imperative-output-type", span(given.Expr), fmt.Sprintf("flytekit looks for the type of an output at its node, and %s has none: give python_type", value.Describe()))
		}
	}
}
