package refactor

import (
	"fmt"
	"slices"
	"strings"

	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/parser/ast"
)

// createTask makes the task that is called at the cursor, and that isn't there: with
// the inputs that the call gives, and the output that its result is used as.
func createTask(r *request) []Action {
	e := r.around()
	if e == nil || e.Kind != model.Workflow && e.Kind != model.Dynamic {
		return nil
	}
	name, ok := r.Node().(*ast.Name)
	call, called := r.Outer(1).(*ast.Call)
	if !ok || !called || call.Func != ast.Expr(name) || !r.undefined(name) {
		return nil
	}
	var params []string
	add := func(input string, value ast.Expr) {
		if t := r.typeOf(r.Value(value)); t != "" {
			input += ": " + t
		}
		params = append(params, input)
	}
	for _, arg := range call.Args {
		given, ok := arg.(*ast.Name)
		if !ok {
			return nil
		}
		add(given.ID, arg)
	}
	for _, keyword := range call.Keywords {
		if keyword.Arg == "" {
			return nil
		}
		add(keyword.Arg, keyword.Value)
	}
	returns, ok := r.usedAs(e, call)
	if !ok {
		return nil
	}
	does := "raise NotImplementedError"
	if returns != "" {
		// flytekit refuses a task with an output and without a return statement.
		returns, does = " -> "+returns, "return ..."
	}
	task := fmt.Sprintf("@task\ndef %s(%s)%s:\n    %s\n\n\n", name.ID, strings.Join(params, ", "), returns, does)
	made := append(r.AddImport("task"), r.Insert(r.lineStart(e.Span.Start), task))
	return []Action{{Title: "Create the task " + name.ID, Kind: quickFix, Edits: made}}
}

// undefined tells whether Python raises NameError at a name.
func (r *request) undefined(name *ast.Name) bool {
	return slices.ContainsFunc(r.Module.Exceptions(), func(raised *model.Exception) bool {
		return raised.Class == "NameError" && raised.Module.Path == r.File.Path && raised.Span == name.Span()
	})
}

// usedAs is the type that the result of a call has to have, "" if it is none. False
// where it can't be told.
func (r *request) usedAs(e *model.Entity, call *ast.Call) (string, bool) {
	switch outer := r.Outer(2).(type) {
	case *ast.ExprStmt:
		return "", true
	case *ast.Return:
		return r.returned(e)
	case *ast.Call:
		return r.inputTaking(outer, call)
	case *ast.Assign:
		name, ok := outer.Targets[0].(*ast.Name)
		if !ok || len(outer.Targets) > 1 {
			return "", false
		}
		return r.usedLater(e, name.ID, outer.End)
	}
	return "", false
}

func (r *request) returned(e *model.Entity) (string, bool) {
	if e.Returns == nil || e.OutputsUnknown != "" || len(e.Outputs) != 1 {
		return "", false
	}
	return e.Returns.Type, e.Returns.Type != ""
}

// inputTaking is the type of the input of an entity to which a call gives a value.
func (r *request) inputTaking(call *ast.Call, value ast.Expr) (string, bool) {
	e, ok := model.EntityOf(r.Value(call.Func))
	if !ok {
		return "", false
	}
	for _, keyword := range call.Keywords {
		if input := e.Input(keyword.Arg); keyword.Value == value && input != nil {
			t := r.Module.Annotation(input.PyType, input.Type)
			return t, t != ""
		}
	}
	return "", false
}

// usedLater is the type as which a name is used behind an offset, the first time.
func (r *request) usedLater(e *model.Entity, name string, offset int) (t string, ok bool) {
	done := false
	isName := func(expr ast.Expr) bool {
		n, ok := expr.(*ast.Name)
		return ok && n.ID == name && n.Start >= offset
	}
	for _, stmt := range e.Function.Def.Body() {
		ast.InspectNode(stmt, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.Return:
				if !done && isName(n.Value) {
					t, ok = r.returned(e)
					done = true
				}
			case *ast.Call:
				for _, keyword := range n.Keywords {
					if !done && isName(keyword.Value) {
						t, ok = r.inputTaking(n, keyword.Value)
						done = true
					}
				}
			}
			return !done
		})
	}
	return t, ok
}
