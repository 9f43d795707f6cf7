package rename

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/flyte-lsp/flyte-lsp/analysis"
	"github.com/flyte-lsp/flyte-lsp/editing/navigate"
	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyte-lsp/flyte-lsp/workspace"
)

// verified is how many files are looked at again with the edits made, besides the
// one that declares the name: that takes its time. Where more than supposed are
// edited, it is that one alone.
const (
	verified = 24
	supposed = 64
)

// verify looks at the files as they are with the edits, and refuses a rename that
// makes a mistake where there was none: a name that flytekit keeps for itself, a
// place that means the old name in a way that isn't known here.
func (r *renamer) verify(ctx context.Context) error {
	edits := map[string][]Edit{}
	for _, edit := range r.result.Edits {
		if language, _ := parser.LanguageOf(edit.Path); language == parser.Python && !edit.Guess {
			edits[edit.Path] = append(edits[edit.Path], edit)
		}
	}
	home := r.thing.Path
	paths := slices.DeleteFunc(slices.Sorted(maps.Keys(edits)), func(path string) bool { return path == home })
	look := paths[:min(len(paths), verified)]
	if len(paths) > supposed {
		// Those that the declaring file imports are enough for what it is.
		paths = slices.DeleteFunc(paths, func(path string) bool { return !r.search.Snapshot.Sees(home, map[string]bool{path: true}) })
		look = nil
	}
	if edits[home] != nil {
		paths, look = append(paths, home), append([]string{home}, look...)
	}
	after := r.search.Snapshot
	for _, path := range paths {
		after = after.With(path, applied(edits[path]))
	}
	if err := r.known(ctx, after); err != nil {
		return err
	}
	for _, path := range look {
		if err := ctx.Err(); err != nil {
			return err
		}
		before, err := r.search.Snapshot.File(path)
		if err != nil {
			return err
		}
		now, err := after.File(path)
		if err != nil {
			return err
		}
		known := counts(ctx, r.search.Snapshot, before)
		for _, found := range analysis.File(ctx, after, now, analysis.Options{}) {
			if known[found.Rule.Code]--; known[found.Rule.Code] < 0 && found.Severity != analysis.Off && ctx.Err() == nil {
				return r.refuse("then %s would say: %s", position(path, now.Source, found.Span.Start), found.Message)
			}
		}
	}
	return ctx.Err()
}

// known refuses a new name by which flytekit doesn't know an entity: of several that
// a module binds one to it takes the first in the order of the alphabet
// (core/tracker.py:TrackedInstance.find_lhs).
func (r *renamer) known(ctx context.Context, after *workspace.Snapshot) error {
	e := r.thing.Entity
	if r.thing.Kind != navigate.Entity || e == nil {
		return nil
	}
	module, err := after.Module(ctx, e.Path)
	if err != nil {
		return err
	}
	name := strings.TrimSuffix(e.Name, r.thing.Name) + r.name
	if module.Module == nil || module.Entity(name) != nil {
		return nil
	}
	binding, _ := module.Scope.Get(name)
	if now, ok := model.EntityOf(module.Resolve(binding.Value)); ok && now.Name != "" {
		return r.refuse("it is called %s as well, and flytekit would know it by that name then", now.Name)
	}
	return nil
}

// counts is how often rules find something in a file.
func counts(ctx context.Context, snapshot *workspace.Snapshot, file *workspace.File) map[string]int {
	found := map[string]int{}
	for _, diagnostic := range analysis.File(ctx, snapshot, file, analysis.Options{}) {
		found[diagnostic.Rule.Code]++
	}
	return found
}

// applied is a file's text with edits made, which don't meet.
func applied(edits []Edit) []byte {
	slices.SortFunc(edits, func(a, b Edit) int { return cmp.Compare(a.Span.Start, b.Span.Start) })
	text := edits[0].Source.Text()
	var made []byte
	at := 0
	for _, edit := range edits {
		made = append(append(made, text[at:edit.Span.Start]...), edit.Text...)
		at = edit.Span.End
	}
	return append(made, text[at:]...)
}
