package lsp

import (
	"context"

	"go.lsp.dev/protocol"

	"github.com/flyte-lsp/flyte-lsp/editing/navigate"
	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyte-lsp/flyte-lsp/workspace"
)

// maxSymbols is how many symbols of the workspace an answer has: a client asks
// again with each letter.
const maxSymbols = 200

// symbolKind is what the protocol has for a kind of entity.
func symbolKind(kind model.Kind) protocol.SymbolKind {
	switch kind {
	case model.LaunchPlan:
		return protocol.SymbolKindEvent
	case model.MapTask:
		return protocol.SymbolKindArray
	case model.ReferenceTask, model.ReferenceWorkflow, model.ReferenceLaunchPlan:
		return protocol.SymbolKindInterface
	}
	return protocol.SymbolKindFunction
}

// documentSymbol answers textDocument/documentSymbol in Python files.
func (s *Server) documentSymbol(ctx context.Context, snapshot *workspace.Snapshot, params *protocol.DocumentSymbolParams) ([]protocol.DocumentSymbol, error) {
	path, ok := pathOf(string(params.TextDocument.URI))
	if language, _ := parser.LanguageOf(path); !ok || language != parser.Python || !s.settings.Load().Symbols.Enabled {
		return []protocol.DocumentSymbol{}, nil
	}
	file, err := snapshot.File(path)
	if err != nil {
		return nil, err
	}
	symbols, err := navigate.DocumentSymbols(ctx, snapshot, path)
	return s.documentSymbols(file.Source, symbols), err
}

func (s *Server) documentSymbols(source *parser.Source, symbols []navigate.Symbol) []protocol.DocumentSymbol {
	answer := []protocol.DocumentSymbol{}
	for _, symbol := range symbols {
		kind := symbolKind(symbol.Kind)
		if symbol.IsNode {
			kind = protocol.SymbolKindObject
		}
		answer = append(answer, protocol.DocumentSymbol{
			Name: symbol.Name, Detail: symbol.Detail, Kind: kind,
			Range: s.rangeOf(source, symbol.Span), SelectionRange: s.rangeOf(source, symbol.NameSpan),
			Children: s.documentSymbols(source, symbol.Children),
		})
	}
	return answer
}

// workspaceSymbol answers workspace/symbol.
func (s *Server) workspaceSymbol(ctx context.Context, snapshot *workspace.Snapshot, params *protocol.WorkspaceSymbolParams) ([]protocol.SymbolInformation, error) {
	answer := []protocol.SymbolInformation{}
	if !s.settings.Load().Symbols.Enabled {
		return answer, nil
	}
	found, err := s.listing.Find(ctx, snapshot, params.Query, maxSymbols)
	for _, e := range found {
		answer = append(answer, protocol.SymbolInformation{
			Name: e.Name, Kind: symbolKind(e.Kind), ContainerName: string(e.Kind) + " in " + e.Module,
			Location: protocol.Location{URI: uriOf(e.Path), Range: s.rangeOf(e.Source, e.Span)},
		})
	}
	return answer, err
}
