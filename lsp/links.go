package lsp

import (
	"context"

	"go.lsp.dev/protocol"

	"github.com/flyte-lsp/flyte-lsp/editing/navigate"
	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyte-lsp/flyte-lsp/runs"
	"github.com/flyte-lsp/flyte-lsp/workspace"
)

// documentLink answers textDocument/documentLink in Python files and inputs
// documents.
func (s *Server) documentLink(ctx context.Context, snapshot *workspace.Snapshot, params *protocol.DocumentLinkParams) ([]protocol.DocumentLink, error) {
	answer := []protocol.DocumentLink{}
	path, ok := pathOf(string(params.TextDocument.URI))
	if !ok || !s.settings.Load().DocumentLinks.Enabled {
		return answer, nil
	}
	if runs.IsInputsPath(path) {
		text, err := s.inputs.text(path)
		if link, ok := navigate.HeaderLink(path, text); ok && err == nil {
			answer = append(answer, protocol.DocumentLink{
				Range: s.rangeOf(parser.NewSource(text), link.Span), Target: uriOf(link.Path), Tooltip: link.Tooltip,
			})
		}
		return answer, err
	}
	if language, _ := parser.LanguageOf(path); language != parser.Python {
		return answer, nil
	}
	file, err := snapshot.File(path)
	if err != nil {
		return nil, err
	}
	links, err := navigate.DocumentLinks(ctx, snapshot, path)
	for _, link := range links {
		answer = append(answer, protocol.DocumentLink{Range: s.rangeOf(file.Source, link.Span), Target: protocol.DocumentURI(link.Address), Tooltip: link.Tooltip})
	}
	return answer, err
}
