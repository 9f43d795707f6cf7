package graph

import (
	"cmp"
	"math/big"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/flyte-lsp/flyte-lsp/literal"
	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyte-lsp/flyte-lsp/parser/ast"
	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

// entity is an entity with the place where it is defined.
func (b *builder) entity(e *model.Entity) *Entity {
	found := &Entity{Name: entityName(e), Kind: e.Kind}
	for e.Span == (ast.Span{}) && e.Of != nil { // a map task that stands in a call
		e = e.Of
	}
	found.Place = b.in(e.Path, parser.Span(e.Span))
	if found.Range != nil {
		definition := b.in(e.Path, parser.Span{Start: e.Definition, End: e.Definition})
		found.Line = definition.Line
	}
	return found
}

// entityName is how a person calls an entity.
func entityName(e *model.Entity) string {
	if e.Name != "" {
		return e.Name
	}
	if e.Of != nil {
		return entityName(e.Of)
	}
	return cmp.Or(e.OfName, e.FullName[strings.LastIndex(e.FullName, ".")+1:], string(e.Kind))
}

// nodeName is that of a node: what with_overrides makes of it, else its entity's.
func nodeName(node *model.Node) string {
	for _, override := range node.Overrides {
		if override.Name == "name" && node.Name != "" {
			return node.Name
		}
	}
	if node.Entity != nil {
		return entityName(node.Entity)
	}
	return cmp.Or(node.Name, string(node.Kind))
}

func (b *builder) place(module *pyeval.Module, span ast.Span) Place {
	if module == nil || span == (ast.Span{}) {
		return Place{}
	}
	return b.in(module.Path, parser.Span(span))
}

// in is a place in the file at a path.
func (b *builder) in(path string, span parser.Span) Place {
	file, err := b.snapshot.File(path)
	if err != nil {
		return Place{}
	}
	start, end := b.options.Encoding.Position(file.Source, span.Start), b.options.Encoding.Position(file.Source, span.End)
	place := Place{File: path}
	if cell, ok := file.Cells.At(start.Line); ok {
		place.Cell = cell.Number
		start.Line, end.Line = start.Line-cell.Line, end.Line-cell.Line
	}
	place.Line, place.Range = start.Line+1, &Range{Start: Position(start), End: Position(end)}
	return place
}

// text is what is written in a span of a module, in one line; "" where that
// isn't known.
func (b *builder) text(module *pyeval.Module, span ast.Span) string {
	if module == nil || span == (ast.Span{}) {
		return ""
	}
	file, err := b.snapshot.File(module.Path)
	if err != nil {
		return ""
	}
	return oneLine(file.Source.Slice(parser.Span(span)))
}

func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

// value is an input or an output with its type.
func (b *builder) value(module *model.Module, v *model.Variable) Value {
	value := Value{Name: v.Name, Type: oneLine(v.Type)}
	if value.Type == "" {
		if flyte, err := module.LiteralType(v); err == nil {
			value.Type = literal.TypeText(flyte)
		}
	}
	return value
}

// pathText writes the attributes and indices that are taken of a promise.
func pathText(path []pyeval.Value) string {
	var text strings.Builder
	for _, step := range path {
		switch step := step.(type) {
		case pyeval.Str:
			if identifier(string(step)) {
				text.WriteString("." + string(step))
			} else {
				text.WriteString("[" + strconv.Quote(string(step)) + "]")
			}
		case pyeval.Int:
			text.WriteString("[" + step.String() + "]")
		default:
			text.WriteString("[…]")
		}
	}
	return text.String()
}

func identifier(s string) bool {
	for i, r := range s {
		if r != '_' && !unicode.IsLetter(r) && (i == 0 || !unicode.IsDigit(r)) {
			return false
		}
	}
	return s != ""
}

// gateText says what a gate waits for, and how long.
func gateText(gate *model.Gate) string {
	switch gate.Waits {
	case "sleep":
		return lasting("sleeps", gate.Duration)
	case "approve":
		return lasting("waits for an approval", gate.Timeout)
	}
	return lasting("waits for an input", gate.Timeout)
}

func lasting(what string, duration pyeval.Value) string {
	length, known := pyeval.Timedelta(duration)
	if !known {
		return what
	}
	nanoseconds := new(big.Int).Mul(length, big.NewInt(int64(time.Microsecond)))
	if !nanoseconds.IsInt64() {
		return what
	}
	text := time.Duration(nanoseconds.Int64()).String()
	for _, nothing := range []string{"m0s", "h0m"} {
		if strings.HasSuffix(text, nothing) {
			text = text[:len(text)-2]
		}
	}
	return what + " " + text
}
