package parser_test

import (
	"testing"

	"github.com/flyte-lsp/flyte-lsp/parser"
)

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
