package lsp_test

import "github.com/flyte-lsp/flyte-lsp/internal/lspclient"

// checkSignature compares the signature behind a text, "" if there is none, and its
// active parameter.
func (f *markedFile) checkSignature(at string, m marker) {
	var help *struct {
		Signatures []struct {
			Label         string
			Documentation *struct{ Value string }
			Parameters    []struct{ Label [2]int }
		}
		ActiveParameter int
	}
	f.must(f.Call(f.ctx, "textDocument/signatureHelp", map[string]any{
		"textDocument": map[string]any{"uri": lspclient.URI(f.path)}, "position": f.find(m.line, m.args[0]).End,
	}, &help))
	label, active := "", ""
	if help != nil {
		one := help.Signatures[0]
		if label = one.Label; help.ActiveParameter < len(one.Parameters) {
			span := one.Parameters[help.ActiveParameter].Label
			active = label[span[0]:span[1]]
		}
	}
	want := append(m.args[1:], "", "")
	if label != want[0] || active != want[1] {
		f.t.Errorf("%s: signature %q at %q, want %q at %q", at, label, active, want[0], want[1])
	}
}
