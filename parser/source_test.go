package parser_test

import (
	"testing"

	"github.com/flyte-lsp/flyte-lsp/parser"
)

// The units of the three encodings, in a line with characters of 1 to 4 bytes
// and a byte that is no UTF-8.
func TestEncodings(t *testing.T) {
	source := parser.NewSource([]byte("#\naé€😀\xffz\n"))
	starts := []int{2, 3, 5, 8, 12, 13, 14} // of the characters, and the line's end
	for encoding, units := range map[parser.Encoding][]int{
		parser.UTF8: {0, 1, 3, 6, 10, 11, 12}, parser.UTF16: {0, 1, 2, 3, 5, 6, 7}, parser.UTF32: {0, 1, 2, 3, 4, 5, 6},
	} {
		for i, start := range starts {
			at := parser.Position{Line: 1, Character: units[i]}
			if got := encoding.Position(source, start); got != at {
				t.Errorf("encoding %d: offset %d is at %v, want %v", encoding, start, got, at)
			}
			if i+1 == len(starts) {
				break
			}
			// Within a character is its start.
			for inside := units[i]; inside < units[i+1]; inside++ {
				if got := encoding.Offset(source, parser.Position{Line: 1, Character: inside}); got != start {
					t.Errorf("encoding %d: character %d is offset %d, want %d", encoding, inside, got, start)
				}
			}
			for inside := start; inside < starts[i+1]; inside++ {
				if got := encoding.Position(source, inside); got != at {
					t.Errorf("encoding %d: offset %d is at %v, want %v", encoding, inside, got, at)
				}
			}
		}
	}
}

// Positions count UTF-16 units, and lines end as the protocol says.
func TestPositions(t *testing.T) {
	text := "é😀x\r\n\rab\n\xff!\n"
	source := parser.NewSource([]byte(text))
	tests := []struct{ offset, line, character int }{
		{0, 0, 0}, {2, 0, 1}, {6, 0, 3}, {7, 0, 4}, {9, 1, 0}, {10, 2, 0}, {12, 2, 2}, {13, 3, 0}, {14, 3, 1}, {16, 4, 0},
	}
	for _, test := range tests {
		want := parser.Position{Line: test.line, Character: test.character}
		if got := source.Position(test.offset); got != want {
			t.Errorf("offset %d is at %v, want %v", test.offset, got, want)
		}
		if got := source.Offset(want); got != test.offset {
			t.Errorf("%v is offset %d, want %d", want, got, test.offset)
		}
	}
	clamped := []struct {
		position parser.Position
		offset   int
	}{
		{parser.Position{Line: 0, Character: 99}, 7},
		{parser.Position{Line: 0, Character: 2}, 2}, // within the emoji
		{parser.Position{Line: 99}, len(text)},
		{parser.Position{Line: -1}, 0},
	}
	for _, test := range clamped {
		if got := source.Offset(test.position); got != test.offset {
			t.Errorf("%v is offset %d, want %d", test.position, got, test.offset)
		}
	}
	if got := source.Position(99); got != (parser.Position{Line: 4}) {
		t.Errorf("an offset beyond the text is at %v", got)
	}
	if source.Slice(parser.Span{Start: 10, End: 99}) != "ab\n\xff!\n" || source.Slice(parser.Span{Start: 5, End: 2}) != "" {
		t.Error("a slice isn't cut to the text")
	}
}
