package parser

import (
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"

	"golang.org/x/text/unicode/runenames"
)

var escapes = map[byte]string{
	'\n': "", '\\': `\`, '\'': "'", '"': `"`,
	'a': "\a", 'b': "\b", 'f': "\f", 'n': "\n", 'r': "\r", 't': "\t", 'v': "\v",
}

// unescaped replaces the escape sequences in a string, or in bytes; those that
// Python doesn't know stay as they are. It is false where Python refuses one,
// or where the outcome is no text that Go has: a lone surrogate.
func unescaped(content string, isBytes bool) (string, bool) {
	var b strings.Builder
	for {
		before, after, found := strings.Cut(content, `\`)
		b.WriteString(before)
		if !found {
			return b.String(), true
		}
		if after == "" {
			return "", false
		}
		content = after[1:]
		digits, code, base := 0, content, 16
		switch c := after[0]; {
		case c == 'x':
			digits = 2
		case c == 'u' && !isBytes:
			digits = 4
		case c == 'U' && !isBytes:
			digits = 8
		case c == 'N' && !isBytes:
			r, rest, ok := namedRune(content)
			if !ok {
				return "", false
			}
			b.WriteRune(r)
			content = rest
			continue
		case c >= '0' && c <= '7':
			code, base = after, 8
			for digits < 3 && digits < len(after) && after[digits] >= '0' && after[digits] <= '7' {
				digits++
			}
		default:
			text, ok := escapes[c]
			if !ok {
				text = `\` + after[:1]
			}
			b.WriteString(text)
			continue
		}
		value, err := strconv.ParseUint(code[:min(digits, len(code))], base, 32)
		switch {
		case digits > len(code) || err != nil:
			return "", false
		case isBytes:
			b.WriteByte(byte(value))
		case !utf8.ValidRune(rune(value)):
			return "", false
		default:
			b.WriteRune(rune(value))
		}
		content = code[digits:]
	}
}

// namedRune reads the rest of `\N{NAME}`.
func namedRune(text string) (r rune, rest string, ok bool) {
	name, rest, found := strings.Cut(strings.TrimPrefix(text, "{"), "}")
	if !found || !strings.HasPrefix(text, "{") {
		return 0, "", false
	}
	r, ok = runesByName()[strings.ToUpper(name)]
	return r, rest, ok
}

// runesByName is made when a text first names a character.
var runesByName = sync.OnceValue(func() map[string]rune {
	byName := map[string]rune{}
	for r := rune(0); r <= utf8.MaxRune; r++ {
		if name := runenames.Name(r); name != "" && name[0] != '<' {
			byName[name] = r
		}
	}
	return byName
})

// dedent takes the indentation off a docstring, as Python's inspect.cleandoc
// does, and the spaces at the ends of lines.
func dedent(doc string) string {
	if doc == "" {
		return ""
	}
	lines := strings.Split(doc, "\n")
	for i, line := range lines {
		lines[i] = expandTabs(line)
	}
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

// expandTabs has spaces up to the next eighth column in place of each tab.
func expandTabs(line string) string {
	for {
		before, after, found := strings.Cut(line, "\t")
		if !found {
			return line
		}
		line = before + strings.Repeat(" ", 8-utf8.RuneCountInString(before)%8) + after
	}
}
