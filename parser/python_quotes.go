package parser

import (
	"bytes"
	"regexp"
	"strings"
)

func isQuote(c byte) bool { return c == '"' || c == '\'' }

// stringPrefix tells whether a word before a quote belongs to the string.
func stringPrefix(word string) bool {
	switch strings.ToLower(word) {
	case "r", "u", "b", "f", "t", "br", "rb", "fr", "rf", "tr", "rt":
		return true
	}
	return false
}

// quoted scans a string, whose opening quote is at that offset.
func (s *pythonScanner) quoted(at int) {
	start := s.pos
	quote := string(s.text[at])
	if triple := strings.Repeat(quote, 3); bytes.HasPrefix(s.text[at:], []byte(triple)) {
		s.tripleQuoted(start, at, triple)
		return
	}
	isFormat := strings.ContainsAny(strings.ToLower(string(s.text[start:at])), "ft")
	end, closed := stringEnd(s.text, at+1, s.text[at])
	if isFormat {
		if field, ok := unclosedField(s.text, at+1, s.text[at]); !ok {
			s.report(Span{Start: field, End: field + 1}, `"{" is never closed`)
			s.fix(Span{Start: field, End: field + 1}, "x")
		} else if field > 0 {
			end, closed = field, true
		}
	}
	if !closed {
		content := bytes.TrimRight(s.text[at:end], " \t")
		s.report(Span{Start: start, End: at + len(content)}, "this string is never closed")
		// Brackets at the end of the line most likely stand behind the string.
		if trimmed := bytes.TrimRight(content, ")]},:"); len(trimmed) > 1 {
			content = trimmed
		}
		end = at + len(content)
		s.fix(Span{Start: end, End: end}, quote)
	}
	s.line.last = token{Span: Span{Start: start, End: end}, kind: text}
	s.noteString(s.line.last.Span)
	s.pos = end
}

// stringEnd is the offset behind the closing quote, or, not closed, of the
// line's end.
func stringEnd(text []byte, from int, quote byte) (end int, closed bool) {
	for i := from; i < len(text); i++ {
		switch text[i] {
		case '\\':
			if i+2 < len(text) && text[i+1] == '\r' && text[i+2] == '\n' {
				i++
			}
			i++
		case quote:
			return i + 1, true
		case '\n', '\r':
			return i, false
		}
	}
	return len(text), false
}

// unclosedField looks at the replaced fields of an f-string. Quotes in a field
// may be those of the string itself, since Python 3.12. It returns where the
// string ends, or, not ok, the brace of the first field that doesn't end in
// the line; zero if the string has no end.
func unclosedField(text []byte, from int, quote byte) (at int, ok bool) {
	for i := from; i < len(text); i++ {
		switch c := text[i]; {
		case c == '\\':
			// A brace starts a field all the same.
			if i+1 < len(text) && text[i+1] != '{' {
				i++
			}
		case c == '\n' || c == '\r':
			return 0, true
		case c == quote:
			return i + 1, true
		case c == '{' && i+1 < len(text) && text[i+1] == '{':
			i++
		case c == '{':
			end := fieldEnd(text, i+1)
			if end < 0 {
				return i, false
			}
			i = end
		}
	}
	return 0, true
}

// fieldEnd is the offset of the brace that closes a field, -1 if the line has
// none.
func fieldEnd(text []byte, from int) int {
	depth := 0
	for i := from; i < len(text); i++ {
		switch c := text[i]; {
		case c == '\n' || c == '\r':
			return -1
		case isQuote(c):
			end, closed := stringEnd(text, i+1, c)
			if !closed {
				return -1
			}
			i = end - 1
		case strings.IndexByte("([{", c) >= 0:
			depth++
		case c == '}' && depth == 0:
			return i
		case strings.IndexByte(")]}", c) >= 0:
			depth--
		}
	}
	return -1
}

// codeLine are lines that look like code rather than like a docstring.
var codeLine = regexp.MustCompile(`^(?:@[\pL_]|(?:async\s+)?def\s|class\s|return\b|import\s|from\s+\S+\s+import\b|raise\b|(?:with|for|if|while)\s.*:\s*$|try:|[\pL_][\w.]*\s*=\s|[\pL_][\w.]*\()`)

// tripleQuoted scans a triple-quoted string. If the text ends before it does,
// the quote that lacks its pair may be an earlier one: the first whose string
// looks like code.
func (s *pythonScanner) tripleQuoted(start, at int, quote string) {
	for end := at + 3; end < len(s.text); end++ {
		if s.text[end] == '\\' {
			end++
		} else if bytes.HasPrefix(s.text[end:], []byte(quote)) {
			s.strings = append(s.strings, tripleString{at: at, indent: s.line.indent, end: end})
			s.line.last = token{Span: Span{Start: start, End: end + 3}, kind: text}
			s.noteString(s.line.last.Span)
			s.pos = end + 3
			return
		}
	}
	culprit := tripleString{at: at, indent: s.line.indent, end: len(s.text)}
	for _, earlier := range s.strings {
		if _, found := firstCodeLine(s.text, earlier); found {
			culprit = earlier
			break
		}
	}
	s.forget(culprit.at)
	s.line = logicalLine{start: culprit.at}
	s.report(Span{Start: culprit.at, End: culprit.at + 3}, "this string is never closed")
	end, _ := firstCodeLine(s.text, culprit)
	s.fix(Span{Start: end, End: end}, string(s.text[culprit.at:culprit.at+3]))
	s.line.last = token{Span: Span{Start: culprit.at, End: end}, kind: text}
	s.pos = end
}

// firstCodeLine is the end of what stands before the first line of a string
// that looks like code, the end of the text if none does.
func firstCodeLine(content []byte, s tripleString) (end int, found bool) {
	start := s.at + 3 + lineLength(content[s.at+3:s.end])
	for start < s.end {
		start++
		line := content[start : start+lineLength(content[start:])]
		text := bytes.TrimLeft(line, " \t")
		if len(line)-len(text) <= s.indent && codeLine.Match(text) {
			return len(bytes.TrimRight(content[:start], " \t\r\n")), true
		}
		start += len(line)
	}
	return len(content), false
}
