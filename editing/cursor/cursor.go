// Package cursor tells what stands at an offset of a Python workflow file: the
// syntax around it, the values of expressions and names there, and the call that
// an argument is being typed for.
package cursor

import (
	"bytes"
	"context"
	"maps"
	"slices"
	"sort"
	"unicode"
	"unicode/utf8"

	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyte-lsp/flyte-lsp/parser/ast"
	"github.com/flyte-lsp/flyte-lsp/pyeval"
	"github.com/flyte-lsp/flyte-lsp/workspace"
)

// Marker is the word that stands at the cursor of a text that is being typed. It
// is an identifier, so that what is half typed is whole.
const Marker = "flyte_lsp_cursor"

// Cursor is what stands at an offset.
type Cursor struct {
	// Snapshot is the one that was asked, or, if something is being typed, the one
	// in which the Marker stands at the cursor. File and Module are of it.
	Snapshot *workspace.Snapshot
	File     *workspace.File
	Module   *model.Module
	Offset   int
	// Nodes are the statements and expressions around the offset, the outermost
	// first.
	Nodes []ast.Node

	typed  int // the length of what is put at the cursor
	values map[ast.Expr]pyeval.Value
	names  map[string]pyeval.Value
}

// At is the cursor at an offset of a file as it is. It is nil where there is
// nothing to say: in a comment, outside the text, in a file that isn't Python's.
// Errors are as Snapshot.File has them.
func At(ctx context.Context, snapshot *workspace.Snapshot, path string, offset int) (*Cursor, error) {
	file, err := snapshot.File(path)
	if err != nil || file.AST == nil || offset < 0 || offset > len(file.Source.Text()) {
		return nil, err
	}
	if inComment(file.Source.Text(), offset) {
		return nil, nil
	}
	return find(ctx, snapshot, path, offset, 0)
}

// Typing is the cursor where something is being typed, with the Marker put there:
// the word that the cursor stands in or behind has it in it. It is nil as At's is.
func Typing(ctx context.Context, snapshot *workspace.Snapshot, path string, offset int) (*Cursor, error) {
	file, err := snapshot.File(path)
	if err != nil || file.AST == nil || offset < 0 || offset > len(file.Source.Text()) {
		return nil, err
	}
	text := file.Source.Text()
	if inComment(text, offset) {
		return nil, nil
	}
	typed := Marker
	if beforeItem(text, offset) {
		typed += ","
	}
	marked := make([]byte, 0, len(text)+len(typed))
	marked = append(append(append(marked, text[:offset]...), typed...), text[offset:]...)
	return find(ctx, snapshot.With(path, marked), path, offset, len(typed))
}

// beforeItem tells whether the cursor stands where an item of a list of arguments
// is being put before another one, without the comma between them.
func beforeItem(text []byte, offset int) bool {
	before, after := bytes.TrimRight(text[:offset], " \t"), bytes.TrimLeft(text[offset:], " \t")
	if len(before) == 0 || before[len(before)-1] != ',' && before[len(before)-1] != '(' || len(after) == len(text)-offset {
		return false
	}
	word := after
	for r, size := utf8.DecodeRune(word); inIdentifier(r); r, size = utf8.DecodeRune(word) {
		word = word[size:]
	}
	word = after[:len(after)-len(word)]
	return len(word) > 0 && !slices.Contains(operators, string(word))
}

// operators are the words that go on with an expression.
var operators = []string{"and", "as", "else", "for", "if", "in", "is", "not", "or"}

func find(ctx context.Context, snapshot *workspace.Snapshot, path string, offset, typed int) (*Cursor, error) {
	file, err := snapshot.File(path)
	if err != nil {
		return nil, err
	}
	module, err := snapshot.Module(ctx, path)
	if err != nil {
		return nil, err
	}
	c := &Cursor{Snapshot: snapshot, File: file, Module: module, Offset: offset, typed: typed}
	ast.Inspect(file.AST, func(n ast.Node) bool {
		if !n.Span().Contains(offset) {
			return false
		}
		// Of two that meet at the offset the second counts: it begins there.
		for len(c.Nodes) > 0 && !covers(c.Nodes[len(c.Nodes)-1].Span(), n.Span()) {
			c.Nodes = c.Nodes[:len(c.Nodes)-1]
		}
		c.Nodes = append(c.Nodes, n)
		return true
	})
	return c, nil
}

