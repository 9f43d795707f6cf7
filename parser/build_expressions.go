package parser

import (
	"strings"

	"golang.org/x/text/unicode/norm"

	"github.com/flyte-lsp/flyte-lsp/parser/ast"
	"github.com/flyte-lsp/flyte-lsp/parser/syntax"
)

// expr is the expression that a node is, nil if there is no node.
func (b *builder) expr(n syntax.Node) ast.Expr {
	if !n.OK() {
		return nil
	}
	if b.depth >= maxNesting {
		return b.bad(n)
	}
	b.depth++
	defer func() { b.depth-- }()
	if start := n.Start(); start < len(b.text) && b.text[start] == '*' && b.base+start != b.star {
		return b.starred(n)
	}
	if n.HasError() && b.isTorn(n) {
		return b.bad(n)
	}
	return b.expression(n)
}

// isTorn tells whether something among the parts of an expression couldn't be
// read, so that what the others mean together is a guess. Of elements and
// arguments each stands for itself.
func (b *builder) isTorn(n syntax.Node) bool {
	switch b.kindOf(n) {
	case nodeList, nodeTuple, nodeSet, nodeDictionary, nodeExpressionList:
		return false
	}
	for child := range n.All() {
		if b.kindOf(child) == nodeError {
			return true
		}
	}
	return false
}

// starred is `*value`. To the grammar the star may belong to the first part of
// the value only.
func (b *builder) starred(n syntax.Node) ast.Expr {
	switch b.kindOf(n) {
	case nodeListSplat, nodeListSplatPattern, nodeSplatType:
		return &ast.Starred{Range: b.at(n), Value: b.required(n.First(), n)}
	case nodeAttribute, nodeCall, nodeSubscript, nodeBinaryOperator, nodeComparisonOperator, nodeBooleanOperator,
		nodeConditionalExpression, nodeType, nodeUnionType, nodeMemberType:
		whole := b.at(n)
		star, behindStar := b.star, b.behindStar
		b.star = whole.Start
		behind := strings.TrimLeft(b.text[n.Start()+1:], " \t\r\n\f\\")
		b.behindStar = b.base + len(b.text) - len(behind)
		value := b.expression(n)
		b.star, b.behindStar = star, behindStar
		return &ast.Starred{Range: whole, Value: value}
	}
	return b.expression(n)
}

// required is the expression that a node of n is, which n can't be without.
func (b *builder) required(n, in syntax.Node) ast.Expr {
	if !n.OK() {
		return b.missing(in)
	}
	return b.expr(n)
}

// missing stands for an expression that n lacks at its end.
func (b *builder) missing(n syntax.Node) ast.Expr {
	b.anyBad = true
	return &ast.BadExpr{Range: ast.Range{Start: b.base + n.End(), End: b.base + n.End()}}
}

func (b *builder) bad(n syntax.Node) ast.Expr {
	b.anyBad = true
	return &ast.BadExpr{Range: b.at(n)}
}

