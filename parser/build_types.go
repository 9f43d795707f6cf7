package parser

import (
	"strings"

	"github.com/flyte-lsp/flyte-lsp/parser/ast"
	"github.com/flyte-lsp/flyte-lsp/parser/syntax"
)

// params are the parameters of a function.
func (b *builder) params(n syntax.Node) ast.Params {
	count := b.countChildren(n)
	if count == 0 {
		return ast.Params{}
	}
	list := make([]ast.Param, 0, count)
	kind := ast.PositionalOrKeyword
	for child := range n.Children() {
		switch b.kindOf(child) {
		case nodeKeywordSeparator:
			kind = ast.KeywordOnly
			continue
		case nodePositionalSeparator:
			for i := range list {
				if list[i].Kind == ast.PositionalOrKeyword {
					list[i].Kind = ast.PositionalOnly
				}
			}
			continue
		}
		param := ast.Param{Range: b.at(child), Kind: kind}
		name := child
		switch b.kindOf(child) {
		case nodeDefaultParameter, nodeTypedDefaultParameter:
			name = child.ChildByID(b.role.name)
		case nodeTypedParameter:
			name = child.First()
		}
		switch b.kindOf(name) {
		case nodeListSplatPattern:
			param.Kind, kind = ast.VarPositional, ast.KeywordOnly
			name = name.First()
		case nodeDictionarySplatPattern:
			param.Kind = ast.VarKeyword
			name = name.First()
		}
		if b.kindOf(name) != nodeIdentifier || b.identifier(name) == "" {
			continue
		}
		param.Name = b.name(name, child)
		param.Annotation = b.annotation(child, b.role.typ)
		param.Default = b.expr(child.ChildByID(b.role.value))
		list = append(list, param)
	}
	return ast.Params{List: list}
}

// annotation is the annotation that a node has in a role, nil if it has none.
// The grammar doesn't know all expressions there, `A[b] or None`: what it
// couldn't read it has as an ERROR beside.
func (b *builder) annotation(n syntax.Node, role uint8) ast.Expr {
	annotation := n.ChildByID(role)
	if !annotation.OK() || !n.HasError() {
		return b.expr(annotation)
	}
	broken, behind := false, false
	start, end := 0, annotation.End()
	for child := range n.All() {
		switch {
		case child == annotation:
			behind = true
		case b.kindOf(child) == nodeError && (start > 0 || behind):
			broken = true
			end = max(end, child.End())
		case behind:
			return b.mended(annotation, broken, start, end)
		case child.Kind() == ":" || child.Kind() == "->":
			start = child.End()
		}
	}
	return b.mended(annotation, broken, start, end)
}

// mended is the annotation between two offsets of the tree's text, where
// something of it couldn't be read.
func (b *builder) mended(annotation syntax.Node, broken bool, start, end int) ast.Expr {
	if !broken {
		return b.expr(annotation)
	}
	text := strings.TrimLeft(b.text[start:end], " \t")
	start = end - len(text)
	if e, ok := Expression(text, b.base+start); ok {
		b.mendedSpans = append(b.mendedSpans, ast.Span{Start: b.base + start, End: b.base + end})
		return e
	}
	return &ast.BadExpr{Range: ast.Range{Start: b.base + start, End: b.base + end}}
}

// continued puts a statement that stands in the line of an annotation behind
// it, as the grammar has it, where it belongs: `x: A[b]["c"]`. It is false if
// the statement isn't such a one.
func (b *builder) continued(before []ast.Stmt, n syntax.Node) bool {
	if len(before) == 0 || b.kindOf(n) != nodeExpressionStatement {
		return false
	}
	annotated, ok := before[len(before)-1].(*ast.AnnAssign)
	if !ok || annotated.Value != nil || strings.ContainsAny(b.between(annotated.End, b.base+n.Start()), "\r\n;") {
		return false
	}
	start := annotated.Annotation.Span().Start
	e, ok := Expression(b.between(start, b.base+n.End()), start)
	if !ok {
		e = &ast.BadExpr{Range: ast.Range{Start: start, End: b.base + n.End()}}
	}
	whole := *annotated // which others may have
	whole.Annotation, whole.End = e, b.base+n.End()
	before[len(before)-1] = &whole
	return true
}

// typeParams are the type parameters of PEP 695.
func (b *builder) typeParams(n syntax.Node) []ast.TypeParam {
	var params []ast.TypeParam
	for child := range n.Children() {
		param := ast.TypeParam{Range: b.at(child)}
		name := child.First()
		switch b.kindOf(name) {
		case nodeConstrainedType:
			for part := range name.Children() {
				param.Bound = b.expr(part)
			}
			name = name.First().First()
		case nodeSplatType, nodeListSplat:
			name = name.First()
		}
		if b.kindOf(name) == nodeIdentifier {
			param.Name = b.name(name, child)
			params = append(params, param)
		}
	}
	return params
}

// genericType is `name[parameters]` in an annotation.
func (b *builder) genericType(n syntax.Node) ast.Expr {
	var value ast.Expr
	var parameters syntax.Node
	for child := range n.Children() {
		switch b.kindOf(child) {
		case nodeTypeParameter:
			parameters = child
		default:
			value = b.expr(child)
		}
	}
	if value == nil || b.countChildren(parameters) == 0 {
		return b.bad(n)
	}
	s := ast.Subscript{Range: b.at(n), Value: value}
	elements := b.listed(parameters)
	if last := b.lastComma(parameters); len(elements) > 1 || last > 0 || isStarred(elements[0]) {
		s.Index = &ast.Tuple{
			Range: ast.Range{Start: elements[0].Span().Start, End: max(last, b.lastEnd(parameters))},
			Elts:  elements,
		}
	} else {
		s.Index = elements[0]
	}
	return b.subscripts.put(s)
}

// lastComma is the offset behind the last comma in a node, 0 if there is none.
func (b *builder) lastComma(n syntax.Node) int {
	last := 0
	for child := range n.All() {
		if child.Kind() == "," {
			last = b.base + child.End()
		}
	}
	return last
}

// lastEnd is the offset behind the last child that has a name.
func (b *builder) lastEnd(n syntax.Node) int {
	last := 0
	for child := range n.Children() {
		last = b.base + child.End()
	}
	return last
}

// memberType is `module.Name` in an annotation.
func (b *builder) memberType(n syntax.Node) ast.Expr {
	var value ast.Expr
	for child := range n.Children() {
		if value == nil {
			value = b.expr(child)
			continue
		}
		value = b.attributes.put(ast.Attribute{
			Range: b.at(n), Value: value, Attr: b.identifier(child), AttrSpan: b.span(child),
		})
	}
	if value == nil {
		return b.bad(n)
	}
	return value
}
