// Package checks runs the rules over files and folders for the command line,
// fixes what can be fixed without a decision, and writes what is found in the
// forms that people, editors and CI systems read.
package checks

import (
	"bytes"
	"context"
	"fmt"
	"runtime"
	"strings"
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
	File string `json:"file"`
	// Cell is the number of the cell among all cells of a notebook, from 1, in which
	// the lines are counted; 0 in any other file.
	Cell      int    `json:"cell,omitempty"`
	Line      int    `json:"line"`
	Column    int    `json:"column"`
	EndLine   int    `json:"end_line"`
	EndColumn int    `json:"end_column"`
	Severity  string `json:"severity"` // "error", "warning" or "hint"
	Code      string `json:"code"`
	Message   string `json:"message"`

	text       string // of the line that it starts in, without white space around it
	diagnostic *analysis.Diagnostic
}

// Checked is what there is to say of one file.
type Checked struct {
	Path, File string // absolute, and as typed
	Findings   []Finding
	Err        error // the file can't be read
	// Gone counts the findings that the baseline has, and the file not any more.
	Gone int

	settings []analysis.ConfigProblem // in the settings of its project
}

// Checker looks at files of a workspace.
type Checker struct {
	Workspace *workspace.Workspace
	// Severities are those that were chosen for this look: they win over the
	// project's.
	Severities analysis.Severities
	// Panicked is told of a rule that panicked: analysis.Options.
	Panicked func(rule *analysis.Rule, file *workspace.File, problem any, stack []byte)
	// Baseline has findings that aren't told; nil: all are.
	Baseline *Baseline
}

// Selection are the severities by which only the selected rules look, or all
// if none is named, without the ignored ones. Rules are named as
// analysis.Select has it; the error names one that there isn't.
func Selection(selected, ignored []string) (analysis.Severities, error) {
	in, err := analysis.Select(selected)
	if err != nil {
		return nil, fmt.Errorf("--select: %w", err)
	}
	out, err := analysis.Select(ignored)
	if err != nil {
		return nil, fmt.Errorf("--ignore: %w", err)
	}
	severities := analysis.Severities{}
	for _, rule := range analysis.Rules {
		if out[rule.Code] || len(selected) > 0 && !in[rule.Code] {
			severities[rule.Code] = analysis.Off
		}
	}
	return severities, nil
}

// Check looks at files, on all cores. The error is the context's.
func (c *Checker) Check(ctx context.Context, files []workspace.Listed) ([]Checked, error) {
	snapshot := c.Workspace.Snapshot()
	checked := make([]Checked, len(files))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(runtime.GOMAXPROCS(0))
	for i, file := range files {
		group.Go(func() error {
			checked[i] = c.check(ctx, snapshot, file)
			return ctx.Err()
		})
	}
	return checked, group.Wait()
}

func (c *Checker) check(ctx context.Context, snapshot *workspace.Snapshot, listed workspace.Listed) Checked {
	checked := Checked{Path: listed.Path, File: listed.Typed, Err: listed.Err}
	if listed.Err != nil {
		return checked
	}
	file, err := snapshot.File(listed.Path)
	if err != nil {
		checked.Err = err
		return checked
	}
	project, problems := analysis.ProjectSeverities(snapshot, listed.Path)
	checked.settings = problems
	options := analysis.Options{Severities: project.With(c.Severities), Panicked: c.Panicked}
	for _, found := range analysis.File(ctx, snapshot, file, options) {
		checked.Findings = append(checked.Findings, findingOf(listed.Typed, file, found))
	}
	if c.Baseline != nil {
		checked.Findings, checked.Gone = c.Baseline.match(checked)
	}
	return checked
}

func findingOf(name string, file *workspace.File, found *analysis.Diagnostic) Finding {
	finding := findingAt(file, found.Span)
	finding.File, finding.Severity = name, found.Severity.String()
	finding.Code, finding.Message = found.Rule.Code, found.Message
	finding.text, finding.diagnostic = lineText(file.Source, found.Span.Start), found
	return finding
}

// findingAt has the place of a span only.
func findingAt(file *workspace.File, span parser.Span) Finding {
	var finding Finding
	finding.Line, finding.Column = place(file.Source, span.Start)
	finding.EndLine, finding.EndColumn = place(file.Source, span.End)
	if cell, ok := file.Cells.At(finding.Line - 1); ok {
		finding.Cell = cell.Number
		finding.Line, finding.EndLine = finding.Line-cell.Line, finding.EndLine-cell.Line
	}
	return finding
}

// place counts lines and characters from 1.
func place(source *parser.Source, offset int) (line, column int) {
	offset = min(offset, len(source.Text()))
	start := source.LineStart(offset)
	return source.Position(offset).Line + 1, utf8.RuneCount(source.Text()[start:offset]) + 1
}

// lineText is the text of the line that an offset is in, with single spaces.
func lineText(source *parser.Source, offset int) string {
	line := source.Text()[source.LineStart(offset):]
	if end := bytes.IndexAny(line, "\r\n"); end >= 0 {
		line = line[:end]
	}
	return strings.Join(strings.Fields(string(line)), " ")
}
