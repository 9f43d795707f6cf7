package parser

import "unicode/utf8"

// Encoding is what the characters of a Position are counted in. The zero value
// is what the Language Server Protocol has where nothing else was agreed on.
type Encoding uint8

// The position encodings of the protocol (LSP 3.17, PositionEncodingKind).
const (
	UTF16 Encoding = iota // units of UTF-16
	UTF8                  // bytes
	UTF32                 // code points
)

// Position turns a byte offset, cut to the text, into a position. Within a
// character it is the character's start; a byte that is no UTF-8 is a character
// of one unit.
func (e Encoding) Position(s *Source, offset int) Position {
	offset = s.clamp(offset)
	line := s.line(offset)
	units := 0
	for i := s.lines[line]; i < offset; {
		r, size := utf8.DecodeRune(s.text[i:])
		if i+size > offset {
			break
		}
		units += e.units(r, size)
		i += size
	}
	return Position{Line: line, Character: units}
}

// Offset turns a position into a byte offset. As the protocol asks, a
// character beyond the line's end means its end, and a line beyond the text
// the text's end. Within a character, such as between the halves of a surrogate
// pair, it is the character's start.
func (e Encoding) Offset(s *Source, position Position) int {
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
		units += e.units(r, size)
		if units > position.Character {
			break
		}
		offset += size
	}
	return offset
}

// units is what a character counts that has this size in bytes.
func (e Encoding) units(r rune, size int) int {
	switch {
	case e == UTF8:
		return size
	case e == UTF16 && r >= 0x10000:
		return 2
	}
	return 1
}
