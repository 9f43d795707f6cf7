package parser

import (
	"bytes"
	"strings"
)

// wordAt is the word that starts at an offset, "" if none does.
func wordAt(text []byte, at int) string {
	end := at
	for end < len(text) && isWord(text[end]) {
		end++
	}
	if at > end {
		return ""
	}
	return string(text[at:end])
}

// isWord tells the bytes that words have.
func isWord(c byte) bool {
	return c == '_' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c >= 0x80
}

// lineLength is the length of the first line, without its end.
func lineLength(text []byte) int {
	if end := bytes.IndexAny(text, "\r\n"); end >= 0 {
		return end
	}
	return len(text)
}

// setOf is the set of the words in a text.
func setOf(words string) map[string]bool {
	set := map[string]bool{}
	for word := range strings.FieldsSeq(words) {
		set[word] = true
	}
	return set
}
