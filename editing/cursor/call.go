package cursor

import (
	"slices"
	"strings"

	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/parser/ast"
	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

// Call is a call among whose arguments the cursor stands.
type Call struct {
	*ast.Call
	// Callee is what is called; nil where the code isn't evaluated.
	Callee pyeval.Value
	// Argument counts the arguments before the one that the cursor is in.
	Argument int
	// Keyword is the name of that argument without the Marker, "" of a positional one.
	Keyword string
	// InKeyword: the cursor stands in the name before the "=".
	InKeyword bool
	// Value is the argument's expression; nil where there is none yet.
	Value ast.Expr
}

// Call is the innermost call among whose arguments the cursor stands, at any
// depth within one of them if no function, lambda or comprehension lies between;
// nil if there is none.
func (c *Cursor) Call() *Call {
	for i := len(c.Nodes) - 1; i >= 0; i-- {
		switch n := c.Nodes[i].(type) {
		case *ast.Lambda, *ast.Comprehension, ast.Stmt:
			return nil
		case *ast.Call:
			if c.among(n) {
				return c.call(n)
			}
		}
	}
	return nil
}

// among tells whether the cursor stands between the parentheses of a call.
func (c *Cursor) among(call *ast.Call) bool {
	open := call.Func.Span().End
	text := c.File.Source.Text()
	for open < len(text) && text[open] != '(' {
		open++
	}
	if c.Offset <= open {
		return false
	}
	closed := call.End > 0 && call.End <= len(text) && text[call.End-1] == ')'
	return c.Offset < call.End || c.Offset == call.End && !closed
}

func (c *Cursor) call(n *ast.Call) *Call {
	found := &Call{Call: n, Callee: c.Value(n.Func)}
	for _, arg := range n.Args {
		switch span := arg.Span(); {
		case span.Contains(c.Offset):
			found.Value = arg
		case span.End < c.Offset:
			found.Argument++
		}
	}
	for i := range n.Keywords {
		keyword := &n.Keywords[i]
		switch span := keyword.Range.Span(); {
		case span.Contains(c.Offset):
			found.Keyword, found.Value = strings.Replace(keyword.Arg, Marker, "", 1), keyword.Value
			found.InKeyword = keyword.Arg != "" && keyword.ArgSpan.Contains(c.Offset)
		case span.End < c.Offset:
			found.Argument++
		}
	}
	return found
}

// Given tells whether the call gives an argument of that name, by its keyword,
// elsewhere than at the cursor.
func (call *Call) Given(name string) bool {
	return slices.ContainsFunc(call.Keywords, func(k ast.Keyword) bool {
		return k.Arg == name && !(call.InKeyword && call.Keyword == name)
	})
}

// Entity is the entity that is called; nil if it is none.
func (call *Call) Entity() *model.Entity {
	if e, ok := model.EntityOf(call.Callee); ok {
		return e
	}
	return nil
}

// Takes is the entity whose inputs a call's arguments are for: the one that is
// called, or that functools.partial is given first; others counts the positional
// arguments that are for none of them. Nil if there is no such entity.
func (c *Cursor) Takes(call *Call) (entity *model.Entity, others int) {
	if entity := call.Entity(); entity != nil {
		return entity, 0
	}
	native, ok := call.Callee.(*pyeval.Native)
	if !ok || native.Name != "functools.partial" || len(call.Args) == 0 || call.Args[0].Span().Contains(c.Offset) {
		return nil, 0
	}
	entity, _ = model.EntityOf(c.Value(call.Args[0]))
	return entity, 1
}

// Input is the input of an entity that the call takes which the argument at the
// cursor is for, with others as Takes has it; nil if there is none, or if it isn't
// known.
func (call *Call) Input(entity *model.Entity, others int) *model.Variable {
	if call.Keyword != "" {
		return entity.Input(call.Keyword)
	}
	if i := call.Argument - others; i >= 0 && i < len(entity.Inputs) && entity.InputsUnknown == "" {
		return entity.Inputs[i]
	}
	return nil
}
