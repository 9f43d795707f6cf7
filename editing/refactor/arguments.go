package refactor

import (
	"slices"
	"strings"

	"github.com/flyte-lsp/flyte-lsp/editing/edits"
	"github.com/flyte-lsp/flyte-lsp/literal"
	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyte-lsp/flyte-lsp/parser/ast"
)

// sortArguments puts the keyword arguments of the call at the cursor into the order
// of the interface, and adds the inputs that are missing.
func sortArguments(r *request) []Action {
	call, e := r.calledHere()
	if e == nil || e.InputsUnknown != "" || len(call.Args) > 0 || len(e.Inputs) == 0 || r.hasComment(call.Span()) || !closed(r.text(call)) {
		return nil
	}
	given := map[string]string{}
	for _, keyword := range call.Keywords {
		if keyword.Arg == "" || e.Input(keyword.Arg) == nil || given[keyword.Arg] != "" {
			return nil
		}
		given[keyword.Arg] = r.Text(keyword.Value.Span())
	}
	var sorted, all []string
	complete, certain := true, true
	for _, input := range e.Inputs {
		value, ok := given[input.Name]
		if ok {
			sorted = append(sorted, input.Name+"="+value)
		} else {
			complete = false
			if value = r.valueFor(input); value == "" {
				certain = false
			}
		}
		all = append(all, input.Name+"="+value)
	}
	var found []Action
	inOrder := slices.IsSortedFunc(call.Keywords, func(a, b ast.Keyword) int { return position(e, a.Arg) - position(e, b.Arg) })
	if !inOrder {
		found = append(found, Action{Title: "Sort the arguments as " + e.Name + " declares them", Kind: rewrite, Edits: r.withArguments(call, sorted)})
	}
	if !complete && certain {
		found = append(found, Action{Title: "Write out all inputs of " + e.Name, Kind: rewrite, Edits: r.withArguments(call, all)})
	}
	return found
}

func closed(call string) bool { return strings.HasSuffix(call, ")") }

func position(e *model.Entity, input string) int {
	return slices.IndexFunc(e.Inputs, func(v *model.Variable) bool { return v.Name == input })
}

// calledHere is the innermost call of an entity whose name, or among whose
// arguments, the cursor stands.
func (r *request) calledHere() (*ast.Call, *model.Entity) {
	for i := len(r.Nodes) - 1; i >= 0; i-- {
		call, ok := r.Nodes[i].(*ast.Call)
		if !ok {
			continue
		}
		if e, ok := model.EntityOf(r.Value(call.Func)); ok {
			return call, e
		}
	}
	return nil, nil
}

// valueFor is what the code at the cursor can give an input: the only name with a
// value of its type, a name like its own first, else the input's default; "" if
// there is neither.
func (r *request) valueFor(input *model.Variable) string {
	wanted, err := r.Module.LiteralType(input)
	var fits []string
	for name, value := range r.Names() {
		promise, ok := value.(*model.Promise)
		if !ok || err != nil {
			continue
		}
		if t, err := r.Module.PromiseType(promise); err == nil && literal.Castable(t, wanted) {
			if name == input.Name {
				return name
			}
			fits = append(fits, name)
		}
	}
	if input.Default != "" {
		return input.Default
	}
	if len(fits) == 1 {
		return fits[0]
	}
	return ""
}

// withArguments gives a call other arguments, one a line if they stood so.
func (r *request) withArguments(call *ast.Call, arguments []string) []edits.Edit {
	open := call.Func.Span().End + strings.IndexByte(r.Text(ast.Span{Start: call.Func.Span().End, End: call.End}), '(') + 1
	inner := ast.Span{Start: open, End: call.End - 1}
	text := r.Text(inner)
	if len(call.Keywords) == 0 || !strings.HasPrefix(strings.TrimLeft(text, " \t\r"), "\n") {
		return []edits.Edit{r.Edit(inner, strings.Join(arguments, ", "))}
	}
	indent, _ := r.Indent(call.Keywords[0].Start)
	last, _ := r.Indent(call.End - 1)
	return []edits.Edit{r.Edit(inner, "\n"+indent+strings.Join(arguments, ",\n"+indent)+",\n"+last)}
}

// comments are the file's.
func (r *request) comments() []ast.Span {
	comments, _ := parser.Comments(r.File.Source.Text())
	return comments
}
