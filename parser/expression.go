package parser

import (
	"strings"

	"github.com/flyte-lsp/flyte-lsp/parser/ast"
	"github.com/flyte-lsp/flyte-lsp/parser/syntax"
)

// Expression parses a text as Python's compile() does in its mode "eval", which
// typing uses for quoted annotations (typing.py:ForwardRef). base is the offset
// of the text in its module (Constant.Inner.Start). It is false if the text is
// no expression.
func Expression(text string, base int) (ast.Expr, bool) {
	if text == "" || strings.IndexByte(" \t\f", text[0]) >= 0 {
		return nil, false
	}
	bytes := []byte(text)
	parsed := syntax.ParseValid(syntax.PythonGrammar(), bytes, nil)
	if parsed == nil {
		return nil, false
	}
	defer parsed.Close()
	root := parsed.Tree().Root()
	b := newBuilder(nil, bytes, base)
	statement := root.First()
	if b.kindOf(statement) != nodeExpressionStatement || b.countChildren(root) != 1 || b.has(root, ";") {
		return nil, false
	}
	switch b.kindOf(statement.First()) {
	case nodeNamedExpression, nodeYield:
		return nil, false
	}
	expression, ok := b.statement(statement).(*ast.ExprStmt)
	if !ok || b.anyBad {
		return nil, false
	}
	return expression.Value, true
}
