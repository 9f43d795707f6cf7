package rename

import (
	"context"
	"fmt"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/flyte-lsp/flyte-lsp/editing/navigate"
	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

// Target is a name that can be renamed.
type Target struct {
	Name string
	// Source is the file's text, and Span where the name stands in it.
	Source *parser.Source
	Span   parser.Span

	thing *navigate.Thing
}

// Prepare is the name at an offset of a Python file or an inputs document; nil if
// none of an entity, an input or an output stands there. The error says why it
// can't be renamed, or is that of Snapshot.Module.
func Prepare(ctx context.Context, search *navigate.Search, path string, offset int) (*Target, error) {
	thing, place, err := search.At(ctx, path, offset)
	if err != nil || thing == nil {
		return nil, err
	}
	if place.Alias {
		return nil, fmt.Errorf("%s is another name of %s: rename that", place.Source.Slice(place.Span), describe(thing))
	}
	if err := renameable(search, thing); err != nil {
		return nil, err
	}
	span := place.Span
	if name := place.Source.Slice(span); strings.HasSuffix(name, "."+thing.Name) {
		span.Start = span.End - len(thing.Name) // of an entity in a class
	}
	return &Target{thing.Name, place.Source, span, thing}, nil
}

// describe is how messages call a thing.
func describe(t *navigate.Thing) string {
	of := ""
	if t.Entity != nil {
		of = " of " + t.Entity.Describe()
	}
	switch t.Kind {
	case navigate.Entity:
		if t.Entity != nil {
			return t.Entity.Describe()
		}
	case navigate.Input:
		return "input " + t.Name + of
	case navigate.Output:
		return "output " + t.Name + of
	case navigate.Registered:
		return "the registered name " + t.Name
	}
	return t.Name
}

// renameable says why a thing can't be renamed, whatever the new name.
func renameable(search *navigate.Search, t *navigate.Thing) error {
	cannot := func(format string, args ...any) error {
		return fmt.Errorf("%s can't be renamed: %s", describe(t), fmt.Sprintf(format, args...))
	}
	switch {
	case t.Kind == navigate.Output && !t.Declared():
		return cannot("flytekit numbers outputs that have no name; return a NamedTuple to give them names")
	case !t.Declared():
		return cannot("the workspace doesn't say where the name comes from")
	case search.Snapshot.Installed(t.Path):
		return cannot("it belongs to a package that is installed")
	case strings.HasPrefix(t.Name, "__"):
		return cannot("names that start with __ have a meaning of their own in Python")
	}
	if _, err := wellFormed(search, t.Path); err != nil {
		return cannot("%v", err)
	}
	e := t.Entity
	if e == nil {
		return nil
	}
	if e.Opaque != "" {
		return cannot("%s", e.Opaque)
	}
	if t.Kind == navigate.Input || t.Kind == navigate.Output {
		switch e.Kind {
		case model.ReferenceTask, model.ReferenceWorkflow, model.ReferenceLaunchPlan:
			return cannot("the backend has it by this name")
		}
	}
	if t.Kind == navigate.Input {
		if decorator := decoratorWith(e, t.Name); decorator != nil {
			return cannot("the decorator %s in %s has something of this name, too", decorator.Name, filepath.Base(decorator.In.Module.Path))
		}
	}
	return nil
}

// decoratorWith is a decorator of an entity's function whose text has a word: its
// wrapper may tell the arguments apart by their names.
func decoratorWith(e *model.Entity, word string) *pyeval.Function {
	if e.Function == nil {
		return nil
	}
	for _, decorator := range e.Function.Decorators {
		fn, ok := decorator.(*pyeval.Function)
		if !ok || fn.Def == nil || fn.In == nil {
			continue
		}
		if wordIn(fn.In.Module.Text.Slice(fn.Def.Span()), word) {
			return fn
		}
	}
	return nil
}

func wordIn(text, word string) bool {
	return regexp.MustCompile(`(^|[^\pL\pN_])` + regexp.QuoteMeta(word) + `($|[^\pL\pN_])`).MatchString(text)
}

// wellFormed is the source of a Python file; the error says that it has a syntax
// error, or can't be read.
func wellFormed(search *navigate.Search, path string) (*parser.Source, error) {
	file, err := search.Snapshot.File(path)
	if err != nil {
		return nil, err
	}
	if len(file.Errors) > 0 {
		return nil, fmt.Errorf("%s has a syntax error in line %d: mend it first", filepath.Base(path), file.Source.Position(file.Errors[0].Span.Start).Line+1)
	}
	return file.Source, nil
}

var registeredName = regexp.MustCompile(`^[\w.\-]+$`)

// checkName says why a thing can't have a name.
func checkName(t *navigate.Thing, name string) error {
	if t.Kind == navigate.Registered {
		if !registeredName.MatchString(name) {
			return fmt.Errorf("%q can't be the name of a launch plan: take letters, digits, dots, - and _", name)
		}
		return nil
	}
	switch {
	case keywords[name]:
		return fmt.Errorf("%s is a keyword of Python", name)
	case !isIdentifier(name):
		return fmt.Errorf("%q is no name of Python: take letters, digits and _", name)
	case strings.HasPrefix(name, "__"):
		return fmt.Errorf("%s: names that start with __ have a meaning of their own in Python", name)
	case t.Kind == navigate.Output && strings.HasPrefix(name, "_"):
		return fmt.Errorf("%s: the fields of a NamedTuple can't start with _", name)
	}
	if e := t.Entity; e != nil {
		switch {
		case t.Kind == navigate.Input && e.Input(name) != nil:
			return fmt.Errorf("%s has an input %s already", e.Describe(), name)
		case t.Kind == navigate.Output && e.Output(name) != nil:
			return fmt.Errorf("%s has an output %s already", e.Describe(), name)
		}
	}
	return nil
}
