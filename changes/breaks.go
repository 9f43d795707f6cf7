package changes

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/flyte-lsp/flyte-lsp/analysis"
	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/workspace"
)

// broken finds what breaks by the changes in the repository: the errors of files
// that use what changed, as far as the base doesn't have them, and inputs
// documents.
func broken(ctx context.Context, base *Base, old, now *state, found []*Change, touched func(path string) bool) error {
	changed := map[key]*Change{}
	var mentioned [][]byte
	for _, change := range found {
		if change.old == nil {
			continue
		}
		changed[change.old.key()] = change
		mentioned = append(mentioned, []byte(lastPart(change.old.mentioned())))
		if change.now != nil {
			changed[change.now.key()] = change
			mentioned = append(mentioned, []byte(lastPart(change.now.mentioned())))
		}
	}
	if len(changed) == 0 {
		return nil
	}
	files, err := workspace.List(ctx, []string{base.Root})
	if err != nil {
		return err
	}
	for _, file := range files {
		was, _ := base.Of(file.Path)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if touched(file.Path) && mentions(file.Path, mentioned) {
			compareErrors(ctx, old, now, was, file.Path, changed)
		}
	}
	for _, change := range found {
		if change.old != nil {
			documents(ctx, base, old, now, change)
		}
	}
	return nil
}

// lastPart is what follows the last dot of a name.
func lastPart(name string) string { return name[strings.LastIndexByte(name, '.')+1:] }

// mentions tells whether a file has one of the words. One that can't be read has
// none.
func mentions(path string, words [][]byte) bool {
	text, err := os.ReadFile(path)
	return err == nil && slices.ContainsFunc(words, func(word []byte) bool { return bytes.Contains(text, word) })
}

// compareErrors has each change break what a file that uses it has as errors
// now, and didn't have in the base.
func compareErrors(ctx context.Context, old, now *state, was, path string, changed map[key]*Change) {
	used := now.uses(ctx, path, changed)
	maps.Copy(used, old.uses(ctx, was, changed))
	if len(used) == 0 {
		return
	}
	had := map[string]int{}
	for _, e := range old.errors(ctx, was) {
		had[e.code+e.message]++
	}
	for _, e := range now.errors(ctx, path) {
		if had[e.code+e.message]--; had[e.code+e.message] >= 0 {
			continue
		}
		if change := blamed(e, used); change != nil {
			change.Breaks = append(change.Breaks, Break{File: called(now.folder, path), Line: e.line, Message: fmt.Sprintf("%s (%s)", e.message, e.code)})
		}
	}
}

// uses are the changed entities that a file calls, or makes launch plans or map
// tasks of, by their names in the source.
func (s *state) uses(ctx context.Context, path string, changed map[key]*Change) map[string]*Change {
	used := map[string]*Change{}
	module, err := s.snapshot.Module(ctx, path)
	if err != nil {
		return used // it isn't on this side
	}
	note := func(e *model.Entity) {
		for ; e != nil; e = e.Of {
			if change := changed[key{kindOf(e), e.FullName, called(s.folder, e.Path)}]; change != nil {
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

// errors are those of a file, none if it isn't on this side. Comments that hide
// them count, and severities that the project chose.
func (s *state) errors(ctx context.Context, path string) []problem {
	file, err := s.snapshot.File(path)
	if err != nil {
		return nil
	}
	severities, _ := analysis.ProjectSeverities(s.snapshot, path)
	var all []problem
	for _, found := range analysis.File(ctx, s.snapshot, file, analysis.Options{Severities: severities}) {
		if found.Severity == analysis.Error {
			all = append(all, problem{found.Rule.Code, found.Message, file.Source.Position(found.Span.Start).Line + 1})
		}
	}
	return all
}

// blamed is the change that an error comes from: the first that it names, or the
// only one that the file has to do with.
func blamed(e problem, used map[string]*Change) *Change {
	for word := range strings.FieldsFuncSeq(e.message, notInName) {
		if change := used[word]; change != nil {
			return change
		}
	}
	if len(used) == 1 {
		for _, change := range used {
			return change
		}
	}
	return nil
}

func notInName(r rune) bool {
	return r != '_' && r != '.' && (r < '0' || r > '9' && r < 'A' || r > 'Z' && r < 'a' || r > 'z') && r < 0x80
}
