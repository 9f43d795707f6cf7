package parser

import (
	"github.com/flyte-lsp/flyte-lsp/parser/ast"
	"github.com/flyte-lsp/flyte-lsp/parser/syntax"
)

// casePattern is the pattern of a case: without brackets around, several are
// those of a sequence.
func (b *builder) casePattern(clause syntax.Node) *ast.Pattern {
	var parts []*ast.Pattern
	for child := range clause.Children() {
		if b.kindOf(child) == nodeCasePattern {
			parts = append(parts, b.pattern(child))
		}
	}
	if len(parts) == 1 && !b.has(clause, ",") {
		return parts[0]
	}
	return &ast.Pattern{Kind: ast.SequencePattern, Parts: parts}
}

func (b *builder) pattern(n syntax.Node) *ast.Pattern {
	other := &ast.Pattern{Kind: ast.OtherPattern}
	if b.depth == maxNesting || n.HasError() {
		return other
	}
	b.depth++
	defer func() { b.depth-- }()
	switch b.kindOf(n) {
	case nodeCasePattern:
		if parts := b.patterns(n); len(parts) == 1 {
			return parts[0]
		}
	case nodeUnionPattern:
		return &ast.Pattern{Kind: ast.OrPattern, Parts: b.patterns(n)}
	case nodeListPattern:
		return &ast.Pattern{Kind: ast.SequencePattern, Parts: b.patterns(n)}
	case nodeTuplePattern:
		parts := b.patterns(n)
		if len(parts) == 1 && !b.has(n, ",") {
			return parts[0]
		}
		return &ast.Pattern{Kind: ast.SequencePattern, Parts: parts}
	case nodeAsPattern:
		var name *ast.Name
		for child := range n.Children() {
			if b.kindOf(child) == nodeIdentifier {
				name = b.name(child, child)
			}
		}
		return &ast.Pattern{Kind: ast.AnyPattern, Name: name, Parts: []*ast.Pattern{b.pattern(n.First())}}
	case nodeDottedName:
		if b.countChildren(n) > 1 {
			return &ast.Pattern{Kind: ast.ValuePattern, Value: b.dottedValue(n)}
		}
		return &ast.Pattern{Kind: ast.AnyPattern, Name: b.name(n.First(), n)}
	case nodeSplatPattern:
		star := &ast.Pattern{Kind: ast.StarPattern}
		if name := n.First(); name.OK() && b.slice(name) != "_" {
			star.Name = b.name(name, name)
		}
		return star
	case nodeClassPattern:
		return b.classPattern(n)
	case nodeComplexPattern:
		return b.complexPattern(n)
	case nodeDictPattern:
		return b.mappingPattern(n)
	case nodeString, nodeConcatenatedString, nodeInteger, nodeFloat, nodeTrue, nodeFalse, nodeNone:
		return &ast.Pattern{Kind: ast.ValuePattern, Value: b.expr(n)}
	}
	return other
}

// patterns are the patterns in a node: `_` and the sign of a number are tokens
// beside the others.
func (b *builder) patterns(n syntax.Node) []*ast.Pattern {
	var all []*ast.Pattern
	var minus syntax.Node
	for child := range n.All() {
		switch {
		case child.Kind() == "_":
			all = append(all, &ast.Pattern{Kind: ast.AnyPattern})
		case child.Kind() == "-":
			minus = child
		case child.Named() && !child.Extra():
			part := b.pattern(child)
			if minus.OK() && part.Kind == ast.ValuePattern {
				part.Value = b.negative(minus, part.Value)
			}
			minus = syntax.Node{}
			all = append(all, part)
		}
	}
	return all
}

func (b *builder) negative(minus syntax.Node, number ast.Expr) ast.Expr {
	return &ast.UnaryOp{Range: ast.Range{Start: b.base + minus.Start(), End: number.Span().End}, Op: "-", Operand: number}
}

// complexPattern is `1 + 2j`.
func (b *builder) complexPattern(n syntax.Node) *ast.Pattern {
	var left, right ast.Expr
	op := ""
	for child := range n.All() {
		switch {
		case child.Named() && left == nil:
			left = b.expr(child)
			if op != "" {
				left = b.negative(n, left)
			}
		case child.Named():
			right = b.expr(child)
		default:
			op = child.Kind()
		}
	}
	return &ast.Pattern{Kind: ast.ValuePattern, Value: &ast.BinOp{Range: b.at(n), Left: left, Op: op, Right: right}}
}

func (b *builder) classPattern(n syntax.Node) *ast.Pattern {
	class := &ast.Pattern{Kind: ast.ClassPattern}
	for child := range n.Children() {
		keyword := child.First()
		switch {
		case class.Value == nil:
			class.Value = b.dottedValue(child)
		case b.kindOf(keyword) == nodeKeywordPattern:
			name := keyword.First()
			parts := b.patterns(keyword)
			class.Keywords = append(class.Keywords, b.identifier(name))
			class.Parts = append(class.Parts, parts[len(parts)-1])
		default:
			class.Parts = append(class.Parts, b.pattern(child))
		}
	}
	return class
}

func (b *builder) mappingPattern(n syntax.Node) *ast.Pattern {
	mapping := &ast.Pattern{Kind: ast.MappingPattern}
	for child := range n.Children() {
		switch {
		case child.FieldID() == b.role.key:
			key := b.pattern(child)
			if key.Value == nil || b.has(n, "-") {
				return &ast.Pattern{Kind: ast.OtherPattern}
			}
			mapping.Keys = append(mapping.Keys, key.Value)
		case b.kindOf(child) == nodeSplatPattern:
			mapping.Name = b.name(child.First(), child)
		default:
			mapping.Parts = append(mapping.Parts, b.pattern(child))
		}
	}
	return mapping
}

// dottedValue is the expression that a dotted name is.
func (b *builder) dottedValue(n syntax.Node) ast.Expr {
	var value ast.Expr
	for child := range n.Children() {
		if value == nil {
			value = b.expr(child)
			continue
		}
		value = b.attributes.put(ast.Attribute{
			Range: ast.Range{Start: value.Span().Start, End: b.base + child.End()},
			Value: value, Attr: b.identifier(child), AttrSpan: b.span(child),
		})
	}
	if value == nil {
		return b.missing(n)
	}
	return value
}
