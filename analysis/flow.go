package analysis

import (
	"slices"

	"github.com/flyte-lsp/flyte-lsp/parser/ast"
)

// flow is what the statements of a function do, without those of functions and
// classes in it.
type flow struct {
	returns []*ast.Return
	yields  []*ast.Yield
	raises  []*ast.Raise
	awaits  bool
	// ends: as far as its statements tell, the function may reach its end.
	ends bool
}

// ownFlow is the flow of a function.
func ownFlow(def *ast.FunctionDef) *flow {
	f := &flow{}
	for _, statement := range def.Body() {
		ast.InspectNode(statement, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.FunctionDef, *ast.ClassDef, *ast.Lambda:
				return false
			case *ast.Return:
				f.returns = append(f.returns, n)
			case *ast.Yield:
				f.yields = append(f.yields, n)
			case *ast.Raise:
				f.raises = append(f.raises, n)
			case *ast.Await:
				f.awaits = true
			case *ast.For:
				f.awaits = f.awaits || n.Async
			case *ast.With:
				f.awaits = f.awaits || n.Async
			}
			return true
		})
	}
	f.ends = passes(def.Body())
	return f
}

// passes tells whether what follows a block may be reached through its end.
func passes(block []ast.Stmt) bool {
	return !slices.ContainsFunc(block, func(s ast.Stmt) bool { return !passesStatement(s) })
}

func passesStatement(statement ast.Stmt) bool {
	switch s := statement.(type) {
	case *ast.Return, *ast.Raise, *ast.Break, *ast.Continue, *ast.BadStmt:
		return false
	case *ast.If:
		return passes(s.Body) || passes(s.Else)
	case *ast.With:
		return passes(s.Body)
	case *ast.While:
		constant, ok := s.Test.(*ast.Constant)
		endless := ok && (constant.Kind == ast.TrueConst || constant.Kind == ast.IntConst && constant.Text != "0")
		return !endless || breaks(s.Body)
	case *ast.For:
		return len(s.Else) == 0 || passes(s.Else) || breaks(s.Body)
	case *ast.Match:
		return !slices.ContainsFunc(s.Cases, matchesAll) || slices.ContainsFunc(s.Cases, func(c ast.MatchCase) bool { return passes(c.Body) })
	case *ast.Try:
		if len(s.Finally) > 0 && !passes(s.Finally) {
			return false
		}
		return passes(s.Body) && passes(s.Else) ||
			slices.ContainsFunc(s.Handlers, func(h ast.ExceptHandler) bool { return passes(h.Body) })
	case *ast.Assert:
		constant, ok := s.Test.(*ast.Constant)
		return !ok || constant.Kind != ast.FalseConst
	case *ast.ExprStmt:
		return !leaves(s.Value)
	}
	return true
}

// matchesAll tells of a case that whatever comes to it matches.
func matchesAll(c ast.MatchCase) bool {
	return c.Guard == nil && c.Pattern != nil && c.Pattern.Kind == ast.AnyPattern && len(c.Pattern.Parts) == 0
}

// leaves tells of calls that don't return, as their names say.
func leaves(expr ast.Expr) bool {
	call, ok := expr.(*ast.Call)
	if !ok {
		return false
	}
	switch callee := call.Func.(type) {
	case *ast.Name:
		return slices.Contains(leaving, callee.ID)
	case *ast.Attribute:
		return slices.Contains(leaving, callee.Attr)
	}
	return false
}

var leaving = []string{"exit", "_exit", "quit", "abort", "fail", "skip", "assert_never", "execv", "execvp", "reraise"}

// breaks tells whether a loop's body may break out of it.
func breaks(body []ast.Stmt) bool {
	found := false
	for _, statement := range body {
		ast.InspectNode(statement, func(n ast.Node) bool {
			switch n.(type) {
			case *ast.FunctionDef, *ast.ClassDef, *ast.For, *ast.While:
				return false // a loop within keeps its breaks
			case *ast.Break:
				found = true
			}
			return !found
		})
	}
	return found
}
