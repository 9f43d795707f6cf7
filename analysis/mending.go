package analysis

import "github.com/flyte-lsp/flyte-lsp/parser"

// mending reports what the model has remarked with the rule's code, with a fix
// where the model knows what to write instead: what its author meant.
func mending(title string) func(*pass) {
	return func(p *pass) {
		for _, remark := range p.remarked() {
			d := p.reportRemark(remark)
			if remark.Instead != "" && len(d.Fixes) == 0 {
				d.Fixes = []Fix{{Title: title, Edits: []Edit{p.Edit(parser.Span(remark.Span), remark.Instead)}, Safe: true}}
			}
		}
	}
}
