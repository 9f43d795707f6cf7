package parser

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/flyte-lsp/flyte-lsp/parser/syntax"
)

// stringValue is the text that a Python string literal stands for, false if
// it is no such literal: bytes, or a string with replaced fields.
func stringValue(literal string) (string, bool) {
	start := strings.IndexAny(literal, `"'`)
	if start < 0 {
		return "", false
	}
	prefix, quoted := strings.ToLower(literal[:start]), literal[start:]
	if strings.ContainsAny(prefix, "bft") {
		return "", false
	}
	quote := quoted[:1]
	if triple := strings.Repeat(quote, 3); strings.HasPrefix(quoted, triple) && len(quoted) >= 6 {
		quote = triple
	}
	if len(quoted) < 2*len(quote) || !strings.HasSuffix(quoted, quote) {
		return "", false
	}
	content := quoted[len(quote) : len(quoted)-len(quote)]
	content = strings.ReplaceAll(strings.ReplaceAll(content, "\r\n", "\n"), "\r", "\n")
	if strings.Contains(prefix, "r") || !strings.Contains(content, `\`) {
		return content, true
	}
	return unescape(content), true
}

var escapes = map[byte]string{
	'\n': "", '\\': `\`, '\'': "'", '"': `"`,
	'a': "\a", 'b': "\b", 'f': "\f", 'n': "\n", 'r': "\r", 't': "\t", 'v': "\v",
}

// hexEscapes are the escapes by code point, with their number of digits.
var hexEscapes = map[byte]int{'x': 2, 'u': 4, 'U': 8}

// unescape replaces escape sequences. Those that name a character, and those
// that Python doesn't know, stay as they are.
func unescape(content string) string {
	var b strings.Builder
	for {
		before, after, found := strings.Cut(content, `\`)
		b.WriteString(before)
		if !found {
			return b.String()
		}
		if after == "" {
			b.WriteByte('\\')
			return b.String()
		}
		content = after[1:]
		if text, ok := escapes[after[0]]; ok {
			b.WriteString(text)
			continue
		}
		digits, base := hexEscapes[after[0]], 16
		code := content
		if after[0] >= '0' && after[0] <= '7' {
			code, base = after, 8
			for digits < 3 && digits < len(after) && after[digits] >= '0' && after[digits] <= '7' {
				digits++
			}
		}
		value, err := strconv.ParseUint(code[:min(digits, len(code))], base, 32)
		if digits == 0 || digits > len(code) || err != nil || value > utf8.MaxRune {
			b.WriteByte('\\')
			content = after
			continue
		}
		b.WriteRune(rune(value))
		content = code[digits:]
	}
}

// docstring is the docstring of a module or of a function's body, without its
// indentation; "" if there is none.
func (r *pythonReader) docstring(body syntax.Node) string {
	first := body.First()
	if first.Kind() != "expression_statement" {
		return ""
	}
	literal := first.First()
	if literal.Kind() != "string" || literal.HasError() {
		return ""
	}
	value, _ := stringValue(r.text(literal))
	return dedent(value)
}

// dedent takes the indentation off a docstring, as Python's inspect.cleandoc
// does.
func dedent(doc string) string {
	if doc == "" {
		return ""
	}
	lines := strings.Split(strings.ReplaceAll(doc, "\t", "        "), "\n")
	margin := -1
	for _, line := range lines[1:] {
		text := strings.TrimLeft(line, " ")
		if indent := len(line) - len(text); text != "" && (margin < 0 || indent < margin) {
			margin = indent
		}
	}
	lines[0] = strings.TrimLeft(lines[0], " ")
	for i, line := range lines[1:] {
		lines[i+1] = line[min(max(margin, 0), len(line)):]
	}
	for i, line := range lines {
		lines[i] = strings.TrimRight(line, " ")
	}
	return strings.Trim(strings.Join(lines, "\n"), "\n")
}
