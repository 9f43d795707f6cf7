package lsp_test

import (
	"testing"
	"unicode/utf16"
	"unicode/utf8"

	"go.lsp.dev/protocol"
	"golang.org/x/tools/txtar"

	"github.com/flyte-lsp/flyte-lsp/parser"
)

var encodings = map[string]parser.Encoding{"": parser.UTF16, "utf-8": parser.UTF8, "utf-16": parser.UTF16, "utf-32": parser.UTF32}

// units is the length of a text in the encoding that was agreed on.
func (s *session) units(text string) uint32 {
	switch encodings[s.PositionEncoding] {
	case parser.UTF8:
		return uint32(len(text))
	case parser.UTF32:
		return uint32(utf8.RuneCountInString(text))
	}
	return uint32(len(utf16.Encode([]rune(text))))
}

// All features count in the encoding that the client and the server agree on,
// and changes of documents, too.
func TestPositionEncodings(t *testing.T) {
	t.Parallel()
	for _, offered := range [][]string{{"utf-8", "utf-16"}, {"utf-32", "utf-8", "utf-16"}, {"utf-16"}} {
		t.Run(offered[0], func(t *testing.T) {
			t.Parallel()
			archive, err := txtar.ParseFile("testdata/encodings.txtar")
			if err != nil {
				t.Fatal(err)
			}
			checkArchive(t, archive, offered...)
		})
	}
}

// The server takes the best of the client's encodings that it has, and none is
// the one that all have.
func TestPositionEncodingIsChosen(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		offered []string
		want    string
	}{
		{nil, ""}, {[]string{"utf-7"}, ""}, {[]string{"utf-7", "utf-32", "utf-8"}, "utf-32"}, {[]string{"utf-16", "utf-8"}, "utf-16"},
	} {
		s := connect(t, t.TempDir(), t.TempDir(), "")
		s.PositionEncodings = test.offered
		s.must(s.Initialize(s.ctx, s.root, nil))
		if s.PositionEncoding != test.want {
			t.Errorf("of %q the server chose %q, want %q", test.offered, s.PositionEncoding, test.want)
		}
		s.close()
	}
}

// A change in the middle of a line replaces what the client's positions mean.
func TestChangesInEncodings(t *testing.T) {
	t.Parallel()
	for name := range encodings {
		s := connect(t, t.TempDir(), t.TempDir(), "")
		s.PositionEncodings = []string{name}
		s.must(s.Initialize(s.ctx, s.root, nil))
		const before = "é😀 = '€'; from flytekit import "
		path := write(t, s.root, "flow.py", before+"nothing\n\n@task\ndef known(): ...\n")
		s.must(s.Open(s.ctx, path, "python"))
		start := protocol.Position{Character: s.units(before)}
		end := protocol.Position{Character: start.Character + s.units("nothing")}
		s.must(s.Replace(s.ctx, path, 2, protocol.Range{Start: start, End: end}, "task"))
		lenses, err := s.Lenses(s.ctx, path)
		s.must(err)
		if len(lenses) == 0 {
			t.Errorf("%q: the import of task isn't where the change put it", name)
		}
		s.close()
	}
}
