package lsp

import (
	"context"

	"go.lsp.dev/protocol"

	"github.com/flyte-lsp/flyte-lsp/editing/navigate"
	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyte-lsp/flyte-lsp/runs"
	"github.com/flyte-lsp/flyte-lsp/workspace"
)

// definition answers textDocument/definition and textDocument/declaration in Python
// files and inputs documents.
func (s *Server) definition(ctx context.Context, snapshot *workspace.Snapshot, params *protocol.TextDocumentPositionParams) ([]protocol.Location, error) {
	general := s.settings.Load().GeneralPython.Enabled
	return s.locations(snapshot, params, func(search *navigate.Search, path string, offset int) ([]navigate.Location, error) {
		if runs.IsInputsPath(path) {
			if field, err := s.fieldDefinition(ctx, snapshot, path, offset); field != nil || err != nil {
				return field, err
			}
		}
		return search.Definition(ctx, path, offset, general)
	})
}

// typeDefinition answers textDocument/typeDefinition.
func (s *Server) typeDefinition(ctx context.Context, snapshot *workspace.Snapshot, params *protocol.TextDocumentPositionParams) ([]protocol.Location, error) {
	general := s.settings.Load().GeneralPython.Enabled
	return s.locations(snapshot, params, func(search *navigate.Search, path string, offset int) ([]navigate.Location, error) {
		return search.TypeDefinition(ctx, path, offset, general)
	})
}

// implementation answers textDocument/implementation.
func (s *Server) implementation(ctx context.Context, snapshot *workspace.Snapshot, params *protocol.TextDocumentPositionParams) ([]protocol.Location, error) {
	return s.locations(snapshot, params, func(search *navigate.Search, path string, offset int) ([]navigate.Location, error) {
		return search.Implementation(ctx, path, offset)
	})
}

// locations asks find for the locations of what stands at a position.
func (s *Server) locations(snapshot *workspace.Snapshot, params *protocol.TextDocumentPositionParams, find func(search *navigate.Search, path string, offset int) ([]navigate.Location, error)) ([]protocol.Location, error) {
	answer := []protocol.Location{}
	if !s.settings.Load().Navigation.Enabled {
		return answer, nil
	}
	path, offset, err := s.positioned(snapshot, params)
	if err != nil || path == "" {
		return answer, err
	}
	found, err := find(s.search(snapshot, path), path, offset)
	for _, location := range found {
		answer = append(answer, protocol.Location{URI: uriOf(location.Path), Range: s.rangeOf(location.Source, location.Span)})
	}
	return answer, err
}

// search looks for things in a snapshot and in the inputs documents.
func (s *Server) search(snapshot *workspace.Snapshot, path string) *navigate.Search {
	return &navigate.Search{Snapshot: snapshot, Folders: append(s.folders.all(), s.folders.of(path)), Document: s.inputs.text}
}

// positioned is the file and the offset that a request asks for: a Python file or
// an inputs document; "" for others.
func (s *Server) positioned(snapshot *workspace.Snapshot, params *protocol.TextDocumentPositionParams) (string, int, error) {
	path, ok := pathOf(string(params.TextDocument.URI))
	if !ok {
		return "", 0, nil
	}
	if runs.IsInputsPath(path) {
		text, err := s.inputs.text(path)
		if text == nil || err != nil {
			return "", 0, err
		}
		return path, s.offsetOf(parser.NewSource(text), params.Position), nil
	}
	if language, _ := parser.LanguageOf(path); language != parser.Python {
		return "", 0, nil
	}
	file, err := snapshot.File(path)
	if err != nil {
		return "", 0, err
	}
	return path, s.offsetOf(file.Source, params.Position), nil
}
