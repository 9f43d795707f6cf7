package parser

import (
	"strings"
	"unicode/utf8"

	"github.com/flyte-lsp/flyte-lsp/parser/ast"
	"github.com/flyte-lsp/flyte-lsp/parser/syntax"
)

// stringLiteral is a string, bytes or an f-string, or several that stand side
// by side and are joined.
func (b *builder) stringLiteral(n syntax.Node) ast.Expr {
	joined := joinedString{builder: b}
	if b.kindOf(n) == nodeString {
		joined.add(n)
	} else {
		for child := range n.Children() {
			joined.add(child)
		}
	}
	switch {
	case joined.bad || joined.bytes && joined.texts:
		return b.bad(n)
	case joined.format:
		joined.flush()
		return &ast.JoinedStr{Range: b.at(n), Values: joined.values}
	}
	constant := ast.Constant{Range: b.at(n), Kind: ast.StringConst, Text: joined.pending.text()}
	if joined.bytes {
		constant.Kind = ast.BytesConst
	}
	if joined.plain && joined.literals == 1 {
		constant.Inner = joined.span
	}
	return b.constants.put(constant)
}

// joinedString collects the pieces of string literals.
type joinedString struct {
	*builder
	literals             int
	bytes, texts, format bool
	bad                  bool
	// plain: the last literal is written as it reads, in span.
	plain bool
	span  ast.Span
	// values are the pieces of an f-string, pending the text of the next.
	values  []ast.Expr
	pending pieces
}

// pieces is a text made of pieces, which often is but one.
type pieces struct {
	first string
	more  []string
	Span  ast.Range
}

func (p *pieces) add(text string, at ast.Range) {
	if p.Span == (ast.Range{}) {
		p.Span = at
	}
	p.Span.End = max(p.Span.End, at.End)
	if p.first == "" {
		p.first = text
	} else if text != "" {
		p.more = append(p.more, text)
	}
}

func (p *pieces) text() string {
	if len(p.more) == 0 {
		return p.first
	}
	return p.first + strings.Join(p.more, "")
}

// add adds a string literal.
func (j *joinedString) add(n syntax.Node) {
	if j.kindOf(n) != nodeString {
		j.bad = true
		return
	}
	j.literals++
	start, end, interpolated := syntax.Node{}, syntax.Node{}, false
	for child := range n.All() {
		switch {
		case !start.OK():
			start = child
		case j.kindOf(child) == nodeInterpolation:
			interpolated = true
		case j.kindOf(child) == nodeError:
			j.bad = true
		}
		end = child
	}
	if !start.OK() || start == end || end.Start() == end.End() {
		// Where a string that is never closed ends can't be told.
		j.bad = true
		return
	}
	opening := j.slice(start)
	prefix := strings.ToLower(strings.TrimRight(opening, `"'`))
	// To the grammar backslashes at the end of a raw string belong to its end.
	close := max(j.base+end.Start(), j.base+end.End()-len(opening)+len(prefix))
	raw := strings.Contains(prefix, "r")
	isBytes := strings.Contains(prefix, "b")
	j.bytes, j.texts = j.bytes || isBytes, j.texts || !isBytes
	j.bad = j.bad || strings.Contains(prefix, "t")
	if strings.Contains(prefix, "f") || interpolated {
		j.format = true
		j.plain = false
		for child := range n.All() {
			switch j.kindOf(child) {
			case nodeStringContent:
				j.addText(j.slice(child), j.at(child), raw, false, true)
			case nodeInterpolation:
				j.interpolation(child)
			}
		}
		rest := ast.Range{Start: j.base + end.Start(), End: close}
		j.addText(j.between(rest.Start, rest.End), rest, raw, false, true)
		return
	}
	j.span = ast.Span{Start: j.base + start.End(), End: close}
	text := j.between(j.span.Start, j.span.End)
	j.plain = !isBytes && strings.IndexByte(text, '\r') < 0 && (raw || strings.IndexByte(text, '\\') < 0)
	j.addText(text, ast.Range(j.span), raw, isBytes, false)
}

// addText adds a piece of text as it is written.
func (j *joinedString) addText(text string, at ast.Range, raw, isBytes, format bool) {
	value, ok := unquoted(text, raw, isBytes, format)
	j.bad = j.bad || !ok
	j.pending.add(value, at)
}

// flush makes the pending text of an f-string one of its values.
func (j *joinedString) flush() {
	if text := j.pending.text(); text != "" {
		j.values = append(j.values, j.constants.put(ast.Constant{Range: j.pending.Span, Kind: ast.StringConst, Text: text}))
	}
	j.pending = pieces{}
}

// interpolation adds `{value=!r:spec}`.
func (j *joinedString) interpolation(n syntax.Node) {
	value := n.ChildByID(j.role.expression)
	formatted := &ast.FormattedValue{Range: j.at(n), Value: j.required(value, n)}
	debug := false
	for child := range n.All() {
		switch {
		case child.Kind() == "=" && !child.Named():
			// `{value = }` stands for `value = {value!r}`.
			debug = true
			rest := strings.TrimLeft(j.text[child.End():], " \t\r\n\f")
			at := ast.Range{Start: j.base + n.Start() + 1, End: j.base + len(j.text) - len(rest)}
			j.pending.add(j.between(at.Start, at.End), at)
		case child.Kind() == "type_conversion":
			if text := j.slice(child); len(text) == 2 {
				formatted.Conversion = text[1]
			}
		case j.kindOf(child) == nodeFormatSpecifier:
			formatted.Spec = j.formatSpec(child)
		}
	}
	if debug && formatted.Conversion == 0 && formatted.Spec == nil {
		formatted.Conversion = 'r'
	}
	j.flush()
	if formatted.Conversion == 0 && formatted.Spec == nil {
		j.values = append(j.values, formatted.Value)
		return
	}
	j.values = append(j.values, formatted)
}

// formatSpec is the text after the colon of a replaced field, in which fields
// are replaced too.
func (j *joinedString) formatSpec(n syntax.Node) *ast.JoinedStr {
	spec := joinedString{builder: j.builder}
	at := n.Start() + 1
	text := func(end int) {
		if at < end {
			r := ast.Range{Start: j.base + at, End: j.base + end}
			spec.addText(j.between(r.Start, r.End), r, false, false, true)
		}
	}
	for child := range n.All() {
		if j.kindOf(child) == nodeFormatExpression || j.kindOf(child) == nodeInterpolation {
			text(child.Start())
			spec.interpolation(child)
			at = child.End()
		}
	}
	text(n.End())
	spec.flush()
	j.bad = j.bad || spec.bad
	return &ast.JoinedStr{Range: j.at(n), Values: spec.values}
}

// unquoted is what the text within quotes stands for, false if it is no valid
// one or can't be told.
func unquoted(text string, raw, isBytes, format bool) (string, bool) {
	if strings.IndexByte(text, '\r') >= 0 {
		text = strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
	}
	if format && strings.ContainsAny(text, "{}") {
		text = strings.ReplaceAll(strings.ReplaceAll(text, "{{", "{"), "}}", "}")
	}
	if isBytes && !isASCII(text) {
		return "", false
	}
	if raw || strings.IndexByte(text, '\\') < 0 {
		return text, utf8.ValidString(text)
	}
	return unescaped(text, isBytes)
}
