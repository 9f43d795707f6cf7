package analysis

import (
	"slices"

	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyte-lsp/flyte-lsp/parser/ast"
)

// innermost is the expression that stands at a span, nil if there is none, and
// the nodes around it from the statement of the module on.
func (p *pass) innermost(at parser.Span) (expr ast.Expr, around []ast.Node) {
	if p.File.AST == nil {
		return nil, nil
	}
	body := p.File.AST.Body
	i, _ := slices.BinarySearchFunc(body, at.Start, func(s ast.Stmt, start int) int { return s.Span().End - start })
	for ; i < len(body) && body[i].Span().Start <= at.Start; i++ {
		ast.InspectNode(body[i], func(node ast.Node) bool {
			span := node.Span()
			if span.Start > at.Start || at.End > span.End {
				return false
			}
			if e, ok := node.(ast.Expr); ok && parser.Span(span) == at {
				expr = e
				return false
			}
			around = append(around, node)
			return true
		})
	}
	return expr, around
}

// functionAround is the function around a place.
func functionAround(around []ast.Node) *ast.FunctionDef {
	for _, node := range slices.Backward(around) {
		if function, ok := node.(*ast.FunctionDef); ok {
			return function
		}
	}
	return nil
}

// graded reports what the model has remarked with the rule's code: an error
// where flytekit rejects it, and otherwise what the rule says.
func graded(p *pass) {
	for _, remark := range p.remarked() {
		p.grade(p.reportRemark(remark), remark)
	}
}

func (p *pass) grade(d *Diagnostic, remark model.Remark) {
	if remark.Rejects && remark.Certain {
		d.Severity = Error
	}
}
