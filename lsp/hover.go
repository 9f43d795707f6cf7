package lsp

import (
	"context"

	"go.lsp.dev/protocol"

	"github.com/flyte-lsp/flyte-lsp/codelens"
	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyte-lsp/flyte-lsp/runs"
	"github.com/flyte-lsp/flyte-lsp/workspace"
)

// hover answers textDocument/hover on an entity's name, where it is defined
// and where a workflow calls it.
func (s *Server) hover(ctx context.Context, snapshot *workspace.Snapshot, params *protocol.HoverParams) (*protocol.Hover, error) {
	path, ok := pathOf(string(params.TextDocument.URI))
	if !ok || runs.IsInputsPath(path) {
		return nil, nil
	}
	file, err := snapshot.File(path)
	if err != nil {
		return nil, err
	}
	span, owner, entity := entityAt(snapshot, file, file.Source.Offset(positionFrom(params.Position)))
	if entity == nil {
		return nil, nil
	}
	text := codelens.Hover(owner, snapshot.Interface(owner, entity), s.latest(ctx, owner.Path))
	at := rangeOf(file.Source, span)
	return &protocol.Hover{Contents: protocol.MarkupContent{Kind: protocol.Markdown, Value: text}, Range: &at}, nil
}

// entityAt finds the entity that is named at an offset, the file it is in, and
// the span of the name.
func entityAt(snapshot *workspace.Snapshot, file *workspace.File, offset int) (parser.Span, *workspace.File, *parser.Entity) {
	for _, entity := range file.Entities {
		if entity.NameSpan.Contains(offset) {
			return entity.NameSpan, file, entity
		}
	}
	for _, call := range file.Calls {
		if call.CalleeSpan.Contains(offset) {
			owner, entity := snapshot.Resolve(file, call.Callee)
			return call.CalleeSpan, owner, entity
		}
	}
	return parser.Span{}, nil, nil
}
