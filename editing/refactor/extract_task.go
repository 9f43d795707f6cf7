package refactor

import (
	"fmt"
	"slices"
	"strings"

	"github.com/flyte-lsp/flyte-lsp/analysis"
	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/parser/ast"
)

// extractTask has a task compute the selected expression of a workflow: there the
// promises in it are values.
func extractTask(r *request) []Action {
	e := r.around()
	if e == nil || e.Kind != model.Workflow || r.span.Start == r.span.End {
		return nil
	}
	expr := r.selectedExpr()
	if expr == nil {
		return nil
	}
	c := &computed{request: r}
	of := c.typeOf(expr)
	if of == "" || len(c.params) == 0 {
		return nil
	}
	name := r.freeName("compute", e.Function.Def)
	var params, arguments []string
	for _, in := range c.params {
		params = append(params, in.name+": "+in.of)
		arguments = append(arguments, in.name+"="+in.name)
	}
	text := r.text(expr)
	if strings.Contains(text, "\n") {
		text = "(" + text + ")"
	}
	task := fmt.Sprintf("@task\ndef %s(%s) -> %s:\n    return %s\n\n\n", name, strings.Join(params, ", "), of, text)
	made := append(r.AddImport("task"), r.Insert(r.lineStart(e.Span.Start), task), r.Edit(expr.Span(), name+"("+strings.Join(arguments, ", ")+")"))
	return []Action{{Title: "Extract into a task " + name, Kind: extract, Edits: made}}
}

// selectedExpr is the expression that is exactly selected, but for white space; nil
// if there is none.
func (r *request) selectedExpr() ast.Expr {
	text := r.Text(r.span)
	start := r.span.Start + len(text) - len(strings.TrimLeft(text, " \t\r\n"))
	end := r.span.Start + len(strings.TrimRight(text, " \t\r\n"))
	var found ast.Expr
	for _, n := range r.Nodes {
		ast.InspectNode(n, func(n ast.Node) bool {
			expr, ok := n.(ast.Expr)
			if span := n.Span(); ok && span.Start == start && span.End == end && found == nil {
				found = expr
			}
			return found == nil
		})
	}
	return found
}

// computed is an expression of which the promises become a task's inputs.
type computed struct {
	*request
	params []input
}

// results are the types of what some of Python's functions give, whatever they are
// given.
var results = map[string]string{"len": "int", "str": "str", "int": "int", "float": "float", "bool": "bool"}

// typeOf is the type of an expression in the task; "" where it can't be told, or
// where it can't stand there. Promises are noted as inputs.
func (c *computed) typeOf(expr ast.Expr) string {
	switch e := expr.(type) {
	case *ast.Constant:
		return map[ast.ConstantKind]string{
			ast.IntConst: "int", ast.FloatConst: "float", ast.StringConst: "str", ast.TrueConst: "bool", ast.FalseConst: "bool",
		}[e.Kind]
	case *ast.Name:
		return c.input(e)
	case *ast.BinOp:
		return analysis.OperatorType(e.Op, c.typeOf(e.Left), c.typeOf(e.Right))
	case *ast.Compare:
		return c.all("bool", append([]ast.Expr{e.Left}, e.Comparators...)...)
	case *ast.UnaryOp:
		if e.Op == "not" {
			return c.all("bool", e.Operand)
		}
		return c.typeOf(e.Operand)
	case *ast.JoinedStr:
		return c.all("str", e.Values...)
	case *ast.FormattedValue:
		return c.all("str", e.Value)
	case *ast.Call:
		name, ok := e.Func.(*ast.Name)
		if !ok || results[name.ID] == "" || len(e.Keywords) > 0 || c.Names()[name.ID] != nil {
			return ""
		}
		return c.all(results[name.ID], e.Args...)
	}
	return ""
}

// all is a type if those of the expressions can be told.
func (c *computed) all(of string, exprs ...ast.Expr) string {
	if slices.ContainsFunc(exprs, func(expr ast.Expr) bool { return c.typeOf(expr) == "" }) {
		return ""
	}
	return of
}

// input is the type of a name that stands for a promise, which becomes an input.
func (c *computed) input(name *ast.Name) string {
	promise, ok := c.Value(name).(*model.Promise)
	if !ok {
		return ""
	}
	of := c.promiseType(promise)
	if of != "" && !slices.ContainsFunc(c.params, func(in input) bool { return in.name == name.ID }) {
		c.params = append(c.params, input{name.ID, of})
	}
	return of
}
