package workspace

import (
	"bytes"

	"github.com/flyte-lsp/flyte-lsp/parser"
)

// shiftLines moves the starts of lines along with an edit: -1 for those whose
// line it deleted.
func shiftLines(offsets []int, before, after *parser.Source) []int {
	old, next := before.Text(), after.Text()
	start := 0
	for start < len(old) && start < len(next) && old[start] == next[start] {
		start++
	}
	tail := 0
	for tail < len(old)-start && tail < len(next)-start && old[len(old)-1-tail] == next[len(next)-1-tail] {
		tail++
	}
	oldEnd, newEnd := len(old)-tail, len(next)-tail

	shifted := make([]int, len(offsets))
	for i, offset := range offsets {
		lineEnd := offset + lineLength(old[offset:])
		switch {
		case offset >= oldEnd:
			offset = after.LineStart(offset + newEnd - oldEnd)
		case offset < start:
			// The edit is below.
		case lineEnd > oldEnd:
			// The rest of the line stands behind what was put in.
			offset = after.LineStart(newEnd)
		case offset == start && lineEnd == oldEnd && len(bytes.TrimSpace(next[start:newEnd])) > 0:
			// The line was written anew.
			offset = after.LineStart(start)
		default:
			if moved := findLine(next[start:newEnd], old[offset:lineEnd]); moved < 0 {
				offset = -1
			} else {
				offset = after.LineStart(start + moved)
			}
		}
		shifted[i] = offset
	}
	return shifted
}

// findLine is the offset of a line in a text, -1 if it isn't there.
func findLine(text, line []byte) int {
	for offset := 0; offset < len(text); {
		length := lineLength(text[offset:])
		if bytes.Equal(text[offset:offset+length], line) {
			return offset
		}
		offset += length + 1
	}
	return -1
}

// lineLength is the length of the first line, without its end.
func lineLength(text []byte) int {
	if end := bytes.IndexAny(text, "\r\n"); end >= 0 {
		return end
	}
	return len(text)
}