func (b *builder) expression(n syntax.Node) ast.Expr {
	switch b.kindOf(n) {
	case nodeIdentifier:
		if id := b.identifier(n); id != "" {
			return b.names.put(ast.Name{Range: b.at(n), ID: id})
		}
	case nodeDottedName: // in a pattern
		return b.expr(n.First())
	case nodeString, nodeConcatenatedString:
		return b.stringLiteral(n)
	case nodeInteger, nodeFloat:
		return b.number(n)
	case nodeTrue:
		return b.constant(n, ast.TrueConst)
	case nodeFalse:
		return b.constant(n, ast.FalseConst)
	case nodeNone:
		return b.constant(n, ast.NoneConst)
	case nodeEllipsis:
		return b.constant(n, ast.EllipsisConst)
	case nodeAttribute:
		name := n.ChildByID(b.role.attribute)
		return b.attributes.put(ast.Attribute{
			Range: b.at(n), Value: b.required(n.ChildByID(b.role.object), n), Attr: b.identifier(name), AttrSpan: b.span(name),
		})
	case nodeCall:
		c := ast.Call{Range: b.at(n), Func: b.required(n.ChildByID(b.role.function), n)}
		c.Args, c.Keywords = b.callArguments(n.ChildByID(b.role.arguments))
		return b.calls.put(c)
	case nodeSubscript:
		return b.subscription(n)
	case nodeBinaryOperator:
		return b.binary(n)
	case nodeBooleanOperator:
		return b.boolean(n)
	case nodeComparisonOperator:
		return b.comparison(n)
	case nodeUnaryOperator:
		return &ast.UnaryOp{Range: b.at(n), Op: n.ChildByID(b.role.operator).Kind(), Operand: b.required(n.ChildByID(b.role.argument), n)}
	case nodeNotOperator:
		return &ast.UnaryOp{Range: b.at(n), Op: "not", Operand: b.required(n.ChildByID(b.role.argument), n)}
	case nodeParenthesizedExpression:
		return b.required(n.First(), n)
	case nodeTuplePattern:
		if only := n.First(); b.countChildren(n) == 1 && !b.has(n, ",") { // a target in parentheses
			return b.expr(only)
		}
		return &ast.Tuple{Range: b.at(n), Elts: b.listed(n)}
	case nodeTuple, nodePatternList, nodeExpressionList:
		return &ast.Tuple{Range: b.at(n), Elts: b.listed(n)}
	case nodeList, nodeListPattern:
		return &ast.List{Range: b.at(n), Elts: b.listed(n)}
	case nodeSet:
		return &ast.Set{Range: b.at(n), Elts: b.listed(n)}
	case nodeDictionary:
		return b.dictionary(n)
	case nodeListComprehension:
		return b.comprehension(n, ast.ListComp)
	case nodeSetComprehension:
		return b.comprehension(n, ast.SetComp)
	case nodeDictionaryComprehension:
		return b.comprehension(n, ast.DictComp)
	case nodeGeneratorExpression:
		return b.comprehension(n, ast.GeneratorExp)
	case nodeListSplat, nodeListSplatPattern, nodeSplatType:
		return b.required(n.First(), n)
	case nodeConditionalExpression:
		if parts := b.listed(n); len(parts) == 3 {
			return &ast.IfExp{Range: b.at(n), Body: parts[0], Test: parts[1], Orelse: parts[2]}
		}
	case nodeLambda:
		return &ast.Lambda{
			Range: b.at(n), Params: b.params(n.ChildByID(b.role.parameters)), Body: b.required(n.ChildByID(b.role.body), n),
		}
	case nodeNamedExpression:
		name := n.ChildByID(b.role.name)
		return &ast.NamedExpr{Range: b.at(n), Target: b.name(name, n), Value: b.required(n.ChildByID(b.role.value), n)}
	case nodeAwait:
		return b.awaited(n)
	case nodeYield:
		return &ast.Yield{Range: b.at(n), Value: b.expr(n.First()), From: b.has(n, "from")}
	case nodeSlice:
		return b.slice3(n)
	case nodeType:
		return b.required(n.First(), n)
	case nodeGenericType:
		return b.genericType(n)
	case nodeUnionType:
		if parts := b.listed(n); len(parts) == 2 {
			return &ast.BinOp{Range: b.at(n), Left: parts[0], Op: "|", OpSpan: b.tokenSpan(n, "|"), Right: parts[1]}
		}
	case nodeMemberType:
		return b.memberType(n)
	case nodeConstrainedType:
		if parts := b.listed(n); len(parts) == 2 {
			return &ast.Slice{Range: b.at(n), Lower: parts[0], Upper: parts[1]}
		}
	}
	return b.bad(n)
}

// identifier is the name that a node is, as Python compares names; "" if it
// isn't one.
func (b *builder) identifier(n syntax.Node) string {
	text := b.slice(n)
	if text == "" || !isWord(text[0]) || text[0] >= '0' && text[0] <= '9' {
		return ""
	}
	if !isASCII(text) {
		return norm.NFKC.String(text)
	}
	return text
}

func isASCII(text string) bool {
	for i := range len(text) {
		if text[i] >= 0x80 {
			return false
		}
	}
	return true
}

// name is the name that a node of n is; one without text if it isn't there.
func (b *builder) name(n, in syntax.Node) *ast.Name {
	if !n.OK() {
		return &ast.Name{Range: ast.Range{Start: b.base + in.End(), End: b.base + in.End()}}
	}
	return b.names.put(ast.Name{Range: b.at(n), ID: b.identifier(n)})
}

func (b *builder) constant(n syntax.Node, kind ast.ConstantKind) ast.Expr {
	if n.Start() == n.End() { // a repair put it there
		return b.bad(n)
	}
	return b.constants.put(ast.Constant{Range: b.at(n), Kind: kind})
}

