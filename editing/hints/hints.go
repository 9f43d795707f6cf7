// Package hints says what an editor shows within the lines of a workflow file:
// the types of promises, the inputs that positional arguments go to, and what
// the calls in a workflow gave in its last run.
package hints

import (
	"context"
	"slices"
	"strings"

	"github.com/flyte-lsp/flyte-lsp/literal"
	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/parser/ast"
	"github.com/flyte-lsp/flyte-lsp/pyeval"
	"github.com/flyte-lsp/flyte-lsp/runs"
	"github.com/flyte-lsp/flyte-lsp/workspace"
)

// Kinds says which hints are wanted.
type Kinds struct {
	// PromiseTypes are those of the names that promises are assigned to.
	PromiseTypes bool
	// InputNames are those of positional arguments of what is no function for a
	// Python server: launch plans, map tasks, references, tasks that are objects.
	InputNames bool
	// FunctionInputNames are those of functions that are tasks and workflows,
	// which Python servers show too.
	FunctionInputNames bool
	// LastValues are the outputs of calls in the last run of the entity that makes
	// them, unless it has been edited since.
	LastValues bool
}

// Hint is a text to show at an offset.
type Hint struct {
	Offset int
	Label  string
	// Tooltip is Markdown, "" if there is nothing more to tell.
	Tooltip string
	Kind    Kind
}

// Kind says what a hint tells.
type Kind int

// The kinds of hints.
const (
	PromiseType Kind = iota
	InputName
	LastValue
)

// maxLabel bounds the label of a hint, in characters.
const maxLabel = 60

// Of are the hints in a span of a Python file, in the order of the text. latest
// are the last runs of its entities, the newest first. Errors are as
// Snapshot.Module has them.
func Of(ctx context.Context, snapshot *workspace.Snapshot, file *workspace.File, span ast.Span, latest []*runs.Run, kinds Kinds) ([]Hint, error) {
	if file.AST == nil {
		return nil, nil
	}
	module, err := snapshot.Module(ctx, file.Path)
	if err != nil {
		return nil, err
	}
	var found []Hint
	for _, e := range module.Entities {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if e.Path != file.Path || e.Span.End < span.Start || span.End < e.Span.Start {
			continue
		}
		if kinds.PromiseTypes && (e.Kind == model.Workflow || e.Kind == model.Dynamic) {
			found = append(found, promiseTypes(module, e)...)
		}
		if kinds.InputNames || kinds.FunctionInputNames {
			found = append(found, inputNames(module, e, kinds)...)
		}
		if kinds.LastValues {
			found = append(found, Values(module, file, e, latest)...)
		}
	}
	found = slices.DeleteFunc(found, func(h Hint) bool { return h.Offset < span.Start || span.End < h.Offset })
	slices.SortStableFunc(found, func(a, b Hint) int { return a.Offset - b.Offset })
	return found, nil
}

// promiseTypes are the types behind the names that a workflow's body assigns
// promises to.
func promiseTypes(module *model.Module, e *model.Entity) []Hint {
	if e.Function == nil || e.Function.Def == nil || e.Function.Module.Path != module.Path {
		return nil
	}
	body := e.Function.Def.Body()
	if len(body) == 0 {
		return nil
	}
	assigned := map[ast.Expr]pyeval.Value{}
	for _, stmt := range body {
		ast.InspectNode(stmt, func(n ast.Node) bool {
			if assign, ok := n.(*ast.Assign); ok {
				for _, target := range assign.Targets {
					for _, name := range assignedNames(target) {
						assigned[name] = nil
					}
				}
			}
			_, nested := n.(*ast.FunctionDef)
			return !nested
		})
	}
	if len(assigned) == 0 {
		return nil
	}
	module.Watch(body[0].Span().Start, func(_ *pyeval.Frame, at ast.Expr, value pyeval.Value) {
		if _, ok := assigned[at]; ok {
			assigned[at] = value
		}
	})
	var found []Hint
	for name, value := range assigned {
		if label, tooltip := typeOf(module, value); label != "" {
			found = append(found, Hint{Offset: name.Span().End, Label: ": " + cut(label), Tooltip: tooltip, Kind: PromiseType})
		}
	}
	return found
}

