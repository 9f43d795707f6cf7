package refactor

import (
	"fmt"
	"slices"
	"strings"

	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyte-lsp/flyte-lsp/parser/ast"
)

// extractWorkflow puts the selected statements of a workflow into one of their own,
// which it calls.
func extractWorkflow(r *request) []Action {
	e := r.around()
	if e == nil || e.Kind != model.Workflow || r.span.Start == r.span.End {
		return nil
	}
	body := e.Function.Def.Body()
	selected, after := r.selected(body)
	if len(selected) == 0 || len(selected) == len(body) {
		return nil
	}
	x := &extraction{request: r, entity: e, assigned: map[string]ast.Expr{}}
	for _, stmt := range selected {
		if !x.take(stmt) {
			return nil
		}
	}
	if !x.calls || x.returns && len(after) > 0 {
		return nil
	}
	name := r.freeName(e.Name+"_part", e.Function.Def)
	head, result, ok := x.outputs(after)
	if !ok {
		return nil
	}
	statements, ok := x.statements(selected)
	if !ok {
		return nil
	}
	var params, arguments []string
	for _, input := range x.inputs {
		params = append(params, input.name+": "+input.of)
		arguments = append(arguments, input.name+"="+input.name)
	}
	workflow := fmt.Sprintf("@workflow\ndef %s(%s)%s:\n%s\n", name, strings.Join(params, ", "), head, statements)
	call := name + "(" + strings.Join(arguments, ", ") + ")"
	switch {
	case x.returns:
		call = "return " + call
	case len(result) > 0:
		workflow += "    return " + strings.Join(result, ", ") + "\n"
		call = strings.Join(result, ", ") + " = " + call
	}
	first, last := selected[0].Span().Start, selected[len(selected)-1].Span().End
	made := append(r.AddImport("workflow"),
		r.Insert(r.lineStart(e.Span.Start), workflow+"\n\n"), r.Edit(ast.Span{Start: first, End: last}, call))
	return []Action{{Title: "Extract into a workflow " + name, Kind: extract, Edits: made}}
}

// selected are the statements of a body that the selection touches, and those behind
// them.
func (r *request) selected(body []ast.Stmt) (selected, after []ast.Stmt) {
	text := r.Text(r.span)
	start := r.span.Start + len(text) - len(strings.TrimLeft(text, " \t\r\n"))
	end := r.span.Start + len(strings.TrimRight(text, " \t\r\n"))
	for i, stmt := range body {
		if i == 0 && isDocstring(stmt) {
			continue
		}
		switch span := stmt.Span(); {
		case span.Start >= end:
			after = append(after, stmt)
		case span.End > start:
			selected = append(selected, stmt)
		}
	}
	return selected, after
}

func isDocstring(stmt ast.Stmt) bool {
	s, ok := stmt.(*ast.ExprStmt)
	if !ok {
		return false
	}
	constant, ok := s.Value.(*ast.Constant)
	return ok && constant.Kind == ast.StringConst
}

// extraction is what becomes a workflow.
type extraction struct {
	*request
	entity *model.Entity
	inputs []input
	// assigned are the names that the statements bind, each where it is bound last,
	// and order these names in the order of the text.
	assigned map[string]ast.Expr
	order    []string
	calls    bool // an entity
	returns  bool // the workflow's outputs
}

type input struct{ name, of string }

// take takes in a statement. False: it can't be in a workflow of its own.
func (x *extraction) take(stmt ast.Stmt) bool {
	if x.returns {
		return false
	}
	switch s := stmt.(type) {
	case *ast.Assign:
		if !x.reads(s.Value) {
			return false
		}
		return !slices.ContainsFunc(s.Targets, func(target ast.Expr) bool { return !x.assign(target) })
	case *ast.ExprStmt:
		return x.reads(s.Value)
	case *ast.Return:
		x.returns = true
		return s.Value == nil || x.reads(s.Value)
	}
	return false
}

func (x *extraction) assign(target ast.Expr) bool {
	switch t := target.(type) {
	case *ast.Name:
		if x.assigned[t.ID] == nil {
			x.order = append(x.order, t.ID)
		}
		x.assigned[t.ID] = t
		return true
	case *ast.Tuple:
		return !slices.ContainsFunc(t.Elts, func(elt ast.Expr) bool { return !x.assign(elt) })
	}
	return false
}

