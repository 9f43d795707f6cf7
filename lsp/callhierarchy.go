package lsp

import (
	"context"

	"go.lsp.dev/protocol"

	"github.com/flyte-lsp/flyte-lsp/editing/navigate"
	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyte-lsp/flyte-lsp/workspace"
)

// prepareCallHierarchy answers textDocument/prepareCallHierarchy on an entity's
// name.
func (s *Server) prepareCallHierarchy(ctx context.Context, snapshot *workspace.Snapshot, params *protocol.TextDocumentPositionParams) ([]protocol.CallHierarchyItem, error) {
	answer := []protocol.CallHierarchyItem{}
	if !s.settings.Load().CallHierarchy.Enabled {
		return answer, nil
	}
	path, offset, err := s.positioned(snapshot, params)
	if err != nil || path == "" {
		return answer, err
	}
	item, err := s.search(snapshot, path).Item(ctx, path, offset)
	if err != nil || item == nil {
		return answer, err
	}
	return append(answer, s.hierarchyItem(item)), nil
}

// incomingCalls answers callHierarchy/incomingCalls.
func (s *Server) incomingCalls(ctx context.Context, snapshot *workspace.Snapshot, params *protocol.CallHierarchyIncomingCallsParams) ([]protocol.CallHierarchyIncomingCall, error) {
	answer := []protocol.CallHierarchyIncomingCall{}
	search, item, err := s.hierarchyAt(ctx, snapshot, &params.Item)
	if err != nil || item == nil {
		return answer, err
	}
	calls, err := search.Incoming(ctx, item)
	for _, call := range calls {
		answer = append(answer, protocol.CallHierarchyIncomingCall{From: s.hierarchyItem(&call.Item), FromRanges: s.rangesOf(call.Source, call.Spans)})
	}
	return answer, err
}

// outgoingCalls answers callHierarchy/outgoingCalls.
func (s *Server) outgoingCalls(ctx context.Context, snapshot *workspace.Snapshot, params *protocol.CallHierarchyOutgoingCallsParams) ([]protocol.CallHierarchyOutgoingCall, error) {
	answer := []protocol.CallHierarchyOutgoingCall{}
	search, item, err := s.hierarchyAt(ctx, snapshot, &params.Item)
	if err != nil || item == nil {
		return answer, err
	}
	calls, err := search.Outgoing(ctx, item)
	for _, call := range calls {
		answer = append(answer, protocol.CallHierarchyOutgoingCall{To: s.hierarchyItem(&call.Item), FromRanges: s.rangesOf(item.Source, call.Spans)})
	}
	return answer, err
}

// hierarchyAt finds the entity of an item that the client has: by its file and
// name, since its text may have changed; nil if it is gone.
func (s *Server) hierarchyAt(ctx context.Context, snapshot *workspace.Snapshot, of *protocol.CallHierarchyItem) (*navigate.Search, *navigate.Item, error) {
	path, ok := pathOf(string(of.URI))
	if language, _ := parser.LanguageOf(path); !ok || language != parser.Python || !s.settings.Load().CallHierarchy.Enabled {
		return nil, nil, nil
	}
	search := s.search(snapshot, path)
	item, err := search.Named(ctx, path, of.Name)
	return search, item, err
}

func (s *Server) hierarchyItem(item *navigate.Item) protocol.CallHierarchyItem {
	e := item.Entity
	return protocol.CallHierarchyItem{
		Name: item.Title(), Kind: symbolKind(e.Kind), Detail: navigate.Interface(e), URI: uriOf(e.Path),
		Range: s.rangeOf(item.Source, e.Span), SelectionRange: s.rangeOf(item.Source, e.NameSpan),
	}
}

func (s *Server) rangesOf(source *parser.Source, spans []parser.Span) []protocol.Range {
	ranges := []protocol.Range{}
	for _, span := range spans {
		ranges = append(ranges, s.rangeOf(source, span))
	}
	return ranges
}
