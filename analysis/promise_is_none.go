package analysis

import "github.com/flyte-lsp/flyte-lsp/parser/ast"

var _ = register(&Rule{
	Code:     "promise-is-none",
	Summary:  "A test of a promise itself has the same answer whatever the value is.",
	Details:  "When a workflow is compiled its inputs and the results of calls are promises: never None, never True, and of no type but Promise. `is`, `is not`, isinstance() and the patterns of match don't look at the value, so that one branch is dropped when the workflow is registered. Compare in a conditional(), or in a task.",
	Severity: Warning,
	Stage:    NeverFails,
	Source:   "promise.py:Promise",
	Bad: `from typing import Optional

from flytekit import task, workflow


@task
def train(epochs: int) -> float:
    return 1.0 / epochs


@workflow
def flow(epochs: Optional[int] = None) -> float:
    if «epochs is None»:
        return train(epochs=10)
    return train(epochs=3)
`,
	Good: `from typing import Optional

from flytekit import task, workflow


@task
def train(epochs: Optional[int] = None) -> float:
    return 1.0 / (epochs or 10)


@workflow
def flow(epochs: Optional[int] = None) -> float:
    return train(epochs=epochs)
`,
	check: func(p *pass) {
		for _, remark := range p.remarked() {
			if expr, around := p.innermost(remark.Span); p.boundOnce(testedName(expr), around) {
				p.reportRemark(remark)
			}
		}
	},
})

// testedName is the name whose value a comparison or isinstance() looks at, nil
// where that has none.
func testedName(expr ast.Expr) *ast.Name {
	switch e := expr.(type) {
	case *ast.Compare:
		expr = e.Left
	case *ast.Call:
		if len(e.Args) > 0 {
			expr = e.Args[0]
		}
	}
	name, _ := expr.(*ast.Name)
	return name
}

// boundOnce tells whether a function binds a name only once, as a parameter or
// otherwise: it has no other value there then. True of what is no name.
func (p *pass) boundOnce(name *ast.Name, around []ast.Node) bool {
	if name == nil {
		return true
	}
	function := functionAround(around)
	if function == nil {
		return true
	}
	bound := 0
	for _, param := range function.Params.List {
		if param.Name != nil && param.Name.ID == name.ID {
			bound++
		}
	}
	ast.InspectNode(function, func(node ast.Node) bool {
		for _, target := range targetsOf(node) {
			if target.ID == name.ID {
				bound++
			}
		}
		return true
	})
	return bound <= 1
}

// targetsOf are the names that a node assigns to.
func targetsOf(node ast.Node) []*ast.Name {
	var targets []ast.Expr
	switch n := node.(type) {
	case *ast.Assign:
		targets = n.Targets
	case *ast.AnnAssign:
		targets = []ast.Expr{n.Target}
	case *ast.AugAssign:
		targets = []ast.Expr{n.Target}
	case *ast.For:
		targets = []ast.Expr{n.Target}
	case *ast.NamedExpr:
		return []*ast.Name{n.Target}
	}
	var names []*ast.Name
	for _, target := range targets {
		ast.InspectNode(target, func(node ast.Node) bool {
			if name, ok := node.(*ast.Name); ok {
				names = append(names, name)
			}
			return true
		})
	}
	return names
}
