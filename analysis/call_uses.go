package analysis

import "github.com/flyte-lsp/flyte-lsp/parser/ast"

// use is what a function does with the result of a call at the place where the
// call stands.
type use string

const (
	asOperand  use = "operand"  // of arithmetic
	asElements use = "elements" // it is iterated over, or indexed
	asArgument use = "argument" // of another call
	asResult   use = "result"   // of the function
	asAwaited  use = "awaited"
	asNothing  use = "nothing" // nobody takes it
)

// callUse is the use of a call, or of what awaiting one gives.
type callUse struct {
	use use
	// by is the call that it is an argument of, the await that awaits it; nil of
	// other uses.
	by ast.Expr
}

// usesOfCalls are the uses of the calls and awaits in a function that its syntax
// tells.
func usesOfCalls(def *ast.FunctionDef) map[ast.Expr]callUse {
	uses := map[ast.Expr]callUse{}
	note := func(expr ast.Expr, use use, by ast.Expr) {
		switch expr.(type) {
		case *ast.Call, *ast.Await:
			uses[expr] = callUse{use, by}
		}
	}
	inner := map[ast.Node]bool{} // what functions in the function return
	for _, statement := range def.Body() {
		ast.InspectNode(statement, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.FunctionDef:
				ast.InspectNode(n, func(n ast.Node) bool {
					if r, ok := n.(*ast.Return); ok {
						inner[r] = true
					}
					return true
				})
			case *ast.Await:
				note(n.Value, asAwaited, n)
			case *ast.ExprStmt:
				note(n.Value, asNothing, nil)
			case *ast.Return:
				if !inner[n] {
					note(n.Value, asResult, nil)
				}
			case *ast.BinOp:
				if n.Op != ">>" {
					note(n.Left, asOperand, nil)
					note(n.Right, asOperand, nil)
				}
			case *ast.UnaryOp:
				if n.Op != "not" {
					note(n.Operand, asOperand, nil)
				}
			case *ast.AugAssign:
				note(n.Value, asOperand, nil)
			case *ast.For:
				if !n.Async {
					note(n.Iter, asElements, nil)
				}
			case *ast.Subscript:
				note(n.Value, asElements, nil)
			case *ast.Call:
				for _, argument := range n.Args {
					note(argument, asArgument, n)
				}
				for _, keyword := range n.Keywords {
					note(keyword.Value, asArgument, n)
				}
			}
			return true
		})
	}
	return uses
}

// calleeText is the name of what a call calls, as it is written: "asyncio.gather".
func (p *pass) calleeText(call ast.Expr) string {
	c, ok := call.(*ast.Call)
	if !ok {
		return ""
	}
	switch c.Func.(type) {
	case *ast.Name, *ast.Attribute:
		return p.Text(c.Func.Span())
	}
	return ""
}
