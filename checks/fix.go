package checks

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/rogpeppe/go-internal/diff"

	"github.com/flyte-lsp/flyte-lsp/analysis"
	"github.com/flyte-lsp/flyte-lsp/internal/atomicfile"
	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyte-lsp/flyte-lsp/workspace"
)

// maxRounds bounds how often fixes make room for others. Fixes that undo each
// other would go on forever.
const maxRounds = 100

// Fixed is what fixes made of files. Nothing is written yet.
type Fixed struct {
	// Files are all files as they are with the fixes.
	Files []Checked
	// Made are the fixes, in the order in which they were made.
	Made []Made

	texts map[string]*fixedText // by path
}

// Made is a fix that was made.
type Made struct {
	File string // as typed
	Line int    // at which it was made, from 1
	Code string // of the rule
	// Title says what the fix does.
	Title string
}

// String is the fix in a line of text.
func (m Made) String() string { return fmt.Sprintf("%s:%d: %s: %s", m.File, m.Line, m.Code, m.Title) }

type fixedText struct {
	typed         string
	before, after []byte
}

// Fix makes the first fix of each finding, if it is safe, until nothing is
// left to fix. The workspace then has the files with the fixes as open
// documents. Errors are the context's, or name the rules whose fixes don't do.
func (c *Checker) Fix(ctx context.Context, files []workspace.Listed) (*Fixed, error) {
	fixed := &Fixed{texts: map[string]*fixedText{}}
	byPath := map[string]workspace.Listed{}
	for _, file := range files {
		byPath[file.Path] = file
	}
	pending := files
	for range maxRounds {
		checked, err := c.Check(ctx, pending)
		if err != nil {
			return nil, err
		}
		round := &round{edits: map[string][]analysis.Edit{}}
		for _, file := range checked {
			for _, found := range file.Findings {
				round.take(found, byPath)
			}
		}
		if len(round.made) == 0 {
			if len(pending) == len(files) {
				fixed.Files = checked
				return fixed, nil
			}
			// An edit may have let other files see something to fix.
			pending = files
			continue
		}
		fixed.Made = append(fixed.Made, round.made...)
		pending = nil
		for _, path := range slices.Sorted(maps.Keys(round.edits)) {
			if err := c.apply(fixed, byPath[path], round); err != nil {
				return nil, err
			}
			pending = append(pending, byPath[path])
		}
	}
	return nil, fmt.Errorf("after %d rounds there is still something to fix: %s undo each other; leave one out with --ignore", maxRounds, codesOf(fixed.Made[len(fixed.Made)-1:]))
}

// round is what is fixed at once.
type round struct {
	edits map[string][]analysis.Edit // by path
	made  []Made
}

// take takes a finding's fix into the round, if its edits are apart from those
// that are in it. The files of notebooks aren't written.
func (r *round) take(found Finding, files map[string]workspace.Listed) {
	fixes := found.diagnostic.Fixes
	if len(fixes) == 0 || !fixes[0].Safe || len(fixes[0].Edits) == 0 {
		return
	}
	for _, edit := range fixes[0].Edits {
		_, asked := files[edit.File.Path]
		if !asked || parser.IsNotebook(edit.File.Path) || slices.ContainsFunc(r.edits[edit.File.Path], edit.Meets) {
			return
		}
	}
	for _, edit := range fixes[0].Edits {
		r.edits[edit.File.Path] = append(r.edits[edit.File.Path], edit)
	}
	r.made = append(r.made, Made{File: found.File, Line: found.Line, Code: found.Code, Title: fixes[0].Title})
}

// apply makes the round's edits in one file.
func (c *Checker) apply(fixed *Fixed, file workspace.Listed, round *round) error {
	edits := round.edits[file.Path]
	module := edits[0].File.Module
	text := module.Source.Text()
	slices.SortStableFunc(edits, func(a, b analysis.Edit) int { return cmp.Compare(a.Span.Start, b.Span.Start) })
	var after bytes.Buffer
	done := 0
	for _, edit := range edits {
		after.Write(text[done:edit.Span.Start])
		after.WriteString(edit.Replacement())
		done = edit.Span.End
	}
	after.Write(text[done:])
	if parsed := parser.ParseFile(module.Language, after.Bytes()); len(parsed.Errors) > len(module.Errors) {
		return fmt.Errorf("the fixes of %s leave a syntax error in %s; nothing is changed: leave them out with --ignore, and please report it", codesOf(round.made), file.Typed)
	}
	if fixed.texts[file.Path] == nil {
		fixed.texts[file.Path] = &fixedText{typed: file.Typed, before: text}
	}
	fixed.texts[file.Path].after = after.Bytes()
	c.Workspace.Open(file.Path, 1, after.Bytes())
	return nil
}

func codesOf(made []Made) string {
	var codes []string
	for _, one := range made {
		codes = append(codes, one.Code)
	}
	slices.Sort(codes)
	return strings.Join(slices.Compact(codes), ", ")
}

// Diff is what the fixes change as a unified diff.
func (f *Fixed) Diff() []byte {
	var all bytes.Buffer
	for _, path := range slices.Sorted(maps.Keys(f.texts)) {
		text := f.texts[path]
		all.Write(diff.Diff(text.typed, text.before, text.typed, text.after))
	}
	return all.Bytes()
}

// Write writes the files with the fixes, each at once and in its encoding. The
// error says which aren't written: those that changed since they were read, or
// can't be written.
func (f *Fixed) Write() error {
	var problems []error
	for _, path := range slices.Sorted(maps.Keys(f.texts)) {
		if err := f.texts[path].write(path); err != nil {
			problems = append(problems, fmt.Errorf("%s isn't fixed: %w", f.texts[path].typed, err))
		}
	}
	return errors.Join(problems...)
}

func (f *fixedText) write(path string) error {
	now, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	text, after := now, f.after
	if language, _ := parser.LanguageOf(path); language == parser.Python {
		if text, _, err = parser.Decode(now); err != nil {
			return err
		}
		if after, err = parser.Encode(f.after, now); err != nil {
			return err
		}
	}
	if !bytes.Equal(text, f.before) {
		return errors.New("it changed while it was looked at: start again")
	}
	return atomicfile.Write(path, after)
}
