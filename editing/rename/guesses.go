package rename

import (
	"bytes"
	"context"
	"slices"
	"strings"

	"github.com/flyte-lsp/flyte-lsp/editing/navigate"
	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyte-lsp/flyte-lsp/parser/ast"
	"github.com/flyte-lsp/flyte-lsp/parser/scope"
	"github.com/flyte-lsp/flyte-lsp/workspace"
)

// The groups of edits that are guesses.
const (
	confirmStrings    = "Strings that read like the name"
	confirmAttributes = "Attributes of the same name, of which the source doesn't tell whose they are"
)

// guesses are the places that may mean the thing, and that nothing tells for
// certain: full names in strings, names in getattr and the like, attributes of
// values that aren't known.
func (r *renamer) guesses(ctx context.Context) error {
	var guess func(file *workspace.File)
	interesting := []byte(r.thing.Name)
	switch {
	case r.thing.Kind == navigate.Entity && r.thing.Entity != nil:
		guess = r.guessStrings
	case r.thing.Kind == navigate.Output:
		guess, interesting = r.guessAttributes, []byte("."+r.thing.Name)
	default:
		return nil
	}
	for _, path := range r.seeing(ctx, func(text []byte) bool { return bytes.Contains(text, interesting) }) {
		if file := asFile(r.search.Snapshot, path); file != nil {
			guess(file)
		}
	}
	return ctx.Err()
}

// byName are the functions whose second argument is the name of an attribute of
// the first: Python's own, unittest.mock's patch.object, pytest's monkeypatch.
var byName = map[string]bool{"getattr": true, "hasattr": true, "setattr": true, "delattr": true, "object": true, "delitem": true, "setitem": true}

// guessStrings guesses at strings that may name an entity.
func (r *renamer) guessStrings(file *workspace.File) {
	full := r.thing.Entity.FullName
	switch r.thing.Entity.Kind {
	case model.ReferenceTask, model.ReferenceWorkflow, model.ReferenceLaunchPlan:
		full = "" // it is another one's
	}
	if !strings.HasSuffix(full, "."+r.thing.Name) {
		full = "" // it is registered under a name of its own
	}
	ast.Inspect(file.AST, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.Constant:
			rest, ok := strings.CutPrefix(n.Text, full)
			if n.Kind == ast.StringConst && full != "" && ok && (rest == "" || rest[0] == '.') && file.Source.Slice(n.Inner) == n.Text {
				end := n.Inner.Start + len(full)
				r.guess(file, parser.Span{Start: end - len(r.thing.Name), End: end}, confirmStrings)
			}
		case *ast.Call:
			if len(n.Args) < 2 || !byName[calledName(n)] {
				break
			}
			if name, ok := n.Args[1].(*ast.Constant); ok && name.Kind == ast.StringConst && name.Text == r.thing.Name && file.Source.Slice(name.Inner) == name.Text {
				r.guess(file, name.Inner, confirmStrings)
			}
		}
		return true
	})
}

// guessAttributes guesses at attributes that may be a NamedTuple's field. Those of
// imported modules and classes aren't.
func (r *renamer) guessAttributes(file *workspace.File) {
	var table *scope.Table
	ast.Inspect(file.AST, func(n ast.Node) bool {
		attribute, ok := n.(*ast.Attribute)
		if !ok || attribute.Attr != r.thing.Name {
			return true
		}
		if table == nil {
			table = scope.Of(file.AST, file.Source.Text())
		}
		if !imported(table, attribute.Value) {
			r.guess(file, attribute.AttrSpan, confirmAttributes)
		}
		return true
	})
}

// imported tells whether an expression starts with a name that an import binds.
func imported(table *scope.Table, expr ast.Expr) bool {
	for {
		switch e := expr.(type) {
		case *ast.Attribute:
			expr = e.Value
		case *ast.Name:
			v := table.Names(e)
			return v != nil && slices.ContainsFunc(v.Uses, func(u scope.Use) bool { return u.Alias != nil })
		default:
			return false
		}
	}
}

func (r *renamer) guess(file *workspace.File, span parser.Span, group string) {
	if !r.edited(file.Path, span) {
		r.result.Edits = append(r.result.Edits, Edit{Path: file.Path, Source: file.Source, Span: span, Text: r.name, Confirm: group, Guess: true})
	}
}
