package analysis

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyte-lsp/flyte-lsp/workspace"
)

// maxRounds bounds how often fixes make room for others.
const maxRounds = 50

// FixAll makes the first fix of each finding in a file that is wanted, again and
// again until there is none left, and returns the edits of the file's text that
// come to the same, in order and apart from each other. Nothing is changed, in
// the workspace neither. Fixes that edit other files are left out.
//
// The error is the context's, or names rules: those whose fixes undo each other,
// or one whose fix leaves a syntax error.
func FixAll(ctx context.Context, snapshot *workspace.Snapshot, file *workspace.File, options Options, wanted func(*Diagnostic) bool) ([]Edit, error) {
	original := file
	text := pieces{{start: 0, end: len(file.Source.Text())}}
	for range maxRounds {
		found := File(ctx, snapshot, file, options)
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		mended := apart(file, found, wanted)
		if len(mended) == 0 {
			return text.edits(original), nil
		}
		for {
			next := text.with(mended)
			supposed := snapshot.With(file.Path, next.join(original.Source.Text()))
			after, err := supposed.File(file.Path)
			if err != nil {
				return nil, err
			}
			if len(after.Errors) <= len(file.Errors) {
				text, snapshot, file = next, supposed, after
				break
			}
			if len(mended) == 1 {
				return nil, fmt.Errorf("the fix of %s leaves a syntax error: please report it", codesFixed(mended))
			}
			mended = mended[:len(mended)/2] // two fixes may do the same: the others are for another round
		}
	}
	left := apart(file, File(ctx, snapshot, file, options), wanted)
	return nil, fmt.Errorf("the fixes of %s undo each other: make them one by one, and please report it", codesFixed(left))
}

// apart are as many findings as have first fixes that can be made at once.
func apart(file *workspace.File, found []*Diagnostic, wanted func(*Diagnostic) bool) (mended []*Diagnostic) {
	var edits []Edit
	for _, d := range found {
		if len(d.Fixes) == 0 || !wanted(d) {
			continue
		}
		own := d.Fixes[0].Edits
		if slices.ContainsFunc(own, func(edit Edit) bool {
			return edit.File.Path != file.Path || slices.ContainsFunc(edits, edit.Meets)
		}) {
			continue
		}
		edits, mended = append(edits, own...), append(mended, d)
	}
	return mended
}

func codesFixed(mended []*Diagnostic) string {
	var codes []string
	for _, d := range mended {
		codes = append(codes, d.Rule.Code)
	}
	slices.Sort(codes)
	return strings.Join(slices.Compact(codes), ", ")
}

// pieces are a text that was edited: parts of the original one, and what was put
// between them.
type pieces []piece

// piece is new text, or the original's from start to end.
type piece struct {
	text       string
	isNew      bool
	start, end int
}

func (p piece) length() int {
	if p.isNew {
		return len(p.text)
	}
	return p.end - p.start
}

// cut is the part of a piece between two offsets in it.
func (p piece) cut(from, to int) piece {
	if p.isNew {
		return piece{text: p.text[from:to], isNew: true}
	}
	return piece{start: p.start + from, end: p.start + to}
}

// with is the text with the first fixes of findings in it.
func (all pieces) with(mended []*Diagnostic) pieces {
	var edits []Edit
	for _, d := range mended {
		edits = append(edits, d.Fixes[0].Edits...)
	}
	slices.SortStableFunc(edits, func(a, b Edit) int { return cmp.Compare(a.Span.Start, b.Span.Start) })
	for _, edit := range slices.Backward(edits) {
		all = all.replace(edit.Span, edit.Replacement())
	}
	return all
}

// replace puts a text in place of a span.
func (all pieces) replace(span parser.Span, text string) pieces {
	var next pieces
	add := func(p piece) {
		if p.length() > 0 {
			next = append(next, p)
		}
	}
	at, put := 0, false
	for _, p := range all {
		length := p.length()
		add(p.cut(0, min(max(span.Start-at, 0), length)))
		if !put && span.Start <= at+length {
			add(piece{text: text, isNew: true})
			put = true
		}
		add(p.cut(min(max(span.End-at, 0), length), length))
		at += length
	}
	if !put {
		add(piece{text: text, isNew: true})
	}
	return next
}

func (all pieces) join(original []byte) []byte {
	var text bytes.Buffer
	for _, p := range all {
		if p.isNew {
			text.WriteString(p.text)
		} else {
			text.Write(original[p.start:p.end])
		}
	}
	return text.Bytes()
}

// edits are those that make the text of the original one.
func (all pieces) edits(file *workspace.File) []Edit {
	var edits []Edit
	done, put := 0, ""
	flush := func(start int) {
		if put != "" || start > done {
			edits = append(edits, Edit{File: file, Span: parser.Span{Start: done, End: start}, Text: put})
		}
		put = ""
	}
	for _, p := range all {
		if p.isNew {
			put += p.text
			continue
		}
		flush(p.start)
		done = p.end
	}
	flush(len(file.Source.Text()))
	return edits
}
