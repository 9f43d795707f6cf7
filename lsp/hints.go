package lsp

import (
	"context"

	"go.lsp.dev/protocol"

	"github.com/flyte-lsp/flyte-lsp/editing/hints"
	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyte-lsp/flyte-lsp/workspace"
)

// What LSP 3.17 has of inlay hints and inline values, and the protocol package
// lacks.
type (
	rangeParams struct {
		TextDocument protocol.TextDocumentIdentifier `json:"textDocument"`
		Range        protocol.Range                  `json:"range"`
	}
	inlayHint struct {
		Position     protocol.Position       `json:"position"`
		Label        string                  `json:"label"`
		Kind         int                     `json:"kind,omitempty"`
		Tooltip      *protocol.MarkupContent `json:"tooltip,omitempty"`
		PaddingLeft  bool                    `json:"paddingLeft,omitempty"`
		PaddingRight bool                    `json:"paddingRight,omitempty"`
	}
	inlineValueText struct {
		Range protocol.Range `json:"range"`
		Text  string         `json:"text"`
	}
)

// InlayHintKind of LSP 3.17.
const (
	inlayHintType      = 1
	inlayHintParameter = 2
)

// inlayHint answers textDocument/inlayHint.
func (s *Server) inlayHint(ctx context.Context, snapshot *workspace.Snapshot, params *rangeParams) ([]inlayHint, error) {
	wanted := s.settings.Load().Hints
	kinds := hints.Kinds{
		PromiseTypes: wanted.PromiseTypes, InputNames: wanted.InputNames, LastValues: wanted.LastValues,
		FunctionInputNames: wanted.InputNames && s.settings.Load().GeneralPython.Enabled,
	}
	answer := []inlayHint{}
	err := s.eachHint(ctx, snapshot, params, kinds, func(file *workspace.File, hint hints.Hint) {
		one := inlayHint{Position: s.positionOf(file.Source, hint.Offset), Label: hint.Label}
		switch hint.Kind {
		case hints.PromiseType:
			one.Kind = inlayHintType
		case hints.InputName:
			one.Kind = inlayHintParameter
		}
		if hint.Tooltip != "" {
			one.Tooltip = &protocol.MarkupContent{Kind: protocol.Markdown, Value: hint.Tooltip}
		}
		answer = append(answer, one)
	})
	return answer, err
}

// inlineValue answers textDocument/inlineValue, which editors ask for while a
// debugger stands still.
func (s *Server) inlineValue(ctx context.Context, snapshot *workspace.Snapshot, params *rangeParams) ([]inlineValueText, error) {
	answer := []inlineValueText{}
	kinds := hints.Kinds{LastValues: s.settings.Load().InlineValues.Enabled}
	err := s.eachHint(ctx, snapshot, params, kinds, func(file *workspace.File, hint hints.Hint) {
		answer = append(answer, inlineValueText{
			Range: s.rangeOf(file.Source, parser.Span{Start: file.Source.LineStart(hint.Offset), End: hint.Offset}), Text: hint.Label,
		})
	})
	return answer, err
}

// eachHint visits the hints in a range of a Python file.
func (s *Server) eachHint(ctx context.Context, snapshot *workspace.Snapshot, params *rangeParams, kinds hints.Kinds, visit func(*workspace.File, hints.Hint)) error {
	path, ok := pathOf(string(params.TextDocument.URI))
	if language, _ := parser.LanguageOf(path); !ok || language != parser.Python {
		return nil
	}
	file, err := snapshot.File(path)
	if err != nil {
		return err
	}
	span := s.spanOf(file.Source, params.Range)
	found, err := hints.Of(ctx, snapshot, file, span, s.latest(ctx, path), kinds)
	for _, hint := range found {
		visit(file, hint)
	}
	return err
}
