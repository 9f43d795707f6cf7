package lsp

import (
	"context"

	"go.lsp.dev/protocol"

	"github.com/flyte-lsp/flyte-lsp/codelens"
	"github.com/flyte-lsp/flyte-lsp/model"
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
	module, err := snapshot.Module(ctx, path)
	if err != nil {
		return nil, err
	}
	span, named := entityAt(module, path, s.offsetOf(file.Source, params.Position))
	if named == nil {
		return nil, nil
	}
	owner, entity, err := snapshot.Current(ctx, named)
	if err != nil {
		return nil, err
	}
	text := codelens.Hover(owner, entity, s.latest(ctx, owner.Path))
	at := s.rangeOf(file.Source, span)
	return &protocol.Hover{Contents: protocol.MarkupContent{Kind: protocol.Markdown, Value: text}, Range: &at}, nil
}

// entityAt finds the entity that is named at an offset of the module's text,
// and the span of the name.
func entityAt(module *model.Module, path string, offset int) (parser.Span, *model.Entity) {
	for _, entity := range module.Entities {
		if entity.NameSpan.Contains(offset) {
			return entity.NameSpan, entity
		}
	}
	for _, node := range module.Calls() {
		if node.Call != nil && node.Module.Path == path && node.Call.Func.Span().Contains(offset) {
			return node.Call.Func.Span(), node.Entity
		}
	}
	return parser.Span{}, nil
}
