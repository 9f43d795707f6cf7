package analysis

import (
	"fmt"
	"slices"
	"strings"

	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyte-lsp/flyte-lsp/parser/ast"
	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

// verbs name the task that an operator is done in.
var verbs = map[string]string{"+": "add", "-": "subtract", "*": "multiply", "/": "divide", "//": "divide", "%": "remainder"}

// computeInTask mends arithmetic on promises: a new task does it, if the types
// of the operands tell what it gives.
func (p *pass) computeInTask(d *Diagnostic, remark model.Remark) {
	expr, _ := p.innermost(remark.Span)
	operation, ok := expr.(*ast.BinOp)
	if !ok || !remark.Certain || verbs[operation.Op] == "" {
		return
	}
	entity, body := p.bodyAround(remark.Span)
	if entity == nil || !p.here(entity.Module) {
		return
	}
	c := &computation{pass: p, operands: body.Operands}
	result := c.typeOf(operation)
	if result == "" || len(c.params) == 0 {
		return
	}
	name := verbs[operation.Op]
	var used map[string]bool
	if entity.Function.Def != nil {
		used, _ = namesUsed(entity.Function.Def)
	}
	for i := 2; p.bound(name) || used[name]; i++ {
		name = fmt.Sprintf("%s_%d", verbs[operation.Op], i)
	}
	var params, arguments []string
	for _, param := range c.params {
		params = append(params, param.name+": "+param.of)
		arguments = append(arguments, param.name+"="+param.text)
	}
	text := c.text(operation)
	if strings.Contains(text, "\n") {
		text = "(" + text + ")"
	}
	task := fmt.Sprintf("@task\ndef %s(%s) -> %s:\n    return %s\n\n\n", name, strings.Join(params, ", "), result, text)
	start := p.File.Source.LineStart(entity.Span.Start)
	edits := append(p.AddImport("task"), p.Insert(start, task), p.Edit(operation.Span(), name+"("+strings.Join(arguments, ", ")+")"))
	d.Fixes = append(d.Fixes, Fix{Title: "Compute it in a task " + name, Edits: edits})
}

// bodyAround is the entity of the file in whose function a span stands, with its
// body; nil where it stands in none at the module's level.
func (p *pass) bodyAround(span parser.Span) (*model.Entity, *model.Body) {
	for _, entity := range p.Module.Entities {
		if entity.Function != nil && entity.Span.Start <= span.Start && span.End <= entity.Span.End && !strings.Contains(entity.Name, ".") {
			return entity, p.Module.Body(entity)
		}
	}
	return nil, nil
}

// bound tells whether the module has a name already.
func (p *pass) bound(name string) bool {
	_, ok := p.Module.Scope.Get(name)
	return ok
}

// computation is an expression that becomes a task's.
type computation struct {
	*pass
	operands map[ast.Expr]pyeval.Value
	params   []computed
}

// computed is an operand that becomes an input of the task.
type computed struct {
	expr     ast.Expr
	name, of string
	text     string
}

// typeOf is the Python type of an operand or of what an operator gives; "" where
// it can't be told. Promises are noted as inputs.
func (c *computation) typeOf(expr ast.Expr) string {
	switch e := expr.(type) {
	case *ast.BinOp:
		if verbs[e.Op] == "" {
			return ""
		}
		return OperatorType(e.Op, c.typeOf(e.Left), c.typeOf(e.Right))
	case *ast.Constant:
		return map[ast.ConstantKind]string{ast.IntConst: "int", ast.FloatConst: "float", ast.StringConst: "str"}[e.Kind]
	}
	promise, ok := c.operands[expr].(*model.Promise)
	if !ok || len(promise.Path) > 0 {
		return ""
	}
	native, ok := promise.Type.(*pyeval.Native)
	if !ok || !slices.Contains([]string{"builtins.int", "builtins.float", "builtins.str"}, native.Name) {
		return ""
	}
	of := strings.TrimPrefix(native.Name, "builtins.")
	c.params = append(c.params, computed{expr: expr, name: c.nameFor(expr), of: of, text: c.pass.Text(expr.Span())})
	return of
}

// OperatorType is the Python type of what an arithmetic operator gives, for int,
// float and str; "" where it can't be told.
func OperatorType(op, left, right string) string {
	switch {
	case left == "" || right == "" || verbs[op] == "":
		return ""
	case left == "str" || right == "str":
		if left == right && op == "+" || left != right && op == "*" && left != "float" && right != "float" {
			return "str"
		}
		return ""
	case left == "float" || right == "float" || op == "/":
		return "float"
	}
	return "int"
}

// nameFor is the name of the input that an operand becomes.
func (c *computation) nameFor(expr ast.Expr) string {
	name := "value"
	switch e := expr.(type) {
	case *ast.Name:
		name = e.ID
	case *ast.Attribute:
		name = e.Attr
	case *ast.Call:
		if callee, ok := e.Func.(*ast.Name); ok {
			name = callee.ID
		}
	}
	wanted := name
	for i := 2; slices.ContainsFunc(c.params, func(param computed) bool { return param.name == name }); i++ {
		name = fmt.Sprintf("%s_%d", wanted, i)
	}
	return name
}

// text is the expression with its operands' names in place of the promises.
func (c *computation) text(expr ast.Expr) string {
	span := expr.Span()
	text := c.pass.Text(span)
	params := slices.Clone(c.params)
	slices.SortFunc(params, func(a, b computed) int { return b.expr.Span().Start - a.expr.Span().Start })
	for _, param := range params {
		at := param.expr.Span()
		text = text[:at.Start-span.Start] + param.name + text[at.End-span.Start:]
	}
	return text
}
