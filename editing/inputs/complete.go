package inputs

import (
	"cmp"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/flyte-lsp/flyte-lsp/editing/complete"
	"github.com/flyte-lsp/flyte-lsp/parser/ast"
	"github.com/flyte-lsp/flyte-lsp/parser/pyyaml"
	"github.com/flyte-lsp/flyte-lsp/runs"
)

// Complete offers what may be typed at an offset of a document, the best first:
// the inputs that aren't given, the fields of a dataclass, and values.
func Complete(document *Document, subject *Subject, offset int) []complete.Item {
	text := document.Source.Text()
	at, ok := typing(text, min(max(offset, 0), len(text)))
	if !ok {
		return nil
	}
	c := &completer{subject: subject, at: at, text: text}
	t, _ := subject.Type.at(at.path)
	switch {
	case at.key && len(at.path) == 1:
		c.at.given = nil
		if document.Root != nil {
			// What is given elsewhere in the document may not have been read with it.
			typed := document.Source.Slice(at.word)
			c.at.given = slices.DeleteFunc(slices.Concat(keys(document.Root), document.Unread), func(key string) bool { return key == typed })
		}
		c.keys(subject.Type, true)
	case at.key:
		// A lonely word in a line of its own may also become the value itself.
		of, _ := subject.Type.at(at.path[:len(at.path)-1])
		if of == nil {
			return nil
		}
		if inside := of.only(Object); inside != nil {
			c.keys(inside, false)
		} else if len(at.given) == 1 && !at.named {
			c.values(of)
		}
	case t != nil:
		c.values(t)
	}
	return c.items
}

type completer struct {
	subject *Subject
	at      typed
	text    []byte
	items   []complete.Item
}

func (c *completer) add(item complete.Item) {
	item.Insert = ast.Span{Start: c.at.word.Start, End: max(c.at.word.Start, min(c.at.word.End, c.at.word.End))}
	item.Replace = item.Insert
	if !c.at.spaced && !c.at.key {
		// `key:` takes a value behind a space only.
		item.Text = " " + item.Text
		if item.Snippet != "" {
			item.Snippet = " " + item.Snippet
		}
		item.Filter = ""
	}
	c.items = append(c.items, item)
}

// keys offers the fields of an object that aren't given, needed ones first.
func (c *completer) keys(t *Type, document bool) {
	var needed, others []*Field
	for _, field := range t.Fields {
		switch {
		case slices.Contains(c.at.given, field.Name):
		case field.Needed:
			needed = append(needed, field)
		default:
			others = append(others, field)
		}
	}
	if len(needed) > 1 && !c.at.named && !c.at.inline {
		c.allNeeded(needed, document)
	}
	for _, field := range append(needed, others...) {
		c.key(field)
	}
}

// allNeeded offers all fields at once that have to be given.
func (c *completer) allNeeded(needed []*Field, document bool) {
	indent := strings.Repeat(" ", c.column())
	var text, snippet strings.Builder
	for i, field := range needed {
		key := quoteKey(field.Name, false) + ":"
		if i > 0 {
			text.WriteString("\n" + indent)
			snippet.WriteString("\n" + indent)
		}
		text.WriteString(key)
		fmt.Fprintf(&snippet, "%s $%d", escape(key), i+1)
	}
	what := "all needed fields"
	if document {
		what = "all required inputs"
	}
	names := make([]string, len(needed))
	for i, field := range needed {
		names[i] = field.Name
	}
	c.add(complete.Item{
		Label: what, Detail: strings.Join(names, ", "), Kind: complete.Snippet, Text: text.String(), Snippet: snippet.String(), Filter: names[0],
	})
}

// column is how far the word is indented: what stands in its line before it.
func (c *completer) column() int {
	column := 0
	for i := c.at.word.Start; i > 0 && c.text[i-1] != '\n' && c.text[i-1] != '\r'; i-- {
		column++
	}
	return column
}

func (c *completer) key(field *Field) {
	key := quoteKey(field.Name, c.at.inline)
	item := complete.Item{Label: field.Name, Detail: field.detail(), Kind: complete.Input, Text: key, Doc: explain(field)}
	if !c.at.named {
		item.Text = key + ": "
		item.Snippet = escape(key) + ":" + c.start(field.Type)
		if c.at.inline {
			item.Snippet = ""
		}
	}
	c.add(item)
}

