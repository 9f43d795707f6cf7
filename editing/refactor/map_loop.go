package refactor

import (
	"strings"

	"github.com/flyte-lsp/flyte-lsp/editing/edits"
	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/parser/ast"
	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

// mapLoop makes a map task of the loop at the cursor that calls a task for each
// element of a list.
func mapLoop(r *request) []Action {
	e := r.around()
	if e == nil || e.Kind != model.Workflow && e.Kind != model.Dynamic {
		return nil
	}
	for i := len(r.Nodes) - 1; i >= 0; i-- {
		var made *mapping
		switch n := r.Nodes[i].(type) {
		case *ast.Comprehension:
			made = r.comprehension(n)
		case *ast.For:
			made = r.loop(e, n)
		}
		if made == nil {
			continue
		}
		text, imports, ok := r.mapped(e, made)
		if !ok {
			return nil
		}
		all := append(imports, r.Edit(made.span, made.assigns+text))
		return []Action{{Title: "Make it a map task of " + made.task.Name, Kind: rewrite, Edits: all}}
	}
	return nil
}

// mapping is a loop over a list that calls a task for each element.
type mapping struct {
	span    ast.Span // of the loop
	assigns string   // what stands before the map task: "squares = "
	over    ast.Expr
	element string // the name of an element
	call    *ast.Call
	task    *model.Entity
}

// comprehension is `[task(x=element) for element in list]`.
func (r *request) comprehension(n *ast.Comprehension) *mapping {
	call, ok := n.Elt.(*ast.Call)
	if !ok || n.Kind != ast.ListComp || len(n.Generators) != 1 || len(n.Generators[0].Ifs) > 0 || n.Generators[0].Async {
		return nil
	}
	name, ok := n.Generators[0].Target.(*ast.Name)
	if !ok {
		return nil
	}
	return &mapping{span: n.Span(), over: n.Generators[0].Iter, element: name.ID, call: call}
}

// loop is `for element in list: task(x=element)`, or one that appends what it
// gives to a list that is empty before.
func (r *request) loop(e *model.Entity, n *ast.For) *mapping {
	name, ok := n.Target.(*ast.Name)
	if !ok || len(n.Body) != 1 || len(n.Else) > 0 || n.Async {
		return nil
	}
	statement, ok := n.Body[0].(*ast.ExprStmt)
	if !ok {
		return nil
	}
	call, ok := statement.Value.(*ast.Call)
	if !ok {
		return nil
	}
	made := &mapping{span: n.Span(), over: n.Iter, element: name.ID, call: call}
	appends, ok := call.Func.(*ast.Attribute)
	if !ok || appends.Attr != "append" || len(call.Args) != 1 || len(call.Keywords) > 0 {
		return made
	}
	list, named := appends.Value.(*ast.Name)
	made.call, ok = call.Args[0].(*ast.Call)
	empty := before(e.Function.Def.Body(), n)
	if !named || !ok || empty == nil {
		return nil
	}
	target, ok := empty.Targets[0].(*ast.Name)
	value, isList := empty.Value.(*ast.List)
	if !ok || len(empty.Targets) > 1 || target.ID != list.ID || !isList || len(value.Elts) > 0 {
		return nil
	}
	made.span.Start, made.assigns = empty.Start, list.ID+" = "
	return made
}

// before is the assignment that stands right before a statement of a block.
func before(block []ast.Stmt, stmt ast.Stmt) *ast.Assign {
	for i, s := range block {
		if s == stmt && i > 0 {
			assign, _ := block[i-1].(*ast.Assign)
			return assign
		}
	}
	return nil
}

// mapped is the map task in place of a loop. False where there can't be one: of
// something other than a task with one output at most, over something other than a
// list, or with arguments that aren't the same for all elements.
func (r *request) mapped(e *model.Entity, m *mapping) (text string, imports []edits.Edit, ok bool) {
	task, isEntity := model.EntityOf(r.Value(m.call.Func))
	if !isEntity || task.Kind != model.Task || task.InputsUnknown != "" || task.OutputsUnknown != "" || len(task.Outputs) > 1 || len(m.call.Args) > 0 || r.hasComment(m.span) {
		return "", nil, false
	}
	m.task = task
	if !r.isList(e, m.over) {
		return "", nil, false
	}
	over := ""
	var same []string
	for _, keyword := range m.call.Keywords {
		if name, ok := keyword.Value.(*ast.Name); ok && name.ID == m.element {
			if over != "" {
				return "", nil, false
			}
			over = keyword.Arg
			continue
		}
		if keyword.Arg == "" || mentions(keyword.Value, m.element) {
			return "", nil, false
		}
		same = append(same, keyword.Arg+"="+r.text(keyword.Value))
	}
	if over == "" {
		return "", nil, false
	}
	target := r.text(m.call.Func)
	imports = r.AddImport("map_task")
	if len(same) > 0 {
		target = "partial(" + target + ", " + strings.Join(same, ", ") + ")"
		imports = append(imports, r.AddImportFrom("functools", "partial")...)
	}
	return "map_task(" + target + ")(" + over + "=" + r.text(m.over) + ")", imports, true
}

// isList tells whether an expression is a list for Flyte: a promise of one, or a
// dynamic workflow's input.
func (r *request) isList(e *model.Entity, over ast.Expr) bool {
	if promise, ok := r.Value(over).(*model.Promise); ok {
		t, err := r.Module.PromiseType(promise)
		return err == nil && t.GetCollectionType() != nil
	}
	name, ok := over.(*ast.Name)
	if !ok || e.Kind != model.Dynamic || e.Input(name.ID) == nil {
		return false
	}
	if _, ok := r.Value(over).(*pyeval.Unknown); !ok {
		return false
	}
	t, err := r.Module.LiteralType(e.Input(name.ID))
	return err == nil && t.GetCollectionType() != nil
}

func mentions(expr ast.Expr, name string) bool {
	found := false
	ast.InspectNode(expr, func(n ast.Node) bool {
		if other, ok := n.(*ast.Name); ok && other.ID == name {
			found = true
		}
		return true
	})
	return found
}
