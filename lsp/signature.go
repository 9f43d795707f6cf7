package lsp

import (
	"context"
	"unicode/utf16"

	"go.lsp.dev/protocol"

	"github.com/flyte-lsp/flyte-lsp/editing/signature"
	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyte-lsp/flyte-lsp/workspace"
)

// What protocol.SignatureHelp can't say: a parameter by its place in the label, and
// that none is active, by a number above theirs.
type (
	signatureHelp struct {
		Signatures      []signatureInformation `json:"signatures"`
		ActiveSignature int                    `json:"activeSignature"`
		ActiveParameter int                    `json:"activeParameter"`
	}
	signatureInformation struct {
		Label         string                  `json:"label"`
		Documentation *protocol.MarkupContent `json:"documentation,omitempty"`
		Parameters    []parameterInformation  `json:"parameters"`
	}
	parameterInformation struct {
		Label         any                     `json:"label"` // string | [int, int]
		Documentation *protocol.MarkupContent `json:"documentation,omitempty"`
	}
)

// signatureHelp answers textDocument/signatureHelp at calls of entities.
func (s *Server) signatureHelp(ctx context.Context, snapshot *workspace.Snapshot, params *protocol.SignatureHelpParams) (*signatureHelp, error) {
	path, ok := pathOf(string(params.TextDocument.URI))
	if language, _ := parser.LanguageOf(path); !ok || language != parser.Python || !s.settings.Load().SignatureHelp.Enabled {
		return nil, nil
	}
	file, err := snapshot.File(path)
	if err != nil {
		return nil, err
	}
	help, err := signature.At(ctx, snapshot, path, s.offsetOf(file.Source, params.Position))
	if err != nil || help == nil {
		return nil, err
	}
	made := signatureInformation{Label: help.Label, Documentation: markdown(help.Doc), Parameters: []parameterInformation{}}
	for _, input := range help.Inputs {
		one := parameterInformation{Label: help.Label[input.Span.Start:input.Span.End], Documentation: markdown(input.Doc)}
		if s.capabilities.TextDocument.SignatureHelp.SignatureInformation.ParameterInformation.LabelOffsetSupport {
			one.Label = [2]int{units16(help.Label[:input.Span.Start]), units16(help.Label[:input.Span.End])}
		}
		made.Parameters = append(made.Parameters, one)
	}
	return &signatureHelp{Signatures: []signatureInformation{made}, ActiveParameter: help.Active}, nil
}

// units16 is the length of a text in UTF-16 code units, which offsets in labels are
// counted in, whatever encoding positions have.
func units16(text string) int { return len(utf16.Encode([]rune(text))) }

// markdown is a text as Markdown, nil if there is none.
func markdown(text string) *protocol.MarkupContent {
	if text == "" {
		return nil
	}
	return &protocol.MarkupContent{Kind: protocol.Markdown, Value: text}
}
