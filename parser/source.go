package parser

import "sort"

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

// Position is the position of a byte offset, as UTF16.Position tells it.
func (s *Source) Position(offset int) Position { return UTF16.Position(s, offset) }

// Offset is the byte offset of a position, as UTF16.Offset tells it.
func (s *Source) Offset(position Position) int { return UTF16.Offset(s, position) }

func (s *Source) line(offset int) int {
	return sort.SearchInts(s.lines, offset+1) - 1
}

func (s *Source) clamp(offset int) int {
	return max(0, min(offset, len(s.text)))
}