// number is a number, as Python 3 has it: no 10L, no 010.
func (b *builder) number(n syntax.Node) ast.Expr {
	text := b.slice(n)
	kind := ast.IntConst
	switch {
	case text == "":
		return b.bad(n)
	case text[len(text)-1]|0x20 == 'j':
		kind = ast.ImaginaryConst
	case b.kindOf(n) == nodeFloat:
		kind = ast.FloatConst
	case text[len(text)-1]|0x20 == 'l',
		text[0] == '0' && len(text) > 1 && isWord(text[1]) && text[1] <= '9' && strings.Trim(text, "0_") != "":
		return b.bad(n)
	}
	return b.constants.put(ast.Constant{Range: b.at(n), Kind: kind, Text: text})
}

// listed are the expressions that a node has as children. What is broken among
// them is a BadExpr.
func (b *builder) listed(n syntax.Node) []ast.Expr {
	count := b.countChildren(n)
	if count == 0 {
		return nil
	}
	elements := b.exprs.take(count)
	for child := range n.Children() {
		elements = append(elements, b.expr(child))
	}
	return elements
}

// callArguments are the arguments of a call or of a class statement. Where
// something among them can't be read there is a BadExpr.
func (b *builder) callArguments(n syntax.Node) (args []ast.Expr, keywords []ast.Keyword) {
	if b.kindOf(n) == nodeGeneratorExpression {
		return append(b.exprs.take(1), b.expr(n)), nil
	}
	positional, named := 0, 0
	for child := range n.Children() {
		switch b.kindOf(child) {
		case nodeKeywordArgument, nodeDictionarySplat:
			named++
		default:
			positional++
		}
	}
	args, keywords = b.exprs.take(positional), b.keywords.take(named)
	for child := range n.Children() {
		switch b.kindOf(child) {
		case nodeKeywordArgument:
			name := child.ChildByID(b.role.name)
			keywords = append(keywords, ast.Keyword{
				Range: b.at(child), Arg: b.identifier(name), ArgSpan: b.span(name),
				Value: b.required(child.ChildByID(b.role.value), child),
			})
		case nodeDictionarySplat:
			keywords = append(keywords, ast.Keyword{Range: b.at(child), Value: b.required(child.First(), child)})
		case nodeError:
			args, keywords = b.brokenArgument(child, args, keywords)
		default:
			args = append(args, b.expr(child))
		}
	}
	return args, keywords
}

// brokenArgument reads `name=`, whose value isn't typed yet. What else can't
// be read, and is more than a comma, may be any argument.
func (b *builder) brokenArgument(n syntax.Node, args []ast.Expr, keywords []ast.Keyword) ([]ast.Expr, []ast.Keyword) {
	name := n.First()
	switch text := strings.TrimSpace(b.slice(n)); {
	case text == ",":
		return args, keywords
	case text == "=" && len(args) > 0:
		// tree-sitter may leave the name outside of what it can't read.
		if name, ok := args[len(args)-1].(*ast.Name); ok && name.End == b.at(n).Start {
			return args[:len(args)-1], append(keywords, ast.Keyword{
				Range: ast.Range{Start: name.Start, End: b.at(n).End}, Arg: name.ID, ArgSpan: name.Span(), Value: b.missing(n),
			})
		}
	case b.kindOf(name) == nodeIdentifier && b.countChildren(n) == 1 && strings.HasSuffix(strings.TrimRight(text, ", "), "="):
		return args, append(keywords, ast.Keyword{
			Range: b.at(n), Arg: b.identifier(name), ArgSpan: b.span(name), Value: b.missing(n),
		})
	}
	return append(args, b.bad(n)), keywords
}

func (b *builder) subscription(n syntax.Node) ast.Expr {
	value := n.ChildByID(b.role.value)
	count, comma := 0, false
	start, end := 0, 0 // of the tuple
	for child := range n.All() {
		switch {
		case child.FieldID() == b.role.subscript && child.Named():
			if count == 0 {
				start = b.base + child.Start()
			}
			count++
			end = b.base + child.End()
		case child.Kind() == "," && !child.Named():
			comma = true
			end = b.base + child.End()
		}
	}
	elements := b.exprs.take(max(1, count))
	for child := range n.All() {
		if child.FieldID() == b.role.subscript && child.Named() {
			elements = append(elements, b.expr(child))
		}
	}
	s := ast.Subscript{Range: b.at(n), Value: b.required(value, n)}
	switch {
	case count == 0:
		s.Index = b.missing(n)
	case comma || isStarred(elements[0]):
		s.Index = &ast.Tuple{Range: ast.Range{Start: start, End: end}, Elts: elements}
	default:
		s.Index = elements[0]
	}
	return b.subscripts.put(s)
}