func covers(outer, inner ast.Span) bool { return outer.Start <= inner.Start && inner.End <= outer.End }

// inComment tells whether an offset lies in a comment, behind its "#".
func inComment(text []byte, offset int) bool {
	comments, _ := parser.Comments(text)
	i := sort.Search(len(comments), func(i int) bool { return comments[i].End >= offset })
	return i < len(comments) && comments[i].Start < offset
}

// Node is the innermost node around the cursor, nil if there is none.
func (c *Cursor) Node() ast.Node { return c.Outer(0) }

// Outer is the node that stands so many steps around the innermost one, nil if
// there is none.
func (c *Cursor) Outer(steps int) ast.Node {
	if i := len(c.Nodes) - 1 - steps; i >= 0 {
		return c.Nodes[i]
	}
	return nil
}

// Function is the innermost def in whose body the cursor stands; nil if there is
// none.
func (c *Cursor) Function() *ast.FunctionDef {
	for i := len(c.Nodes) - 1; i >= 0; i-- {
		def, ok := c.Nodes[i].(*ast.FunctionDef)
		if !ok {
			continue
		}
		if body := def.Body(); len(body) > 0 && body[0].Span().Start <= c.Offset {
			return def
		}
	}
	return nil
}

// Value is what an expression of the file stands for; nil where the code isn't
// evaluated: in the methods of classes, behind a return.
func (c *Cursor) Value(expr ast.Expr) pyeval.Value {
	c.evaluate()
	value := c.values[expr]
	if value == nil {
		return nil
	}
	return c.Module.Resolve(value)
}

// Names are the names that can be used at the cursor, with what they stand for
// there, those of builtins aside; nil where the code isn't evaluated.
func (c *Cursor) Names() map[string]pyeval.Value {
	c.evaluate()
	return c.names
}

// evaluate evaluates the code around the cursor.
func (c *Cursor) evaluate() {
	if c.values != nil {
		return
	}
	c.values = map[ast.Expr]pyeval.Value{}
	c.Module.Watch(c.Offset, func(f *pyeval.Frame, at ast.Expr, value pyeval.Value) {
		c.values[at] = value
		if f.Module().Path != c.File.Path || !at.Span().Contains(c.Offset) || c.names != nil {
			return
		}
		c.names = maps.Collect(f.Names())
	})
}

// Word is the span of the identifier at the cursor, empty if there is none, in the
// text without the Marker.
func (c *Cursor) Word() ast.Span {
	text := c.File.Source.Text()
	before, after := text[:c.Offset], text[c.Offset:]
	after = after[c.typed:]
	word := ast.Span{Start: c.Offset, End: c.Offset}
	for word.Start > 0 {
		r, size := utf8.DecodeLastRune(before[:word.Start])
		if !inIdentifier(r) {
			break
		}
		word.Start -= size
	}
	for len(after) > 0 {
		r, size := utf8.DecodeRune(after)
		if !inIdentifier(r) {
			break
		}
		word.End, after = word.End+size, after[size:]
	}
	return word
}

// Prefix is the part of the Word that stands before the cursor.
func (c *Cursor) Prefix() string {
	return string(c.File.Source.Text()[c.Word().Start:c.Offset])
}

func inIdentifier(r rune) bool {
	return r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.Mn, r)
}

// Unmarked is a span of the text with the Marker in the text without it.
func (c *Cursor) Unmarked(span ast.Span) ast.Span {
	without := func(offset int) int {
		if offset <= c.Offset {
			return offset
		}
		return max(c.Offset, offset-c.typed)
	}
	return ast.Span{Start: without(span.Start), End: without(span.End)}
}
