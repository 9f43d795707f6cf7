// Package analysis tells what flytekit or the backend would reject in a
// workflow file. Each rule has a file.
//
// A rule is exact or silent: an error means that flytekit or the backend
// rejects the file, or that the run fails. Where the source doesn't tell, a
// rule says nothing.
package analysis

import (
	"cmp"
	"context"
	"slices"

	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyte-lsp/flyte-lsp/workspace"
)

// Severity is a diagnostic's severity, numbered as in the LSP.
type Severity int

// The severities. An Error certainly fails, a Warning may or surprises, a Hint
// could be better.
const (
	Error   Severity = 1
	Warning Severity = 2
	Hint    Severity = 4
)

// Diagnostic is one finding in a file.
type Diagnostic struct {
	// Code is the rule's, stable over releases.
	Code     string
	Severity Severity
	Span     parser.Span
	Message  string
	Related  []Related
}

// Related is another place that a finding has to do with.
type Related struct {
	File    *workspace.File
	Span    parser.Span
	Message string
}

// A Rule finds one kind of mistake.
type Rule struct {
	Code string
	// Summary says in one sentence what is rejected, When at which moment and
	// by which function.
	Summary, When string
	Severity      Severity
	check         func(pass *pass)
}

// Rules are all rules, in the order of their codes.
var Rules = []*Rule{callMissingInput, callTooMany, callUnknownInput, syntaxError, taskInputUnannotated}

// pass is one rule's look at one file.
type pass struct {
	rule     *Rule
	ctx      context.Context // of the look
	snapshot *workspace.Snapshot
	file     *workspace.File
	module   *model.Module
	found    []Diagnostic
}

func (p *pass) report(span parser.Span, message string, related ...Related) {
	p.found = append(p.found, Diagnostic{Code: p.rule.Code, Severity: p.rule.Severity, Span: span, Message: message, Related: related})
}

// File returns what the rules find in a file, in source order. When ctx ends,
// the rules that haven't run are left out.
func File(ctx context.Context, snapshot *workspace.Snapshot, file *workspace.File) []Diagnostic {
	module, err := snapshot.Module(ctx, file.Path)
	if err != nil {
		return nil // there is no file to look at any more
	}
	var all []Diagnostic
	for _, rule := range Rules {
		if ctx.Err() != nil {
			break
		}
		pass := &pass{rule: rule, ctx: ctx, snapshot: snapshot, file: file, module: module}
		rule.check(pass)
		all = append(all, pass.found...)
	}
	slices.SortStableFunc(all, func(a, b Diagnostic) int { return cmp.Compare(a.Span.Start, b.Span.Start) })
	return all
}
