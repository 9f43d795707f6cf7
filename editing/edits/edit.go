package edits

import (
	"bytes"
	"strings"

	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyte-lsp/flyte-lsp/workspace"
)

// Edit replaces a span of a file.
type Edit struct {
	File *workspace.File
	Span parser.Span
	Text string
}

// Meets tells whether two edits of a file touch each other.
func (e Edit) Meets(other Edit) bool {
	return e.Span.Start <= other.Span.End && other.Span.Start <= e.Span.End
}

// Replacement is the edit's text with the line ends of its file. Its text may
// have them already, where it is taken from there.
func (e Edit) Replacement() string {
	text := strings.ReplaceAll(e.Text, "\r\n", "\n")
	return strings.ReplaceAll(text, "\n", lineEnd(e.File.Source.Text()))
}

// lineEnd is how the lines of a text end.
func lineEnd(text []byte) string {
	i := bytes.IndexAny(text, "\r\n")
	switch {
	case i < 0 || text[i] == '\n':
		return "\n"
	case i+1 < len(text) && text[i+1] == '\n':
		return "\r\n"
	}
	return "\r"
}

// Maker makes edits of a Python file.
type Maker struct {
	File   *workspace.File
	Module *model.Module
}

// Edit replaces a span of the file.
func (m *Maker) Edit(span parser.Span, text string) Edit {
	return Edit{File: m.File, Span: span, Text: text}
}

// Insert inserts a text at an offset of the file.
func (m *Maker) Insert(offset int, text string) Edit {
	return m.Edit(parser.Span{Start: offset, End: offset}, text)
}

// Text is the source of a span of the file.
func (m *Maker) Text(span parser.Span) string { return m.File.Source.Slice(span) }
