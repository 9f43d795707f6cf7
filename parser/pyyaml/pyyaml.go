// Package pyyaml reads YAML as PyYAML's safe_load does, which `pyflyte run
// --inputs-file` uses, and tells where everything stands. PyYAML speaks YAML
// 1.1: `yes` is True, `010` is 8, `1:24` is 84 and `1e3` is a text.
package pyyaml

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"

	"github.com/flyte-lsp/flyte-lsp/parser"
)

// Kind says what Python object a node is.
type Kind int

// The kinds of nodes. Other is what safe_load has no simple object for: a tag of
// the user's, a set, bytes.
const (
	Null Kind = iota
	Bool
	Int
	Float
	Text
	Time
	List
	Map
	Other
)

// Node is a value of a document.
type Node struct {
	Kind Kind
	// Span is where it is written, quotes and brackets among it; empty, at the
	// place where a value would stand, of one that is left out. Of an alias it is
	// the alias.
	Span parser.Span
	// Plain: a text, or what could be taken for another kind, without quotes.
	Plain bool
	// Text is what a scalar says, without quotes.
	Text string
	// Scalar is a scalar as Python has it: nil, a bool, an int64 or *big.Int, a
	// float64, a string. A Time is a string, in RFC 3339 where it has a clock.
	Scalar any
	// Items are a list's, Entries a map's in the order of the text.
	Items   []*Node
	Entries []Entry
}

// Entry is a key of a map and its value. PyYAML takes the last of those with the
// same key.
type Entry struct{ Key, Value *Node }

// Get is the value of a key, nil if the node has none.
func (n *Node) Get(key string) *Node {
	for i := len(n.Entries) - 1; i >= 0; i-- {
		if n.Entries[i].Key.Text == key {
			return n.Entries[i].Value
		}
	}
	return nil
}

// Repeated are the entries of the maps in a node whose key has stood in the map
// before.
func (n *Node) Repeated() []Entry {
	var repeated []Entry
	seen := map[string]bool{}
	for _, entry := range n.Entries {
		if seen[entry.Key.Text] {
			repeated = append(repeated, entry)
		}
		seen[entry.Key.Text] = true
		repeated = append(repeated, entry.Value.Repeated()...)
	}
	for _, item := range n.Items {
		repeated = append(repeated, item.Repeated()...)
	}
	return repeated
}

// Value is the node as encoding/json writes it. The keys of maps are as Python's
// json.dumps has them.
func (n *Node) Value() any {
	switch n.Kind {
	case List:
		values := make([]any, len(n.Items))
		for i, item := range n.Items {
			values[i] = item.Value()
		}
		return values
	case Map:
		values := make(map[string]any, len(n.Entries))
		for _, entry := range n.Entries {
			values[entry.Key.Text] = entry.Value.Value()
		}
		return values
	}
	return n.Scalar
}

// Parse reads the document that a text is; nil if it is empty. The error is an
// *Error.
func Parse(source *parser.Source) (*Node, error) {
	loader, err := yaml.NewLoader(bytes.NewReader(source.Text()))
	if err != nil {
		return nil, errorOf(source, err)
	}
	var document, second yaml.Node
	if err := loader.Load(&document); errors.Is(err, io.EOF) {
		return nil, nil
	} else if err != nil {
		return nil, errorOf(source, err)
	}
	if err := loader.Load(&second); err == nil {
		return nil, errorAt(source, second.Line, "a second document starts here")
	} else if !errors.Is(err, io.EOF) {
		return nil, errorOf(source, err)
	}
	if len(document.Content) == 0 {
		return nil, nil
	}
	r := &reader{source: source, reading: map[*yaml.Node]bool{}}
	root := r.node(document.Content[0])
	if r.err != nil {
		return nil, r.err
	}
	return root, nil
}

// Error is that a text is no YAML.
type Error struct {
	// Span is the rest of the line in which the mistake is, Line its number from 1.
	Span    parser.Span
	Line    int
	Message string
}

func (e *Error) Error() string { return fmt.Sprintf("yaml: line %d: %s", e.Line, e.Message) }

// errorAt is a mistake in a line, from 1.
func errorAt(source *parser.Source, line int, message string) *Error {
	return &Error{Span: lineFrom(source, source.Offset(parser.Position{Line: line - 1})), Line: line, Message: message}
}

// errorOf is an error of the library.
func errorOf(source *parser.Source, err error) error {
	var at *yaml.LoadError
	if !errors.As(err, &at) {
		return errorAt(source, 1, err.Error())
	}
	line, message := max(at.Mark.Line, 1), at.Message
	if at.ContextMsg != "" {
		message = at.ContextMsg + ", " + message
	}
	if at.ContextMark.Line > 0 && at.Mark.Column == 1 {
		line = at.ContextMark.Line // the end of what is unfinished says less than its start
	}
	return errorAt(source, line, message)
}

// lineFrom reaches from the first letter at or behind an offset to the end of its
// line.
func lineFrom(source *parser.Source, start int) parser.Span {
	text := source.Text()
	end := start
	for end < len(text) && text[end] != '\n' && text[end] != '\r' {
		end++
	}
	for start < end && (text[start] == ' ' || text[start] == '\t') {
		start++
	}
	return parser.Span{Start: start, End: end}
}

type reader struct {
	source *parser.Source
	// reading are the nodes with anchors that are being read: an alias in itself
	// has no value that JSON could write.
	reading map[*yaml.Node]bool
	// aliased counts the nodes that aliases repeat.
	aliased int
	err     *Error
}

// maxAliased keeps a small text from becoming a huge value.
const maxAliased = 100_000

