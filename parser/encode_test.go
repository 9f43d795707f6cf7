package parser_test

import (
	"strings"
	"testing"

	"github.com/flyte-lsp/flyte-lsp/parser"
)

// What is written again is what was read, but for what was edited.
func TestEncode(t *testing.T) {
	for name, test := range map[string]struct{ file, edited string }{
		"UTF-8":             {"a = 'ä'\n", "b = 'ä'\n"},
		"a byte order mark": {"\ufeffa = 'ä'\n", "\ufeffb = 'ä'\n"},
		"Latin-1":           {"# coding: latin-1\r\na = '\xe4'\r\n", "# coding: latin-1\r\nb = '\xe4'\r\n"},
		"Windows":           {"# -*- coding: cp1252 -*-\na = '\x80'\n", "# -*- coding: cp1252 -*-\nb = '\x80'\n"},
		"Japanese":          {"# coding: shift_jis\na = '\x93\xfa'\n", "# coding: shift_jis\nb = '\x93\xfa'\n"},
	} {
		t.Run(name, func(t *testing.T) {
			text, _, err := parser.Decode([]byte(test.file))
			if err != nil {
				t.Fatal(err)
			}
			edited := strings.Replace(string(text), "a = ", "b = ", 1)
			if got, err := parser.Encode([]byte(edited), []byte(test.file)); string(got) != test.edited || err != nil {
				t.Errorf("got %q, %v", got, err)
			}
		})
	}
}

// A text that the file's encoding lacks, and a file that isn't what it says,
// aren't written.
func TestEncodeRefused(t *testing.T) {
	latin := "# coding: latin-1\na = 1\n"
	for name, test := range map[string]struct{ text, file string }{
		"a letter that Latin-1 lacks": {latin + "b = '→'\n", latin},
		"broken UTF-8":                {"a = 1\n", "a = '\xe4'\n"},
	} {
		if got, err := parser.Encode([]byte(test.text), []byte(test.file)); err == nil {
			t.Errorf("%s: got %q", name, got)
		}
	}
}
