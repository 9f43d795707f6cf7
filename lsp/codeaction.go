package lsp

import (
	"context"
	"slices"
	"strings"
	"time"

	"go.lsp.dev/protocol"

	"github.com/flyte-lsp/flyte-lsp/codelens"
	"github.com/flyte-lsp/flyte-lsp/editing/refactor"
	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyte-lsp/flyte-lsp/runs"
	"github.com/flyte-lsp/flyte-lsp/workspace"
)

// codeActionRun is the kind of the actions that do what a lens does.
const codeActionRun protocol.CodeActionKind = "flyte.run"

// codeAction answers textDocument/codeAction: what mends or hides the findings
// at the range, and what the lenses there do.
func (s *Server) codeAction(ctx context.Context, snapshot *workspace.Snapshot, params *protocol.CodeActionParams) ([]protocol.CodeAction, error) {
	path, ok := pathOf(string(params.TextDocument.URI))
	if !ok {
		return []protocol.CodeAction{}, nil
	}
	actions, err := s.runActions(ctx, snapshot, path, params)
	if err != nil {
		return nil, err
	}
	if runs.IsInputsPath(path) {
		fixes, err := s.inputsFixes(ctx, snapshot, path, params)
		return append(fixes, actions...), err
	}
	if file := workflowFile(snapshot, path); file != nil {
		rewritings, err := s.refactorActions(ctx, snapshot, file, params)
		if err != nil {
			return nil, err
		}
		actions = slices.Concat(s.fixActions(ctx, snapshot, file, params), rewritings, actions)
	}
	return actions, nil
}

// refactorActions are the rewritings that can be made at the range.
func (s *Server) refactorActions(ctx context.Context, snapshot *workspace.Snapshot, file *workspace.File, params *protocol.CodeActionParams) ([]protocol.CodeAction, error) {
	if !s.settings.Load().CodeActions.Refactor || file.AST == nil {
		return nil, nil
	}
	span := s.spanOf(file.Source, params.Range)
	offered, err := refactor.Actions(ctx, snapshot, file, span)
	if err != nil {
		return nil, err
	}
	var actions []protocol.CodeAction
	for _, action := range offered {
		if kind := protocol.CodeActionKind(action.Kind); wanted(params.Context.Only, kind) {
			actions = append(actions, protocol.CodeAction{Title: action.Title, Kind: kind, Edit: s.workspaceEdit(action.Edits)})
		}
	}
	return actions, nil
}

// runActions are the lenses of the entity whose head the range touches, for
// editors without lenses.
func (s *Server) runActions(ctx context.Context, snapshot *workspace.Snapshot, path string, params *protocol.CodeActionParams) ([]protocol.CodeAction, error) {
	actions := []protocol.CodeAction{}
	if !s.settings.Load().CodeActions.Run || parser.IsNotebook(path) || !wanted(params.Context.Only, codeActionRun) {
		return actions, nil
	}
	all := codelens.Kinds{Run: true, Inputs: true, Result: true}
	if runs.IsInputsPath(path) {
		lenses, err := s.inputsLenses(ctx, path, all)
		for _, lens := range lenses {
			actions = append(actions, protocol.CodeAction{Title: "Flyte: " + lens.Command.Title, Kind: codeActionRun, Command: lens.Command})
		}
		return actions, err
	}
	file, err := snapshot.File(path)
	if err != nil {
		return nil, err
	}
	rows, err := snapshot.Rows(ctx, path)
	if err != nil {
		return nil, err
	}
	lenses := codelens.File(file, rows, string(params.TextDocument.URI), s.latest(ctx, path), all, time.Now())
	for _, row := range rows {
		first := file.Source.Position(row.Offset).Line
		last := first
		if !row.Stale {
			last = file.Source.Position(row.Entity.NameSpan.End).Line
		}
		if int(params.Range.End.Line) < first || int(params.Range.Start.Line) > last {
			continue
		}
		for _, lens := range lenses {
			if lens.Offset == row.Offset {
				actions = append(actions, protocol.CodeAction{
					Title:   "Flyte: " + lens.Title + " (" + row.Entity.Name + ")",
					Kind:    codeActionRun,
					Command: lensAt(protocol.Position{}, lens).Command,
				})
			}
		}
	}
	return actions, nil
}

// wanted reports whether a client that asks only for some kinds, each with
// those below it, wants this one.
func wanted(only []protocol.CodeActionKind, kind protocol.CodeActionKind) bool {
	return len(only) == 0 || slices.ContainsFunc(only, func(asked protocol.CodeActionKind) bool {
		return asked == "" || kind == asked || strings.HasPrefix(string(kind), string(asked)+".")
	})
}