func (r *reader) node(n *yaml.Node) *Node {
	switch n.Kind {
	case yaml.AliasNode:
		span := r.span(n)
		span.End = min(span.Start+1+len(n.Value), len(r.source.Text()))
		if r.reading[n.Alias] {
			r.fail(n, "the alias *"+n.Value+" stands in what it repeats")
			return &Node{Kind: Other, Span: span}
		}
		made := r.node(n.Alias)
		if r.aliased += made.size(); r.aliased > maxAliased {
			r.fail(n, "the aliases of the document repeat too much")
			return &Node{Kind: Other, Span: span}
		}
		made.moved(span)
		return made
	case yaml.SequenceNode, yaml.MappingNode:
		r.reading[n] = true
		defer delete(r.reading, n)
		return r.collection(n)
	}
	return r.scalar(n)
}

func (r *reader) fail(n *yaml.Node, message string) {
	if r.err == nil {
		r.err = errorAt(r.source, n.Line, message)
	}
}

func (r *reader) collection(n *yaml.Node) *Node {
	made := &Node{Kind: List, Span: r.span(n)}
	end := made.Span.Start
	if n.Kind == yaml.SequenceNode {
		for _, item := range n.Content {
			made.Items = append(made.Items, r.node(item))
			end = made.Items[len(made.Items)-1].Span.End
		}
	} else {
		made.Kind = Map
		for i := 0; i+1 < len(n.Content); i += 2 {
			key, value := n.Content[i], n.Content[i+1]
			if key.Tag == "!!merge" && key.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle) == 0 {
				merged := r.node(value)
				made.merge(merged)
				end = merged.Span.End
				continue
			}
			entry := Entry{Key: r.node(key), Value: r.node(value)}
			if entry.Value.Kind == Null && entry.Value.Text == "" && len(entry.Value.Items) == 0 {
				// Of a value that is left out the library has no place.
				entry.Value.Span = r.empty(entry.Key.Span.End)
			}
			entry.Key.Text = entry.Key.jsonKey()
			made.Entries = append(made.Entries, entry)
			end = max(entry.Key.Span.End, entry.Value.Span.End)
		}
	}
	if tag := n.ShortTag(); tag != "!!map" && tag != "!!seq" {
		made.Kind = Other
	}
	if n.Style&yaml.FlowStyle != 0 {
		end = r.closing(end)
	}
	made.Span.End = max(end, made.Span.Start)
	return made
}

// merge takes over the entries of `<<`, which those of the map itself win over.
func (n *Node) merge(from *Node) {
	for _, item := range from.Items {
		n.merge(item)
	}
	for _, entry := range from.Entries {
		if n.Get(entry.Key.Text) == nil {
			n.Entries = append([]Entry{entry}, n.Entries...)
		}
	}
}

// jsonKey is a key as Python's json.dumps writes it.
func (n *Node) jsonKey() string {
	switch n.Kind {
	case Null:
		return "null"
	case Bool:
		return map[bool]string{true: "true", false: "false"}[n.Scalar == true]
	case Int, Float:
		return fmt.Sprint(n.Scalar)
	}
	return n.Text
}

func (n *Node) size() int {
	size := 1
	for _, item := range n.Items {
		size += item.size()
	}
	for _, entry := range n.Entries {
		size += entry.Value.size()
	}
	return size
}

// moved puts a node and all in it at one place.
func (n *Node) moved(to parser.Span) {
	n.Span = to
	for _, item := range n.Items {
		item.moved(to)
	}
	for _, entry := range n.Entries {
		entry.Key.moved(to)
		entry.Value.moved(to)
	}
}

// span is where a node starts, as a span without length. The library counts lines
// and characters from 1.
func (r *reader) span(n *yaml.Node) parser.Span {
	text := r.source.Text()
	start := r.source.Offset(parser.Position{Line: n.Line - 1})
	for i := 1; i < n.Column && start < len(text); i++ {
		_, size := utf8.DecodeRune(text[start:])
		start += size
	}
	return parser.Span{Start: start, End: start}
}

// empty is the place of a value that is left out: behind the colon.
func (r *reader) empty(from int) parser.Span {
	text := r.source.Text()
	for i := from; i < len(text) && text[i] != '\n' && text[i] != '\r'; i++ {
		if text[i] == ':' {
			return parser.Span{Start: i + 1, End: i + 1}
		}
	}
	return parser.Span{Start: from, End: from}
}

// closing is the end of a list or map in brackets, whose last part ends at from.
func (r *reader) closing(from int) int {
	text := r.source.Text()
	for i := from; i < len(text); i++ {
		switch text[i] {
		case ']', '}':
			return i + 1
		case '#':
			for i < len(text) && text[i] != '\n' {
				i++
			}
		}
	}
	return len(text)
}

// written is the span of a scalar that starts at an offset.
func (r *reader) written(n *yaml.Node, start int) parser.Span {
	text := r.source.Text()
	rest := string(text[start:])
	switch {
	case n.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle) != 0:
		return parser.Span{Start: start, End: start + quoted(rest)}
	case n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) == 0 && strings.HasPrefix(rest, n.Value):
		return parser.Span{Start: start, End: start + len(n.Value)}
	}
	return lineFrom(r.source, start)
}

// quoted is how long a quoted scalar is at the start of a text; a tag or an anchor
// may stand before it.
func quoted(text string) int {
	open := strings.IndexAny(text, `"'`)
	if open < 0 {
		return 0
	}
	quote := text[open]
	for i := open + 1; i < len(text); i++ {
		switch {
		case text[i] == '\\' && quote == '"':
			i++
		case text[i] == quote && quote == '\'' && i+1 < len(text) && text[i+1] == quote:
			i++
		case text[i] == quote:
			return i + 1
		}
	}
	return len(text)
}
