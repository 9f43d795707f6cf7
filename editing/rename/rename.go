// Package rename renames entities, inputs, outputs and modules with all that means
// them in a workspace.
//
// A server for Python knows the names of functions and parameters, and would
// leave as they are: keyword arguments of launch plans and map tasks, the keys of
// default_inputs and fixed_inputs, the outputs of promises, full names in strings,
// docstrings and inputs documents. A rename that leaves them is wrong. So this
// package renames the whole thing, and refuses what it can't.
package rename

import (
	"cmp"
	"context"
	"fmt"
	"path/filepath"
	"slices"

	"github.com/flyte-lsp/flyte-lsp/editing/navigate"
	"github.com/flyte-lsp/flyte-lsp/parser"
)

// Edit replaces a span of a file.
type Edit struct {
	Path string
	// Source is the text that Span is of.
	Source *parser.Source
	Span   parser.Span
	Text   string
	// Confirm names a group of edits that a person should look at; "" of an edit
	// that nobody has to.
	Confirm string
	// Guess: the place reads like the name, and may mean something else. It isn't
	// to be changed without a person's word.
	Guess bool
}

// Move gives a file another path.
type Move struct{ From, To string }

// Result is what changes with a rename.
type Result struct {
	// Edits are made first, and then Moves.
	Edits []Edit
	Moves []Move
	// Left are the places that need a change which can't be made, as sentences.
	Left []string
}

// Rename gives what stands at an offset another name, with all places of the
// workspace that mean it. The error says why it can't be: nothing is changed then.
func Rename(ctx context.Context, search *navigate.Search, path string, offset int, name string) (*Result, error) {
	target, err := Prepare(ctx, search, path, offset)
	if err != nil {
		return nil, err
	}
	if target == nil {
		return nil, fmt.Errorf("no entity, input or output of Flyte has its name here")
	}
	if target.Name == name {
		return &Result{}, nil
	}
	if err := checkName(target.thing, name); err != nil {
		return nil, err
	}
	if search.Snapshot.WorkflowFiles() == nil {
		return nil, ErrNotIndexed
	}
	places, err := search.References(ctx, target.thing)
	if err != nil {
		return nil, err
	}
	r := &renamer{search: search, thing: target.thing, name: name, files: map[string]*renamedFile{}, result: &Result{}}
	for _, step := range []func(context.Context) error{
		func(context.Context) error { return r.take(places) },
		r.python, r.settings, r.guesses, r.documents, r.verify,
	} {
		if err := step(ctx); err != nil {
			return nil, err
		}
	}
	slices.SortFunc(r.result.Edits, func(a, b Edit) int {
		return cmp.Or(cmp.Compare(a.Path, b.Path), cmp.Compare(a.Span.Start, b.Span.Start))
	})
	return r.result, ctx.Err()
}

// renamer makes the edits of one rename.
type renamer struct {
	search *navigate.Search
	thing  *navigate.Thing
	name   string
	files  map[string]*renamedFile // those with places
	result *Result
}

// renamedFile are the places of a file that mean the thing.
type renamedFile struct {
	path   string
	source *parser.Source
	places map[int]navigate.Place // by where they start
}

// take sorts the places by files.
func (r *renamer) take(places []navigate.Place) error {
	for _, place := range places {
		if place.Obstacle != "" {
			return fmt.Errorf("%s can't be renamed: %s (%s)", describe(r.thing), place.Obstacle, position(place.Path, place.Source, place.Span.Start))
		}
		if place.Alias || r.search.Snapshot.Installed(place.Path) {
			continue
		}
		if written := place.Source.Slice(place.Span); len(written) > len(r.thing.Name) && place.Kind == navigate.DocumentHeader {
			place.Span.Start = place.Span.End - len(r.thing.Name) // an entity in a class
		}
		if place.Source.Slice(place.Span) != r.thing.Name {
			return fmt.Errorf("%s can't be renamed: it is written in another way at %s", describe(r.thing), position(place.Path, place.Source, place.Span.Start))
		}
		file := r.files[place.Path]
		if file == nil {
			file = &renamedFile{place.Path, place.Source, map[int]navigate.Place{}}
			r.files[place.Path] = file
		}
		file.places[place.Span.Start] = place
	}
	return nil
}

// position is a place for messages.
func position(path string, source *parser.Source, offset int) string {
	return fmt.Sprintf("%s:%d", filepath.Base(path), source.Position(offset).Line+1)
}

// confirmNames is the group of edits of names by which entities are referred to: a
// version that is registered already has the old one.
const confirmNames = "Names by which registered entities are referred to"

// edit writes the new name at a place.
func (r *renamer) edit(place navigate.Place) {
	edit := Edit{Path: place.Path, Source: place.Source, Span: place.Span, Text: r.name}
	switch place.Kind {
	case navigate.Text:
		edit.Confirm = confirmNames
	case navigate.DocumentKey:
		edit.Text = r.key(place)
	}
	r.result.Edits = append(r.result.Edits, edit)
}
