package lsp_test

import (
	"slices"

	"go.lsp.dev/protocol"

	"github.com/flyte-lsp/flyte-lsp/internal/lspclient"
)

// checkInlays compares the inlay hints of a line.
func (f *markedFile) checkInlays(at string, m marker) {
	var hints []struct {
		Position protocol.Position `json:"position"`
		Label    string            `json:"label"`
	}
	line := uint32(m.line)
	f.must(f.Call(f.ctx, "textDocument/inlayHint", map[string]any{
		"textDocument": map[string]any{"uri": lspclient.URI(f.path)},
		"range":        protocol.Range{Start: protocol.Position{Line: line}, End: protocol.Position{Line: line + 1}},
	}, &hints))
	labels := []string{}
	for _, hint := range hints {
		if hint.Position.Line == line {
			labels = append(labels, hint.Label)
		}
	}
	if !slices.Equal(labels, append([]string{}, m.args...)) {
		f.t.Errorf("%s: inlay hints %q, want %q", at, labels, m.args)
	}
}