// assignedNames are the names in the target of an assignment.
func assignedNames(target ast.Expr) []ast.Expr {
	switch t := target.(type) {
	case *ast.Name:
		return []ast.Expr{t}
	case *ast.Tuple:
		return slices.Concat(mapped(t.Elts, assignedNames)...)
	case *ast.List:
		return slices.Concat(mapped(t.Elts, assignedNames)...)
	}
	return nil
}

func mapped[A, B any](list []A, f func(A) B) []B {
	all := make([]B, len(list))
	for i, a := range list {
		all[i] = f(a)
	}
	return all
}

// typeOf is the type of a promise, or of the outputs of a node, and a sentence
// about it; "" of other values, and where the type isn't known.
func typeOf(module *model.Module, value pyeval.Value) (label, tooltip string) {
	switch v := value.(type) {
	case *model.Promise:
		if v.Node == nil {
			return "", ""
		}
		flyte, err := module.PromiseType(v)
		if err != nil {
			return "", ""
		}
		label = literal.TypeText(flyte)
		if output := outputOf(v); output != nil && len(v.Path) == 0 && output.Type != "" {
			label = output.Type
		}
		return "Promise[" + label + "]", comesFrom(v.Node) + ", its output `" + v.Var + "`, for Flyte a `" + literal.TypeText(flyte) + "`"
	case *model.Outputs:
		if len(v.Promises) == 0 || v.Promises[0].Node == nil {
			return "", ""
		}
		parts := make([]string, len(v.Promises))
		for i, promise := range v.Promises {
			output := outputOf(promise)
			if output == nil || output.Type == "" {
				return "", ""
			}
			parts[i] = promise.Var + ": " + output.Type
		}
		return "(" + strings.Join(parts, ", ") + ")", comesFrom(v.Promises[0].Node) + ", its outputs as promises"
	}
	return "", ""
}

func outputOf(p *model.Promise) *model.Variable {
	if p.Node == nil || p.Node.Entity == nil {
		return nil
	}
	return p.Node.Entity.Output(p.Var)
}

// comesFrom says which node a promise is of.
func comesFrom(node *model.Node) string {
	text := "Of "
	if node.Entity != nil {
		text += node.Entity.Describe()
	} else {
		text += "a " + string(node.Kind) + " node"
	}
	if node.ID != "" {
		text += " in node `" + node.ID + "`"
	}
	return text
}

// inputNames are the names of the inputs that positional arguments of the calls
// in an entity's body go to.
func inputNames(module *model.Module, e *model.Entity, kinds Kinds) []Hint {
	var found []Hint
	for node := range module.Body(e).All() {
		if node.Entity == nil || node.Call == nil || node.Module == nil || node.Module.Path != module.Path {
			continue
		}
		if wanted := kinds.InputNames; node.Entity.Function != nil && node.Entity.Of == nil {
			if wanted = kinds.FunctionInputNames; !wanted {
				continue
			}
		} else if !wanted {
			continue
		}
		for i, argument := range node.Arguments {
			if argument.Name != "" || argument.Expr == nil || node.Entity.InputsUnknown != "" || i >= len(node.Entity.Inputs) {
				break
			}
			input := node.Entity.Inputs[i]
			if name, ok := argument.Expr.(*ast.Name); ok && name.ID == input.Name {
				continue
			}
			found = append(found, Hint{Offset: argument.Span.Start, Label: input.Name + "=", Kind: InputName})
		}
	}
	return found
}

func cut(label string) string {
	if runes := []rune(label); len(runes) > maxLabel {
		return string(runes[:maxLabel-1]) + "…"
	}
	return label
}
