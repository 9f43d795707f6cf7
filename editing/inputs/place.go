package inputs

import (
	"bytes"
	"slices"
	"strconv"

	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyte-lsp/flyte-lsp/parser/pyyaml"
)

// step is a way from a node to one of its parts: a key, or an item of a list.
type step struct {
	key  string
	item bool
}

// found is a part of a document.
type found struct {
	// path leads to the map or list that the part stands in, and for a value with a
	// key on to the value.
	path []step
	// key: it is the key of the last step.
	key  bool
	node *pyyaml.Node
	// given are the keys of the map that it stands in.
	given []string
}

// find is the innermost part of which holds says that it is the one.
func find(n *pyyaml.Node, path []step, holds func(*pyyaml.Node) bool) (found, bool) {
	for _, entry := range n.Entries {
		here := append(slices.Clone(path), step{key: entry.Key.Text})
		if holds(entry.Key) {
			return found{path: here, key: true, node: entry.Key, given: keys(n)}, true
		}
		if at, ok := find(entry.Value, here, holds); ok {
			return at, true
		}
		if holds(entry.Value) {
			return found{path: here, node: entry.Value, given: keys(n)}, true
		}
	}
	for _, item := range n.Items {
		here := append(slices.Clone(path), step{item: true})
		if at, ok := find(item, here, holds); ok {
			return at, true
		}
		if holds(item) {
			return found{path: here, node: item}, true
		}
	}
	return found{}, false
}

func keys(n *pyyaml.Node) []string {
	var all []string
	for _, entry := range n.Entries {
		all = append(all, entry.Key.Text)
	}
	return all
}

// at is the type that a path leads to, and the field that its last key names, nil
// if it names none. The type is nil where there can't be one.
func (t *Type) at(path []step) (of *Type, field *Field) {
	for _, step := range path {
		if t == nil {
			return nil, nil
		}
		field = nil
		switch inside := t.only(List); {
		case step.item && inside != nil:
			t = inside.Of
		case step.item:
			return nil, nil
		default:
			inside = t.only(Object, Dict)
			if inside == nil {
				return nil, nil
			}
			if inside.Kind == Dict {
				t = inside.Of
				continue
			}
			if field = inside.Field(step.key); field == nil {
				return nil, nil
			}
			t = field.Type
		}
	}
	return t, field
}

// marker is the word that stands where something is being typed.
const marker = "flyte_lsp_cursor"

// typed is what is being typed at an offset.
type typed struct {
	found
	// word is the span of the word around the offset.
	word parser.Span
	// bare: nothing but the word, and dashes of lists, stands in the line before it.
	bare bool
	// named: a colon stands behind the word. spaced: a space stands before it.
	named, spaced bool
	// inline: it stands in brackets or braces.
	inline bool
}

// typing finds what is being typed at an offset of a document, whether the rest of
// the text can be read or not; false in comments and where it can't be told.
func typing(text []byte, offset int) (typed, bool) {
	source := parser.NewSource(text)
	start := source.LineStart(offset)
	before := text[start:offset]
	if comment := bytes.TrimLeft(before, " \t"); bytes.HasPrefix(comment, []byte("#")) || bytes.Contains(before, []byte(" #")) {
		return typed{}, false
	}
	at := typed{word: wordAt(text, offset)}
	head := text[start:at.word.Start]
	rest := bytes.TrimLeft(text[at.word.End:], `"'`)
	at.named = bytes.HasPrefix(rest, []byte(":")) && (len(rest) == 1 || bytes.ContainsAny(rest[1:2], " \t\r\n"))
	at.bare = len(bytes.Trim(head, " \t-")) == 0
	at.spaced = len(head) == 0 || bytes.ContainsAny(head[len(head)-1:], " \t[{,\"'")
	block := blockAt(text, start)
	for _, end := range []int{block.End, lineEnd(text, at.word.End)} {
		for _, form := range at.forms(rest) {
			made := slices.Concat(only(text[:at.word.Start], parser.Span{Start: block.Start, End: at.word.Start}), []byte(form), text[at.word.End:max(end, at.word.End)])
			for _, closed := range [][]byte{made, append(made, closers(made)...)} {
				root, err := pyyaml.Parse(parser.NewSource(closed))
				if err != nil || root == nil {
					continue
				}
				if root.Kind != pyyaml.Map {
					continue
				}
				if here, ok := find(root, nil, func(n *pyyaml.Node) bool { return n.Text == marker }); ok {
					at.found, at.inline = here, len(closers(made[:at.word.Start])) > 0
					return at, true
				}
			}
		}
	}
	return typed{}, false
}

// forms are what the marker may stand for: a value, or a key without one.
func (at *typed) forms(rest []byte) []string {
	space := ""
	if !at.spaced {
		space = " " // `key:` has no value as long as none follows
	}
	switch {
	case at.named:
		return []string{marker}
	case at.bare:
		return []string{space + marker + ": ", space + marker}
	}
	return []string{space + marker, space + marker + ": "}
}

// wordAt is the word around an offset: all that a plain text or a path is made of.
func wordAt(text []byte, offset int) parser.Span {
	span := parser.Span{Start: offset, End: offset}
	for span.Start > 0 && isWord(text, span.Start-1) {
		span.Start--
	}
	for span.End < len(text) && isWord(text, span.End) {
		span.End++
	}
	// A dash starts an item of a list, and no word.
	for span.Start < offset && text[span.Start] == '-' {
		span.Start++
	}
	return span
}

func isWord(text []byte, i int) bool {
	switch b := text[i]; {
	case b >= 0x80, b >= '0' && b <= '9', b >= 'a' && b <= 'z', b >= 'A' && b <= 'Z':
		return true
	case b == ':': // within s3://bucket
		return i+1 < len(text) && text[i+1] == '/'
	default:
		return bytes.IndexByte([]byte("_-./~"), b) >= 0
	}
}

func lineEnd(text []byte, offset int) int {
	if end := bytes.IndexAny(text[offset:], "\r\n"); end >= 0 {
		return offset + end
	}
	return len(text)
}

// blockAt is the input in which a line stands: from the last line above that starts
// in the first column.
func blockAt(text []byte, line int) parser.Span {
	block := parser.Span{Start: line, End: lineEnd(text, line)}
	for _, other := range blocksOf(text) {
		switch {
		case other.Start <= line:
			block = parser.Span{Start: other.Start, End: max(other.End, block.End)}
		default:
			return block
		}
	}
	return block
}

// closers are the brackets that a text leaves open, closed.
func closers(text []byte) []byte {
	var open []byte
	var quote byte
	for i := 0; i < len(text); i++ {
		switch b := text[i]; {
		case quote != 0:
			if b == quote {
				quote = 0
			}
		case (b == '"' || b == '\'') && i > 0 && bytes.IndexByte([]byte(" [{,:"), text[i-1]) >= 0:
			quote = b
		case b == '#' && (i == 0 || text[i-1] == ' ' || text[i-1] == '\n'):
			i = lineEnd(text, i)
		case b == '[':
			open = append(open, ']')
		case b == '{':
			open = append(open, '}')
		case (b == ']' || b == '}') && len(open) > 0:
			open = open[:len(open)-1]
		}
	}
	slices.Reverse(open)
	if quote != 0 {
		return append([]byte{quote}, open...)
	}
	return open
}

// quoteKey is a name as a key of YAML.
func quoteKey(name string, inline bool) string {
	if inline && pyyaml.Quote(name) != name {
		return strconv.Quote(name)
	}
	return pyyaml.Quote(name)
}
