package parser

import (
	"github.com/flyte-lsp/flyte-lsp/parser/ast"
	"github.com/flyte-lsp/flyte-lsp/parser/syntax"
)

// brokenReader reads the children of a node that couldn't be parsed: among
// them are whole statements, and the pieces of definitions.
type brokenReader struct {
	*builder
	indent     int
	children   []syntax.Node
	pos        int
	statements []ast.Stmt
	// bad is the first of the pieces that nothing is made of so far.
	bad syntax.Node
}

// appendBroken appends what can be read of a node that couldn't be parsed, in
// a block whose statements are indented that far.
func (b *builder) appendBroken(to []ast.Stmt, n syntax.Node, indent int) []ast.Stmt {
	if b.depth == maxNesting {
		return append(to, &ast.BadStmt{Range: b.at(n)})
	}
	b.depth++
	defer func() { b.depth-- }()
	r := brokenReader{builder: b, indent: indent, statements: to}
	for child := range n.All() {
		if b.kindOf(child) != nodeComment {
			r.children = append(r.children, child)
		}
	}
	if len(r.children) == 0 {
		return append(to, &ast.BadStmt{Range: b.at(n)})
	}
	for r.pos < len(r.children) {
		r.next()
	}
	r.endBad()
	return r.statements
}

// next reads a statement, or puts a piece to those that nothing is made of.
func (r *brokenReader) next() {
	n := r.children[r.pos]
	switch kind := r.kindOf(n); {
	case isStatement(kind) && r.column(n) == r.indent:
		r.endBad()
		r.statements = r.appendStatement(r.statements, n, r.indent)
		r.pos++
	case isStatement(kind) && r.column(n) == 0:
		r.hoisted = r.appendStatement(r.hoisted, n, 0)
		r.pos++
	case kind == nodeError && r.column(n) == r.indent:
		r.endBad()
		r.statements = r.appendBroken(r.statements, n, r.indent)
		r.pos++
	case r.column(n) == r.indent && r.definition():
	default:
		if !r.bad.OK() {
			r.bad = n
		}
		r.pos++
	}
}

// endBad makes a BadStmt of the pieces that nothing was made of.
func (r *brokenReader) endBad() {
	if !r.bad.OK() {
		return
	}
	last := r.children[r.pos-1]
	r.statements = append(r.statements, &ast.BadStmt{Range: r.upTo(r.bad, r.base+last.End())})
	r.bad = syntax.Node{}
}

// definition reads a function or class whose pieces start at pos. If there is
// none it passes decorators that stand there, and is false if there are none
// either.
func (r *brokenReader) definition() bool {
	start := r.pos
	var decorators []ast.Expr
	for r.kindOf(r.at1()) == nodeDecorator {
		decorators = append(decorators, r.required(r.at1().First(), r.at1()))
		r.pos++
	}
	definition := r.at1()
	async := r.token("async")
	var statement ast.Stmt
	switch {
	case r.token("def"):
		f := &ast.FunctionDef{Decorators: decorators, Async: async, Broken: true, DefStart: r.base + definition.Start()}
		f.Name, f.TypeParams = r.definedName(definition)
		if n := r.at1(); r.kindOf(n) == nodeParameters {
			f.Params = r.params(n)
			r.pos++
		}
		if r.token("->") && r.kindOf(r.at1()) == nodeType {
			f.Returns = r.expr(r.at1())
			r.pos++
		}
		r.endBad()
		body := r.rest()
		f.Range, f.Doc = r.upTo(r.children[start], r.base+r.children[r.pos-1].End()), docOf(body)
		f.SetBody(body)
		statement = f
	case r.token("class"):
		c := &ast.ClassDef{Decorators: decorators, DefStart: r.base + definition.Start()}
		c.Name, c.TypeParams = r.definedName(definition)
		if n := r.at1(); r.kindOf(n) == nodeArgumentList {
			c.Bases, c.Keywords = r.callArguments(n)
			r.pos++
		}
		r.endBad()
		c.Body = r.rest()
		c.Range, c.Doc = r.upTo(r.children[start], r.base+r.children[r.pos-1].End()), docOf(c.Body)
		statement = c
	default:
		if r.pos > start && !r.bad.OK() {
			r.bad = r.children[start]
		}
		return r.pos > start
	}
	r.statements = append(r.statements, statement)
	return true
}

// at1 is the piece that is read next, no node at the end.
func (r *brokenReader) at1() syntax.Node {
	if r.pos == len(r.children) {
		return syntax.Node{}
	}
	return r.children[r.pos]
}

// token passes a token if it is the next piece.
func (r *brokenReader) token(token string) bool {
	n := r.at1()
	if n.Named() || n.Kind() != token {
		return false
	}
	r.pos++
	return true
}

// definedName reads the name of a function or class.
func (r *brokenReader) definedName(definition syntax.Node) (*ast.Name, []ast.TypeParam) {
	name := syntax.Node{}
	if r.kindOf(r.at1()) == nodeIdentifier {
		name = r.at1()
		r.pos++
	}
	var params []ast.TypeParam
	if r.kindOf(r.at1()) == nodeTypeParameter {
		params = r.typeParams(r.at1())
		r.pos++
	}
	return r.name(name, definition), params
}

// rest reads the pieces of a definition that are left: they reach to the first
// that starts a line and isn't indented further than the definition.
func (r *brokenReader) rest() []ast.Stmt {
	first := r.pos
	for r.pos < len(r.children) && (r.column(r.at1()) > r.indent || r.pos == first && r.at1().Kind() == ":") {
		r.pos++
	}
	inner := brokenReader{builder: r.builder, indent: -1, children: r.children[first:r.pos]}
	for inner.pos < len(inner.children) {
		n := inner.at1()
		if inner.indent < 0 && isStatement(r.kindOf(n)) {
			inner.indent = r.column(n)
		}
		inner.next()
	}
	inner.endBad()
	return inner.statements
}

// docOf is the docstring that a body starts with.
func docOf(body []ast.Stmt) string {
	if len(body) > 0 {
		if first, ok := body[0].(*ast.ExprStmt); ok {
			if constant, ok := first.Value.(*ast.Constant); ok && constant.Kind == ast.StringConst {
				return dedent(constant.Text)
			}
		}
	}
	return ""
}
