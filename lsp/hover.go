package lsp

import (
	"context"
	"time"

	"go.lsp.dev/protocol"

	"github.com/flyte-lsp/flyte-lsp/editing/hover"
	"github.com/flyte-lsp/flyte-lsp/runs"
	"github.com/flyte-lsp/flyte-lsp/workspace"
)

// hover answers textDocument/hover.
func (s *Server) hover(ctx context.Context, snapshot *workspace.Snapshot, params *protocol.HoverParams) (*protocol.Hover, error) {
	path, ok := pathOf(string(params.TextDocument.URI))
	if !ok || !s.settings.Load().Hover.Enabled {
		return nil, nil
	}
	if runs.IsInputsPath(path) {
		return s.inputsHover(ctx, snapshot, path, params.Position)
	}
	file, err := snapshot.File(path)
	if err != nil {
		return nil, err
	}
	found, err := hover.At(ctx, snapshot, path, s.offsetOf(file.Source, params.Position), hover.Known{
		Latest: func(path string) []*runs.Run { return s.latest(ctx, path) }, Now: time.Now(),
	})
	if found == nil || err != nil {
		return nil, err
	}
	at := s.rangeOf(file.Source, found.Span)
	return &protocol.Hover{Contents: protocol.MarkupContent{Kind: protocol.Markdown, Value: found.Text}, Range: &at}, nil
}
