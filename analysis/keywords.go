package analysis

import (
	"fmt"
	"slices"

	"github.com/flyte-lsp/flyte-lsp/parser/ast"
	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

// unknownKeywords reports the settings that what takes them doesn't know.
func (s *settings) unknownKeywords(message func(name string) string) {
	of := signatureOf(s.of)
	if of == nil {
		return
	}
	for _, setting := range s.given {
		if of.knows(setting.Name) {
			continue
		}
		known := slices.DeleteFunc(slices.Clone(of.params), func(name string) bool {
			return name == "" || name[0] == '_' || slices.ContainsFunc(s.given, func(n pyeval.Named) bool { return n.Name == name })
		})
		keyword, _ := s.keyword(setting)
		s.misspelt(s.reportName(setting, message(setting.Name)), keyword, known)
	}
}

// misspelt completes what is told of a keyword that isn't known: with another
// flytekit it may be, and one of a similar name may be meant.
func (p *pass) misspelt(d *Diagnostic, keyword *ast.Keyword, known []string) {
	d.unless(p.pinned())
	if keyword == nil {
		return
	}
	if meant := Nearest(keyword.Arg, known); meant != "" {
		d.Fixes = append(d.Fixes, Fix{
			Title: fmt.Sprintf("Rename %s to %s", keyword.Arg, meant), Edits: []Edit{p.Edit(keyword.ArgSpan, meant)},
		})
	}
}

// constructed reports arguments that the constructor of one of flytekit's
// classes doesn't take: keywords that it doesn't know, and more than it has
// parameters. synonyms are names of other libraries for its parameters.
func (p *pass) constructed(class string, synonyms map[string]string) {
	for _, call := range p.calls(class) {
		of := signatureOf(class)
		if of == nil || call.Expr == nil {
			continue
		}
		name := nameOf(class)
		if len(call.Args) > of.positional {
			surplus := call.Args[of.positional]
			if surplus.Expr != nil && p.Stands(surplus.Expr) {
				p.report(surplus.Expr.Span(), fmt.Sprintf("one argument too many: %s takes %d", name, of.positional)).unless(call.Certain && p.pinned())
			}
		}
		for i := range call.Expr.Keywords {
			keyword := &call.Expr.Keywords[i]
			if keyword.Arg == "" || of.knows(keyword.Arg) {
				continue
			}
			d := p.report(keyword.ArgSpan, fmt.Sprintf("%s has no %s: it has %s", name, keyword.Arg, listed(of.params))).unless(call.Certain)
			if meant, ok := synonyms[keyword.Arg]; ok {
				d.unless(p.pinned())
				d.Fixes = append(d.Fixes, Fix{
					Title: fmt.Sprintf("Rename %s to %s", keyword.Arg, meant), Edits: []Edit{p.Edit(keyword.ArgSpan, meant)}, Safe: true,
				})
				continue
			}
			p.misspelt(d, keyword, of.params)
		}
	}
}