// isStarred tells an index that is a tuple though it stands alone.
func isStarred(index ast.Expr) bool {
	_, starred := index.(*ast.Starred)
	return starred
}

// slice3 is `lower:upper:step`.
func (b *builder) slice3(n syntax.Node) ast.Expr {
	s := &ast.Slice{Range: b.at(n)}
	parts := [3]*ast.Expr{&s.Lower, &s.Upper, &s.Step}
	at := 0
	for child := range n.All() {
		switch {
		case child.Kind() == ":" && at < 2:
			at++
		case child.Named() && !child.Extra():
			*parts[at] = b.expr(child)
		}
	}
	return s
}

func (b *builder) comparison(n syntax.Node) ast.Expr {
	compare := &ast.Compare{Range: b.at(n)}
	for child := range n.All() {
		switch {
		case child.FieldID() == b.role.operators:
			compare.Ops = append(compare.Ops, child.Kind())
		case !child.Named() || child.Extra():
		case compare.Left == nil:
			compare.Left = b.expr(child)
		default:
			compare.Comparators = append(compare.Comparators, b.expr(child))
		}
	}
	if compare.Left == nil || len(compare.Ops) != len(compare.Comparators) {
		return b.bad(n)
	}
	return compare
}

// boolean is `a and b and c`, which the grammar nests to the left.
func (b *builder) boolean(n syntax.Node) ast.Expr {
	op := n.ChildByID(b.role.operator).Kind()
	count := 2
	first := n.ChildByID(b.role.left)
	for b.kindOf(first) == nodeBooleanOperator && first.ChildByID(b.role.operator).Kind() == op {
		first = first.ChildByID(b.role.left)
		count++
	}
	values := b.exprs.take(count)[:count]
	for at := n; count > 1; at = at.ChildByID(b.role.left) {
		count--
		values[count] = b.required(at.ChildByID(b.role.right), at)
	}
	values[0] = b.required(first, n)
	return &ast.BoolOp{Range: b.at(n), Op: op, Values: values}
}

func (b *builder) dictionary(n syntax.Node) ast.Expr {
	d := &ast.Dict{Range: b.at(n)}
	if count := b.countChildren(n); count > 0 {
		d.Keys, d.Values = b.exprs.take(count), b.exprs.take(count)
	}
	for child := range n.Children() {
		switch b.kindOf(child) {
		case nodePair:
			d.Keys = append(d.Keys, b.required(child.ChildByID(b.role.key), child))
			d.Values = append(d.Values, b.required(child.ChildByID(b.role.value), child))
		case nodeDictionarySplat:
			d.Keys, d.Values = append(d.Keys, nil), append(d.Values, b.required(child.First(), child))
		default: // whatever it is, it may have any entries
			d.Keys, d.Values = append(d.Keys, nil), append(d.Values, b.bad(child))
		}
	}
	return d
}

func (b *builder) comprehension(n syntax.Node, kind ast.ComprehensionKind) ast.Expr {
	c := &ast.Comprehension{Range: b.at(n), Kind: kind}
	element := n.ChildByID(b.role.body)
	if b.kindOf(element) == nodePair {
		c.Key = b.required(element.ChildByID(b.role.key), element)
		element = element.ChildByID(b.role.value)
	}
	c.Elt = b.required(element, n)
	for child := range n.Children() {
		switch b.kindOf(child) {
		case nodeForInClause:
			c.Generators = append(c.Generators, ast.Generator{
				Target: b.required(child.ChildByID(b.role.left), child),
				Iter:   b.required(child.ChildByID(b.role.right), child),
				Async:  b.has(child, "async"),
			})
		case nodeIfClause:
			if last := len(c.Generators) - 1; last >= 0 {
				c.Generators[last].Ifs = append(c.Generators[last].Ifs, b.required(child.First(), child))
			}
		}
	}
	return c
}

// tokenSpan is where a token stands among the children of a node.
func (b *builder) tokenSpan(n syntax.Node, token string) ast.Span {
	for child := range n.All() {
		if child.Kind() == token {
			return b.span(child)
		}
	}
	return ast.Span{}
}
