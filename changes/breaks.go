package changes

import (
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/flyte-lsp/flyte-lsp/analysis"
	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/runs"
	"github.com/flyte-lsp/flyte-lsp/workspace"
)

// broken finds what breaks by the changes: the errors of files that use what
// changed, as far as the base doesn't have them, and inputs documents.
func broken(ctx context.Context, old, now *state, found []*Change) error {
	changed := map[key]*Change{}
	for _, change := range found {
		if change.What != Added {
			changed[key{change.Kind, change.FullName, change.File}] = change
		}
	}
	if len(changed) == 0 {
		return nil
	}
	before := map[string]*workspace.Listed{} // by what the files are called
	for i := range old.files {
		before[old.called(old.files[i].Path)] = &old.files[i]
	}
	for _, file := range now.files {
		name := now.called(file.Path)
		used := now.uses(ctx, file.Path, changed)
		had := map[string]int{}
		if was := before[name]; was != nil {
			maps.Copy(used, old.uses(ctx, was.Path, changed))
			if len(used) > 0 {
				for _, e := range old.errors(ctx, was.Path) {
					had[e.code+e.message]++
				}
			}
		}
		if len(used) == 0 {
			continue
		}
		for _, e := range now.errors(ctx, file.Path) {
			if had[e.code+e.message]--; had[e.code+e.message] >= 0 {
				continue
			}
			if change := blamed(e, used); change != nil {
				change.Breaks = append(change.Breaks, Break{File: name, Line: e.line, Message: fmt.Sprintf("%s (%s)", e.message, e.code)})
			}
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
	for k, change := range changed {
		if e := now.entities[k]; e != nil {
			change.Breaks = append(change.Breaks, now.documents(e)...)
		}
	}
	return nil
}

// uses are the changed entities that a file calls, or makes launch plans or map
// tasks of, by their names in the source.
func (s *state) uses(ctx context.Context, path string, changed map[key]*Change) map[string]*Change {
	used := map[string]*Change{}
	module, err := s.snapshot.Module(ctx, path)
	if err != nil {
		return used
	}
	note := func(e *model.Entity) {
		for ; e != nil; e = e.Of {
			if change := changed[key{kindOf(e), e.FullName, s.called(e.Path)}]; change != nil {
				used[nameOf(e)] = change
			}
		}
	}
	for _, e := range module.Entities {
		note(e.Of)
	}
	for _, node := range module.Calls() {
		note(node.Entity)
	}
	return used
}

// nameOf is how messages call an entity.
func nameOf(e *model.Entity) string {
	if e.Name != "" {
		return e.Name
	}
	return e.FullName
}

// problem is an error of a file.
type problem struct {
	code, message string
	line          int
}

func (s *state) errors(ctx context.Context, path string) []problem {
	file, err := s.snapshot.File(path)
	if err != nil {
		return nil
	}
	var all []problem
	for _, found := range analysis.File(ctx, s.snapshot, file, analysis.Options{}) {
		if found.Severity == analysis.Error {
			all = append(all, problem{found.Rule.Code, found.Message, file.Source.Position(found.Span.Start).Line + 1})
		}
	}
	return all
}

// blamed is the change that an error comes from: the one that it names, or the
// only one that the file has to do with.
func blamed(e problem, used map[string]*Change) *Change {
	names := slices.SortedFunc(maps.Keys(used), func(a, b string) int { return len(b) - len(a) })
	for _, name := range names {
		if slices.Contains(strings.FieldsFunc(e.message, notInName), name) {
			return used[name]
		}
	}
	if len(names) == 1 {
		return used[names[0]]
	}
	return nil
}

func notInName(r rune) bool {
	return r != '_' && r != '.' && (r < '0' || r > '9' && r < 'A' || r > 'Z' && r < 'a' || r > 'z') && r < 0x80
}

// documents are the inputs documents of an entity that don't fit it any more.
func (s *state) documents(e *entity) []Break {
	file, err := s.snapshot.File(e.path)
	if err != nil {
		return nil
	}
	var breaks []Break
	seen := map[string]bool{}
	for folder := filepath.Dir(e.path); !seen[folder]; folder = filepath.Dir(folder) {
		seen[folder] = true
		path := runs.InputsPath(folder, file, e.Entity)
		text, err := os.ReadFile(path)
		if err != nil {
			continue
		}
		document, err := runs.ReadInputsDocument(path, text)
		if err != nil {
			continue // it has been broken before
		}
		for _, name := range slices.Sorted(maps.Keys(document.Values)) {
			if e.Input(name) == nil {
				breaks = append(breaks, Break{s.called(path), 1, fmt.Sprintf("%s has no input %s any more", nameOf(e.Entity), name)})
			}
		}
		for _, name := range runs.MissingInputs(e.Entity, document.Values) {
			breaks = append(breaks, Break{s.called(path), 1, fmt.Sprintf("%s needs a value for its input %s", nameOf(e.Entity), name)})
		}
	}
	return breaks
}
