package parser

import (
	"github.com/flyte-lsp/flyte-lsp/parser/ast"
	"github.com/flyte-lsp/flyte-lsp/parser/syntax"
)

// binary is `left op right`.
func (b *builder) binary(n syntax.Node) ast.Expr {
	operator := n.ChildByID(b.role.operator)
	if op := operator.Kind(); op == "&" || op == "^" {
		return b.bitwise(n)
	}
	return &ast.BinOp{
		Range: b.at(n), Op: operator.Kind(), OpSpan: b.span(operator),
		Left: b.required(n.ChildByID(b.role.left), n), Right: b.required(n.ChildByID(b.role.right), n),
	}
}

// bitwise is an expression of `&` and `^`: the grammar has `^` bind closer,
// Python `&`.
func (b *builder) bitwise(n syntax.Node) ast.Expr {
	type operand struct {
		ast.Expr
		place ast.Range // with its parentheses
	}
	var operands []operand
	var operators []syntax.Node
	var collect func(n, within syntax.Node)
	collect = func(n, within syntax.Node) {
		operator := n.ChildByID(b.role.operator)
		if op := operator.Kind(); b.kindOf(n) != nodeBinaryOperator || op != "&" && op != "^" || b.depth >= maxNesting {
			operands = append(operands, operand{b.required(n, within), b.at(n)})
			return
		}
		b.depth++
		collect(n.ChildByID(b.role.left), n)
		operators = append(operators, operator)
		collect(n.ChildByID(b.role.right), n)
		b.depth--
	}
	collect(n, n)
	if len(operands) != len(operators)+1 {
		return b.bad(n)
	}
	join := func(left operand, operator syntax.Node, right operand) operand {
		place := ast.Range{Start: left.place.Start, End: right.place.End}
		return operand{place: place, Expr: &ast.BinOp{
			Range: place, Left: left.Expr, Op: operator.Kind(), OpSpan: b.span(operator), Right: right.Expr,
		}}
	}
	var whole operand
	var xor syntax.Node // joins whole and group
	group := operands[0]
	for i, operator := range operators {
		next := operands[i+1]
		if operator.Kind() == "&" {
			group = join(group, operator, next)
			continue
		}
		if xor.OK() {
			group = join(whole, xor, group)
		}
		whole, xor, group = group, operator, next
	}
	if xor.OK() {
		group = join(whole, xor, group)
	}
	return group.Expr
}

// awaited is `await value`, which to Python binds closer than `**`, other than
// to the grammar.
func (b *builder) awaited(n syntax.Node) ast.Expr {
	value := n.First()
	if b.kindOf(value) != nodeBinaryOperator || value.ChildByID(b.role.operator).Kind() != "**" {
		return &ast.Await{Range: b.at(n), Value: b.required(value, n)}
	}
	base, operator := value.ChildByID(b.role.left), value.ChildByID(b.role.operator)
	return &ast.BinOp{
		Range: b.at(n), Op: "**", OpSpan: b.span(operator),
		Left:  &ast.Await{Range: b.upTo(n, b.base+base.End()), Value: b.required(base, value)},
		Right: b.required(value.ChildByID(b.role.right), value),
	}
}
