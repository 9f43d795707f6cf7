package analysis

import (
	"strings"

	"github.com/flyte-lsp/flyte-lsp/parser/ast"
)

// quote makes a text of a number that is written out.
func (p *pass) quote(d *Diagnostic, expr ast.Expr) {
	text, ok := p.number(expr)
	if !ok {
		return
	}
	d.Fixes = append(d.Fixes, Fix{
		Title: "Quote " + text, Edits: []Edit{p.Edit(expr.Span(), `"`+text+`"`)}, Safe: true,
	})
}

// number is the text of a decimal number that is written out in the file.
func (p *pass) number(expr ast.Expr) (string, bool) {
	constant, ok := expr.(*ast.Constant)
	if !ok || constant.Kind != ast.IntConst && constant.Kind != ast.FloatConst || !p.Stands(expr) {
		return "", false
	}
	text := p.Text(expr.Span())
	return text, strings.Trim(text, "0123456789.") == ""
}

// replace replaces an expression that is written in the file.
func (p *pass) replace(d *Diagnostic, expr ast.Expr, title, text string, safe bool, also ...Edit) {
	if expr == nil || !p.Stands(expr) {
		return
	}
	d.Fixes = append(d.Fixes, Fix{Title: title, Edits: append([]Edit{p.Edit(expr.Span(), text)}, also...), Safe: safe})
}

// isLiteral tells whether an expression is a constant that is written out.
func isLiteral(expr ast.Expr) bool {
	_, ok := expr.(*ast.Constant)
	return ok
}
