package lsp

import (
	"context"

	"go.lsp.dev/protocol"

	"github.com/flyte-lsp/flyte-lsp/editing/navigate"
	"github.com/flyte-lsp/flyte-lsp/workspace"
)

// references answers textDocument/references in Python files and inputs documents.
func (s *Server) references(ctx context.Context, snapshot *workspace.Snapshot, params *protocol.ReferenceParams) ([]protocol.Location, error) {
	answer := []protocol.Location{}
	settings := s.settings.Load()
	if !settings.Navigation.Enabled {
		return answer, nil
	}
	path, offset, err := s.positioned(snapshot, &params.TextDocumentPositionParams)
	if err != nil || path == "" {
		return answer, err
	}
	search := s.search(snapshot, path)
	thing, at, err := search.At(ctx, path, offset)
	if err != nil || thing == nil {
		return answer, err
	}
	places, err := search.References(ctx, thing)
	if err != nil {
		return nil, err
	}
	for _, place := range navigate.Known(places, at, settings.GeneralPython.Enabled) {
		if place.Kind != navigate.Declaration || params.Context.IncludeDeclaration {
			answer = append(answer, protocol.Location{URI: uriOf(place.Path), Range: s.rangeOf(place.Source, place.Span)})
		}
	}
	return answer, nil
}

// documentHighlight answers textDocument/documentHighlight.
func (s *Server) documentHighlight(ctx context.Context, snapshot *workspace.Snapshot, params *protocol.TextDocumentPositionParams) ([]protocol.DocumentHighlight, error) {
	answer := []protocol.DocumentHighlight{}
	settings := s.settings.Load()
	if !settings.Navigation.Enabled {
		return answer, nil
	}
	path, offset, err := s.positioned(snapshot, params)
	if err != nil || path == "" {
		return answer, err
	}
	places, err := s.search(snapshot, path).Highlights(ctx, path, offset, settings.GeneralPython.Enabled)
	for _, place := range places {
		kind := protocol.DocumentHighlightKindRead
		if place.Binds() {
			kind = protocol.DocumentHighlightKindWrite
		}
		answer = append(answer, protocol.DocumentHighlight{Range: s.rangeOf(place.Source, place.Span), Kind: kind})
	}
	return answer, err
}
