package parser

import (
	"sort"
	"unicode/utf8"
)

// Source is a text with the index of its lines. Lines end with "\n", "\r\n" or
// "\r", as the Language Server Protocol has it. It is immutable.
type Source struct {
	text  []byte
	lines []int // the offsets at which lines start
}

// NewSource indexes a text, which the caller doesn't change afterwards.
func NewSource(text []byte) *Source {
	lines := make([]int, 1, 16+len(text)/32)
	for i, b := range text {
		if b == '\n' || b == '\r' && (i+1 == len(text) || text[i+1] != '\n') {
			lines = append(lines, i+1)
		}
	}
	return &Source{text: text, lines: lines}
}

// Text is the text itself, not a copy.
func (s *Source) Text() []byte { return s.text }

// Lines is the number of lines, of which the last may be empty.
func (s *Source) Lines() int { return len(s.lines) }

// LineStart is the offset at which the line starts that the offset is in.
func (s *Source) LineStart(offset int) int { return s.lines[s.line(offset)] }

// Slice is the text of a span, cut to what the text has.
func (s *Source) Slice(span Span) string {
	start, end := s.clamp(span.Start), s.clamp(span.End)
	if start >= end {
		return ""
	}
	return string(s.text[start:end])
}

// Position turns a byte offset, cut to the text, into a position. A byte that
// is no UTF-8 counts as one UTF-16 unit.
func (s *Source) Position(offset int) Position {
	offset = s.clamp(offset)
	line := s.line(offset)
	units := 0
	for i := s.lines[line]; i < offset; {
		r, size := utf8.DecodeRune(s.text[i:])
		if i+size > offset {
			break
		}
		units += utf16Units(r)
		i += size
	}
	return Position{Line: line, Character: units}
}

// Offset turns a position into a byte offset. As the protocol asks, a
// character beyond the line's end means its end, and a line beyond the text
// the text's end.
func (s *Source) Offset(position Position) int {
	if position.Line < 0 {
		return 0
	}
	if position.Line >= len(s.lines) {
		return len(s.text)
	}
	offset := s.lines[position.Line]
	for units := 0; units < position.Character && offset < len(s.text); {
		r, size := utf8.DecodeRune(s.text[offset:])
		if r == '\n' || r == '\r' {
			break
		}
		units += utf16Units(r)
		if units > position.Character {
			break
		}
		offset += size
	}
	return offset
}

func (s *Source) line(offset int) int {
	return sort.SearchInts(s.lines, offset+1) - 1
}

func (s *Source) clamp(offset int) int {
	return max(0, min(offset, len(s.text)))
}

func utf16Units(r rune) int {
	if r >= 0x10000 {
		return 2
	}
	return 1
}
