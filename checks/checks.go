// Package checks runs the rules over files and folders for the command line,
// and writes what they find in the forms that people, editors and CI systems
// read.
package checks

import (
	"context"
	"runtime"
	"unicode/utf8"

	"golang.org/x/sync/errgroup"

	"github.com/flyte-lsp/flyte-lsp/analysis"
	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyte-lsp/flyte-lsp/workspace"
)

// Finding is a diagnostic as it leaves the program. Lines and columns count
// from 1, columns in characters; the end is the place behind the last one.
type Finding struct {
	// File is the path as a person who typed the given paths would type it.
	File      string `json:"file"`
	Line      int    `json:"line"`
	Column    int    `json:"column"`
	EndLine   int    `json:"end_line"`
	EndColumn int    `json:"end_column"`
	Severity  string `json:"severity"` // "error", "warning" or "hint"
	Code      string `json:"code"`
	Message   string `json:"message"`
}

// Checked is what there is to say of one file.
type Checked struct {
	Path, File string // absolute, and as typed
	Findings   []Finding
	Err        error // the file can't be read
}

// Run looks at the workflow files at paths, and below those that are folders,
// in the order of the paths and then of their names. Errors are the context's,
// or that a path isn't there.
func Run(ctx context.Context, snapshot *workspace.Snapshot, paths []string, options analysis.Options) ([]Checked, error) {
	files, err := workspace.List(ctx, paths)
	if err != nil {
		return nil, err
	}
	checked := make([]Checked, len(files))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(runtime.GOMAXPROCS(0))
	for i, file := range files {
		group.Go(func() error {
			checked[i] = check(ctx, snapshot, file, options)
			return ctx.Err()
		})
	}
	return checked, group.Wait()
}

func check(ctx context.Context, snapshot *workspace.Snapshot, listed workspace.Listed, options analysis.Options) Checked {
	checked := Checked{Path: listed.Path, File: listed.Typed}
	file, err := snapshot.File(listed.Path)
	if err != nil {
		checked.Err = err
		return checked
	}
	for _, found := range analysis.File(ctx, snapshot, file, options) {
		checked.Findings = append(checked.Findings, findingOf(listed.Typed, file.Source, found))
	}
	return checked
}

func findingOf(name string, source *parser.Source, found *analysis.Diagnostic) Finding {
	finding := Finding{File: name, Severity: nameOf(found.Severity), Code: found.Rule.Code, Message: found.Message}
	finding.Line, finding.Column = place(source, found.Span.Start)
	finding.EndLine, finding.EndColumn = place(source, found.Span.End)
	return finding
}

// place counts lines and characters from 1.
func place(source *parser.Source, offset int) (line, column int) {
	offset = min(offset, len(source.Text()))
	start := source.LineStart(offset)
	return source.Position(offset).Line + 1, utf8.RuneCount(source.Text()[start:offset]) + 1
}

func nameOf(severity analysis.Severity) string {
	switch severity {
	case analysis.Error:
		return "error"
	case analysis.Warning:
		return "warning"
	}
	return "hint"
}
