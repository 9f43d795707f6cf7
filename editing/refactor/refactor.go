// Package refactor rewrites workflow code: what it does stays the same, or becomes
// what its author wants. Each rewriting is offered only where it is safe: where
// the types and values that it needs are known.
package refactor

import (
	"context"
	"fmt"
	"strings"

	"github.com/flyte-lsp/flyte-lsp/editing/cursor"
	"github.com/flyte-lsp/flyte-lsp/editing/edits"
	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/parser/ast"
	"github.com/flyte-lsp/flyte-lsp/pyeval"
	"github.com/flyte-lsp/flyte-lsp/workspace"
)

// Action is a rewriting of a file.
type Action struct {
	Title string
	// Kind is the kind of code action (LSP, CodeActionKind).
	Kind  string
	Edits []edits.Edit
}

// The kinds of code actions that there are.
const (
	quickFix = "quickfix"
	extract  = "refactor.extract"
	rewrite  = "refactor.rewrite"
)

// request is what the rewritings look at.
type request struct {
	*edits.Maker
	*cursor.Cursor
	File   *workspace.File
	Module *model.Module
	// span is what is selected: empty where only the cursor stands.
	span ast.Span
}

// Actions are the rewritings of a Python file that can be made at what is
// selected. Errors are as Snapshot.Module has them.
func Actions(ctx context.Context, snapshot *workspace.Snapshot, file *workspace.File, span ast.Span) ([]Action, error) {
	at, err := cursor.At(ctx, snapshot, file.Path, span.Start)
	if at == nil || err != nil {
		return nil, err
	}
	r := &request{Maker: &edits.Maker{File: at.File, Module: at.Module}, Cursor: at, File: at.File, Module: at.Module, span: span}
	var found []Action
	for _, offer := range []func(*request) []Action{
		createTask, extractWorkflow, extractTask, mapLoop, sortArguments, addLaunchPlan, cacheTask,
	} {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		found = append(found, offer(r)...)
	}
	return found, nil
}

// headOf is the entity on whose decorators or first line the cursor stands; nil
// if there is none.
func (r *request) headOf() *model.Entity {
	for _, e := range r.Module.Entities {
		if e.Path == r.File.Path && r.lineStart(e.Anchor) <= r.Offset && r.Offset <= e.NameSpan.End && !e.Shadowed && !strings.Contains(e.Name, ".") {
			return e
		}
	}
	return nil
}

// around is the entity in the body of whose function, a def of the module, the
// cursor stands; nil if there is none.
func (r *request) around() *model.Entity {
	def := r.Function()
	for _, e := range r.Module.Entities {
		if def != nil && e.Function != nil && e.Function.Def == def && !strings.Contains(e.Name, ".") {
			return e
		}
	}
	return nil
}

// freeName is a name that neither the module nor the function has.
func (r *request) freeName(wanted string, def *ast.FunctionDef) string {
	taken := map[string]bool{}
	for binding := range r.Module.Scope.All() {
		taken[binding.Name] = true
	}
	if def != nil {
		ast.InspectNode(def, func(n ast.Node) bool {
			if name, ok := n.(*ast.Name); ok {
				taken[name.ID] = true
			}
			return true
		})
	}
	name := wanted
	for i := 2; taken[name]; i++ {
		name = fmt.Sprintf("%s_%d", wanted, i)
	}
	return name
}

// lineStart is the offset of the start of the line in which an offset lies.
func (r *request) lineStart(offset int) int { return r.File.Source.LineStart(offset) }

// text is the source of a node.
func (r *request) text(n ast.Node) string { return r.Text(n.Span()) }

// typeOf is how the module writes the type of a value that a workflow's body has:
// of a promise, of a constant; "" where it can't be told.
func (r *request) typeOf(value pyeval.Value) string {
	switch v := value.(type) {
	case *model.Promise:
		return r.promiseType(v)
	case pyeval.Bool:
		return "bool"
	case pyeval.Int:
		return "int"
	case pyeval.Float:
		return "float"
	case pyeval.Str:
		return "str"
	}
	return ""
}

func (r *request) promiseType(p *model.Promise) string {
	if len(p.Path) == 0 {
		written := ""
		if p.Node != nil && p.Node.Entity != nil {
			if output := p.Node.Entity.Output(p.Var); output != nil {
				written = output.Type
			}
		} else if e := r.around(); e != nil && e.Input(p.Var) != nil {
			written = e.Input(p.Var).Type
		}
		return r.Module.Annotation(p.Type, written)
	}
	t, err := r.Module.PromiseType(p)
	if err != nil {
		return ""
	}
	return simpleTypes[t.GetSimple().String()]
}

// simpleTypes are the Python types of Flyte's simple ones, those that need no
// import.
var simpleTypes = map[string]string{"INTEGER": "int", "FLOAT": "float", "STRING": "str", "BOOLEAN": "bool"}
