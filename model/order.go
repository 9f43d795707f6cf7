package model

import (
	"fmt"
	"slices"

	"github.com/flyte-lsp/flyte-lsp/parser/ast"
	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

// before is `node >> other` of promises. node is nil of a workflow's input,
// which is always there before.
func before(f *pyeval.Frame, node *Node, other pyeval.Value, at ast.Expr) pyeval.Value {
	var next *Node
	switch other := other.(type) {
	case *Promise:
		next = other.Node
	case *Void:
		next = other.Node
	default:
		return unlinked(f, at, other, "only a promise can follow >>, and this is "+other.Describe())
	}
	if node != nil && next != nil {
		link(f, at, node, next)
	}
	return other
}

// unordered is `other >> value`, where other is no node, or `<<`, which flytekit
// doesn't know.
func unordered(f *pyeval.Frame, op string, value, other pyeval.Value, reversed bool, at ast.Expr) pyeval.Value {
	b, ok := f.Context.(*builder)
	switch other := other.(type) {
	case *pyeval.Unknown, *pyeval.Uncertain:
		return other
	case *pyeval.Instance:
		return nil // its class may have the operator
	}
	if !ok || !b.compiles {
		return &pyeval.Unknown{Reason: "the order of nodes is that of a workflow", Expr: at}
	}
	remark := Remark{Span: span(at), Code: "order-operator", Rejects: true}
	if op == "<<" {
		remark.Message = "flytekit knows a >> b only, of which a runs first"
		if binary, ok := at.(*ast.BinOp); ok && ordered(value) && ordered(other) {
			remark.Instead = sourceText(f.Module(), binary.Right) + " >> " + sourceText(f.Module(), binary.Left)
		}
	} else {
		left := other
		if !reversed {
			left = value
		}
		remark.Message = "only the result of a call can be followed by >>, and this is " + left.Describe()
	}
	b.reject(f, remark)
	return &pyeval.Unknown{Reason: remark.Message, Expr: at}
}

// ordered tells whether a value may stand on either side of >>.
func ordered(value pyeval.Value) bool {
	switch value.(type) {
	case *Promise, *Void:
		return true
	}
	return false
}

// link puts a node before another one.
func link(f *pyeval.Frame, at ast.Expr, node, next *Node) {
	b := next.builder
	if b == nil || !b.open(f) {
		return
	}
	if node == next || node.follows(next) {
		b.rejected(f, "workflow-recursion", span(at), fmt.Sprintf("%s runs before %s already, and each can't wait for the other", next.describe(), node.describe()),
			append((&Promise{Node: node}).origin(), (&Promise{Node: next}).origin()...)...)
		return
	}
	node.runsBefore(next)
	if b.conditional(f) && !node.Conditional && !next.Conditional {
		b.incomplete(f, span(at), fmt.Sprintf("whether %s runs before %s is only known when the workflow is compiled", node.describe(), next.describe()))
	}
}

// follows tells whether another node runs before the node.
func (n *Node) follows(other *Node) bool {
	seen := map[*Node]bool{}
	left := []*Node{n}
	for len(left) > 0 {
		node := left[len(left)-1]
		left = left[:len(left)-1]
		for _, upstream := range node.Upstream {
			if upstream == other {
				return true
			}
			if !seen[upstream] {
				seen[upstream] = true
				left = append(left, upstream)
			}
		}
	}
	return false
}

// unlinked is what follows `>>` and is no node: flytekit rejects it, if it is
// known what it is.
func unlinked(f *pyeval.Frame, at ast.Expr, other pyeval.Value, message string) pyeval.Value {
	switch other.(type) {
	case *pyeval.Unknown, *pyeval.Uncertain:
		if b, ok := f.Context.(*builder); ok && b.compiles {
			b.incomplete(f, span(at), "which node runs afterwards isn't known")
		}
	}
	if binary, ok := at.(*ast.BinOp); ok {
		at = binary.Right
	}
	return rejectedUnlessUnknown(f, "order-operator", at, other, message)
}

func (n *Node) runsBefore(other *Node) {
	if !slices.Contains(other.Upstream, n) {
		other.Upstream = append(other.Upstream, n)
	}
}