// reads looks at an expression: what it reads of the function becomes an input. False
// where that can't be one.
func (x *extraction) reads(expr ast.Expr) bool {
	ok := true
	ast.InspectNode(expr, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.Lambda, *ast.Comprehension, *ast.NamedExpr, *ast.Await, *ast.Yield, *ast.BadExpr:
			ok = false
		case *ast.Call:
			if _, isEntity := model.EntityOf(x.Value(n.Func)); isEntity {
				x.calls = true
			}
		case *ast.Name:
			ok = ok && x.read(n)
		}
		return ok
	})
	return ok
}

func (x *extraction) read(name *ast.Name) bool {
	if x.assigned[name.ID] != nil || !x.local(name.ID) {
		return true
	}
	if slices.ContainsFunc(x.inputs, func(in input) bool { return in.name == name.ID }) {
		return true
	}
	promise, ok := x.Value(name).(*model.Promise)
	if !ok {
		return false
	}
	of := x.promiseType(promise)
	x.inputs = append(x.inputs, input{name.ID, of})
	return of != ""
}

// local tells whether a name is one of the function's own.
func (x *extraction) local(name string) bool {
	def := x.entity.Function.Def
	if slices.ContainsFunc(def.Params.List, func(p ast.Param) bool { return p.Name != nil && p.Name.ID == name }) {
		return true
	}
	found := false
	for _, stmt := range def.Body() {
		ast.InspectNode(stmt, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.Assign:
				for _, target := range n.Targets {
					found = found || mentions(target, name)
				}
			case *ast.For:
				found = found || mentions(n.Target, name)
			case *ast.With, *ast.Import, *ast.ImportFrom, *ast.AnnAssign, *ast.AugAssign:
				found = found || binds(n, name)
			}
			return !found
		})
	}
	return found
}

// binds tells whether a statement of a rarer kind binds a name.
func binds(n ast.Node, name string) bool {
	switch n := n.(type) {
	case *ast.AnnAssign:
		return mentions(n.Target, name)
	case *ast.AugAssign:
		return mentions(n.Target, name)
	case *ast.With:
		return slices.ContainsFunc(n.Items, func(item ast.WithItem) bool { return item.Target != nil && mentions(item.Target, name) })
	case *ast.Import:
		return slices.ContainsFunc(n.Names, func(a ast.Alias) bool { return a.AsName == name || a.AsName == "" && a.Name == name })
	case *ast.ImportFrom:
		return slices.ContainsFunc(n.Names, func(a ast.Alias) bool { return a.AsName == name || a.AsName == "" && a.Name == name })
	}
	return false
}

// outputs are the names that are used behind the selection, and the annotation of
// what the new workflow returns. False where that can't be written.
func (x *extraction) outputs(after []ast.Stmt) (annotation string, names []string, ok bool) {
	if x.returns {
		returns := x.entity.Function.Def.Returns
		if returns == nil {
			return "", nil, true
		}
		return " -> " + x.text(returns), nil, true
	}
	var types []string
	for _, name := range x.order {
		if !slices.ContainsFunc(after, func(stmt ast.Stmt) bool { return uses(stmt, name) }) {
			continue
		}
		promise, ok := x.Value(x.assigned[name]).(*model.Promise)
		if !ok {
			return "", nil, false
		}
		of := x.promiseType(promise)
		if of == "" {
			return "", nil, false
		}
		names, types = append(names, name), append(types, of)
	}
	switch len(types) {
	case 0:
		return "", nil, true
	case 1:
		return " -> " + types[0], names, true
	}
	return " -> tuple[" + strings.Join(types, ", ") + "]", names, true
}

func uses(stmt ast.Stmt, name string) bool {
	found := false
	ast.InspectNode(stmt, func(n ast.Node) bool {
		if other, ok := n.(*ast.Name); ok && other.ID == name {
			found = true
		}
		return !found
	})
	return found
}

// statements is the text of the statements, indented as those of a function of the
// module. False where a string would change with that.
func (x *extraction) statements(selected []ast.Stmt) (string, bool) {
	const indent = "    "
	first, last := selected[0].Span().Start, selected[len(selected)-1].Span().End
	was, alone := x.Indent(first)
	if !alone {
		return "", false // behind another statement in its line
	}
	text := was + x.Text(ast.Span{Start: first, End: last})
	if was == indent {
		return text, true
	}
	_, multiline := parser.Comments(x.File.Source.Text())
	if slices.ContainsFunc(multiline, func(s ast.Span) bool { return s.Start >= first && s.End <= last }) {
		return "", false
	}
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		if rest, ok := strings.CutPrefix(line, was); ok {
			lines[i] = indent + rest
		}
	}
	return strings.Join(lines, "\n"), true
}
