package inputs

import (
	"fmt"
	"strings"

	"github.com/flyte-lsp/flyte-lsp/literal"
	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyte-lsp/flyte-lsp/parser/pyyaml"
)

// Hover explains the input, or the field of a dataclass, whose key or value stands
// at an offset, as Markdown with its span. It is "" where there is none.
func Hover(document *Document, subject *Subject, offset int) (string, parser.Span) {
	field, node := fieldAt(document, subject, offset)
	if field == nil {
		return "", parser.Span{}
	}
	return explain(field), node.Span
}

// fieldAt is the field whose key or value stands at an offset.
func fieldAt(document *Document, subject *Subject, offset int) (*Field, *pyyaml.Node) {
	if document.Root == nil {
		return nil, nil
	}
	at, ok := find(document.Root, nil, func(n *pyyaml.Node) bool { return n.Span.Start <= offset && offset < n.Span.End })
	if !ok {
		return nil, nil
	}
	_, field := subject.Type.at(at.path)
	return field, at.node
}

// explain is what there is to say of an input or a field.
func explain(field *Field) string {
	var text strings.Builder
	declared := field.Name
	if field.Type.Text != "" {
		declared += ": " + field.Type.Text
	}
	if field.Default != "" {
		declared += " = " + field.Default
	}
	fmt.Fprintf(&text, "```python\n%s\n```\n", declared)
	if flyte := field.Type.Literal; flyte != nil {
		if seen := literal.TypeText(flyte); seen != oneLine(field.Type.Text) {
			fmt.Fprintf(&text, "\nFlyte's type: `%s`\n", seen)
		}
	}
	if field.Needed {
		text.WriteString("\nA value is required.\n")
	}
	for _, one := range field.Type.alternatives() {
		if len(one.Values) > 0 {
			fmt.Fprintf(&text, "\nValues: %s\n", one.choices())
		}
		if one.Kind == Object {
			var fields []string
			for _, part := range one.Fields {
				fields = append(fields, "- `"+part.Name+"`: "+part.detail())
			}
			fmt.Fprintf(&text, "\nFields of %s:\n\n%s\n", one.Text, strings.Join(fields, "\n"))
		}
	}
	if field.Doc != "" {
		text.WriteString("\n" + field.Doc + "\n")
	}
	return text.String()
}

// Location is a place in a file.
type Location struct {
	Path string
	// Span is the place, as byte offsets; empty for the file as a whole.
	Span parser.Span
}

// Definition is where the input or the field is defined whose key or value stands at
// an offset of a document, or the entity or the file that the header names there.
func Definition(document *Document, subject *Subject, offset int) (from parser.Span, to Location, ok bool) {
	switch header := document.Header; {
	case header.Entity != "" && touches(header.EntitySpan, offset):
		return header.EntitySpan, Location{Path: subject.Entity.Path, Span: subject.Entity.NameSpan}, true
	case header.Entity != "" && touches(header.FileSpan, offset):
		return header.FileSpan, Location{Path: subject.File.Path}, true
	}
	field, node := fieldAt(document, subject, offset)
	if field == nil {
		return parser.Span{}, Location{}, false
	}
	path, span := field.Path, field.NameSpan
	if span == (parser.Span{}) {
		// Of a launch plan the inputs are its workflow's.
		path, span = subject.Entity.Path, subject.Entity.NameSpan
		if of := subject.Entity.Of; of != nil {
			if input := of.Input(field.Name); input != nil && input.NameSpan != (parser.Span{}) {
				path, span = of.Path, input.NameSpan
			}
		}
	}
	return node.Span, Location{Path: path, Span: span}, true
}

func touches(span parser.Span, offset int) bool { return span.Start <= offset && offset <= span.End }
