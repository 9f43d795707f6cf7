package lsp

import (
	"context"
	"time"

	"go.lsp.dev/protocol"

	"github.com/flyte-lsp/flyte-lsp/codelens"
	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyte-lsp/flyte-lsp/runs"
	"github.com/flyte-lsp/flyte-lsp/workspace"
)

// codeLens answers textDocument/codeLens for workflow files and for inputs
// documents. In a notebook there are none: what they run is a file that Python
// imports.
func (s *Server) codeLens(ctx context.Context, snapshot *workspace.Snapshot, params *protocol.CodeLensParams) ([]protocol.CodeLens, error) {
	path, ok := pathOf(string(params.TextDocument.URI))
	if !ok {
		return nil, nil
	}
	settings := s.settings.Load()
	kinds := codelens.Kinds{Run: settings.Lenses.Run, Inputs: settings.Lenses.Inputs, Result: settings.Lenses.Result}
	if runs.IsInputsPath(path) {
		return s.inputsLenses(ctx, path, kinds)
	}
	if parser.IsNotebook(path) {
		return []protocol.CodeLens{}, nil
	}
	file, err := snapshot.File(path)
	if err != nil {
		return nil, err
	}
	rows, err := snapshot.Rows(ctx, path)
	if err != nil {
		return nil, err
	}
	lenses := []protocol.CodeLens{} // some clients take null for "ask again later"
	for _, lens := range codelens.File(file, rows, string(params.TextDocument.URI), s.latest(ctx, path), kinds, time.Now()) {
		at := s.positionOf(file.Source, lens.Offset)
		lenses = append(lenses, lensAt(at, lens))
	}
	return inOrder(lenses), nil
}

// inOrder gives the lenses of a row increasing columns: Neovim sorts a row by
// column, and shuffles the lenses of one column.
func inOrder(lenses []protocol.CodeLens) []protocol.CodeLens {
	for i := 1; i < len(lenses); i++ {
		if before := lenses[i-1].Range.Start; before.Line == lenses[i].Range.Start.Line {
			at := protocol.Position{Line: before.Line, Character: before.Character + 1}
			lenses[i].Range = protocol.Range{Start: at, End: at}
		}
	}
	return lenses
}

func lensAt(at protocol.Position, lens codelens.Lens) protocol.CodeLens {
	return protocol.CodeLens{
		Range:   protocol.Range{Start: at, End: at},
		Command: &protocol.Command{Title: lens.Title, Command: lens.Command, Arguments: []any{lens.Argument}},
	}
}

// latest returns the newest runs of the file's entities; a history that can't
// be read is told in the log, and lenses go without it.
func (s *Server) latest(ctx context.Context, path string) []*runs.Run {
	latest, err := s.runs.Latest(ctx, path)
	if err != nil && ctx.Err() == nil {
		s.log.Warn("the last runs can't be shown: " + err.Error())
	}
	return latest
}

// runTitle is a run's outcome in one line.
func runTitle(run *runs.Run) string {
	return codelens.Ago(time.Since(run.Ended)) + ", " + string(run.Target) + " run of " + run.Entity
}