// start is how a value begins behind its key, as a snippet.
func (c *completer) start(t *Type) string {
	indent := strings.Repeat(" ", c.column()+2)
	switch {
	case t.only(List) != nil && t.only(Str, Object, Dict, Int) == nil:
		return "\n" + indent + "- $0"
	case t.only(Object) != nil && t.only(Str, List, Dict) == nil:
		var lines strings.Builder
		for i, field := range t.only(Object).Fields {
			if field.Needed {
				lines.WriteString(fmt.Sprintf("\n%s%s: $%d", indent, escape(quoteKey(field.Name, false)), i+1))
			}
		}
		if lines.String() != "" {
			return lines.String()
		}
		return "\n" + indent + "$0"
	}
	return " $0"
}

// detail is a field's type and default on one line.
func (f *Field) detail() string {
	text := f.Type.Text
	switch {
	case f.Default != "":
		text += " = " + oneLine(f.Default)
	case f.Needed:
		text += ", required"
	}
	return text
}

// values offers values of a type.
func (c *completer) values(t *Type) {
	seen := map[string]bool{}
	offer := func(text, detail string, kind complete.Kind) {
		if !seen[text] {
			seen[text] = true
			c.add(complete.Item{Label: text, Detail: detail, Kind: kind, Text: text})
		}
	}
	_, field := c.subject.Type.at(c.at.path)
	if field != nil && field.Default != "" {
		if value, ok := runs.YAMLDefault(field.Variable); ok {
			offer(value, "the default", complete.Value)
		}
	}
	for _, one := range t.alternatives() {
		for _, value := range one.Values {
			offer(pyyaml.Quote(value), one.Text, complete.Member)
		}
		switch one.Kind {
		case Bool:
			offer("true", "bool", complete.Constant)
			offer("false", "bool", complete.Constant)
		case None:
			offer("null", "None", complete.Constant)
		case Datetime, Date:
			if len(c.at.path) == 1 { // within others there are no words for it
				offer("now", "when the run starts", complete.Value)
				offer("today", "midnight before the run starts", complete.Value)
			}
		case File, Directory:
			c.paths(one)
		case Object:
			c.object(one)
		case List:
			c.list(one)
		}
	}
}

// object and list offer the start of a value that has parts.
func (c *completer) object(t *Type) {
	var inline []string
	for _, field := range t.Fields {
		if field.Needed {
			inline = append(inline, quoteKey(field.Name, true)+": "+fmt.Sprintf("$%d", len(inline)+1))
		}
	}
	if len(inline) == 0 {
		inline = []string{"$0"}
	}
	snippet := "{" + strings.Join(inline, ", ") + "}"
	plain := "{}"
	c.add(complete.Item{Label: "{…}", Detail: t.Text, Kind: complete.Snippet, Text: plain, Snippet: snippet, Doc: t.Doc})
}

func (c *completer) list(t *Type) {
	c.add(complete.Item{Label: "[…]", Detail: t.Text, Kind: complete.Snippet, Text: "[]", Snippet: "[$0]"})
}

// maxPaths is how many entries of a folder are offered at most.
const maxPaths = 300

// paths offers what stands in the folder that the typed path names: folders first
// for a FlyteDirectory, files first else.
func (c *completer) paths(t *Type) {
	typed := string(c.text[c.at.word.Start:c.at.word.End])
	folder, _ := path.Split(typed)
	if strings.Contains(folder, "://") {
		return
	}
	from := filepath.FromSlash(folder)
	if !filepath.IsAbs(from) {
		from = filepath.Join(c.subject.Folder, from)
	}
	entries, err := os.ReadDir(from)
	if err != nil {
		return // there is nothing to offer
	}
	entries = slices.DeleteFunc(entries, func(entry os.DirEntry) bool {
		return strings.HasPrefix(entry.Name(), ".") || t.Kind == Directory && !entry.IsDir()
	})
	slices.SortStableFunc(entries, func(a, b os.DirEntry) int { return cmp.Compare(rank(a), rank(b)) })
	for _, entry := range entries[:min(len(entries), maxPaths)] {
		text, detail := folder+entry.Name(), "file"
		if entry.IsDir() {
			text, detail = text+"/", "folder"
		}
		c.add(complete.Item{Label: text, Detail: detail, Kind: complete.Value, Text: pyyaml.Quote(text)})
	}
}

// rank puts files before folders.
func rank(entry os.DirEntry) int {
	if entry.IsDir() {
		return 1
	}
	return 0
}

// escape is a text within a snippet.
func escape(text string) string {
	return strings.NewReplacer(`\`, `\\`, `$`, `\$`, `}`, `\}`).Replace(text)
}
