// Package imports reads the import statements of a Python module from its
// text alone, at the speed of reading it: an index of thousands of files needs
// no more of most of them.
package imports

import (
	"bytes"
	"slices"
)

// Import is one import statement, or one name of several in `import a, b`.
// Statements anywhere in the module count, in functions too.
type Import struct {
	// Module is the dotted name without leading dots, "" in `from . import a`.
	Module string
	// Level counts the leading dots.
	Level int
	// From: it is `from Module import Names`.
	From bool
	// Names are what is imported from Module, "*" for all.
	Names []string
}

// Scan reads the imports of a module in the order of its text. Statements in
// strings and comments don't count. Of text that isn't Python, or isn't
// finished, it reads what looks like imports.
func Scan(text []byte) []Import {
	var reader Reader
	return slices.Clone(reader.Scan(text))
}

// Reader reads the imports of many modules, with each word kept once. It is not
// safe for concurrent use.
type Reader struct {
	words map[string]string
	// lines are the imports of lines that were read: modules repeat them.
	lines map[string][]Import
	found []Import
	names []string // of the imports of one module
}

// Scan is like the function Scan. The slice is the reader's, and holds until
// the next call; the names in it may be kept.
func (r *Reader) Scan(text []byte) []Import {
	if r.words == nil {
		r.words, r.lines = map[string]string{}, map[string][]Import{}
	}
	r.found, r.names = r.found[:0], nil
	s := scanner{text: bytes.TrimPrefix(text, []byte("\ufeff")), Reader: r}
	// Most modules have their imports at the top, and most of the text needs no
	// look at where strings start and end.
	last := lastWord(s.text)
	s.statement()
	for s.at < last {
		c := s.text[s.at]
		if !interesting[c] {
			s.at++
			continue
		}
		switch c {
		case '\n', '\r', ';', ':':
			s.at++
			s.statement()
		case '#':
			s.comment()
		case '"', '\'':
			s.quoted(c)
		case '\\':
			s.at += 2
		}
	}
	return r.found
}

// intern is a part of the text as a string that may be kept.
func (r *Reader) intern(word []byte) string {
	if known, ok := r.words[string(word)]; ok {
		return known
	}
	kept := string(word)
	r.words[kept] = kept
	return kept
}

// lastWord is the offset of the last "import" in a text, -1 if there is none.
func lastWord(text []byte) int {
	last := -1
	for at := 0; ; {
		next := bytes.Index(text[at:], []byte("import"))
		if next < 0 {
			return last
		}
		last = at + next
		at = last + len("import")
	}
}

// interesting are the bytes that the scanner stops at.
var interesting = [256]bool{'\n': true, '\r': true, ';': true, ':': true, '#': true, '"': true, '\'': true, '\\': true}

type scanner struct {
	*Reader
	text []byte
	at   int
}

// statement reads an import if one starts here.
func (s *scanner) statement() {
	s.blanks()
	if first := s.byteAt(s.at); first != 'i' && first != 'f' {
		return
	}
	if line := s.plainLine(); line == nil {
		s.read()
	} else if known, ok := s.lines[string(line)]; ok {
		s.found = append(s.found, known...)
		s.at += len(line)
	} else {
		before := len(s.found)
		if s.read(); len(s.found) > before {
			s.lines[string(line)] = slices.Clone(s.found[before:])
		}
	}
}

// plainLine is the rest of the line, nil if it doesn't mean the same wherever
// it stands.
func (s *scanner) plainLine() []byte {
	length := bytes.IndexByte(s.text[s.at:], '\n')
	if length < 0 || length > maxPlain {
		return nil
	}
	line := s.text[s.at : s.at+length]
	for _, c := range line {
		if !isLetter(c) && c != '.' && c != ' ' && c != ',' && c != '*' {
			return nil
		}
	}
	return line
}

// maxPlain is the length in bytes up to which a line is remembered.
const maxPlain = 120

// read reads an import if one starts here.
func (s *scanner) read() {
	start := s.at
	switch {
	case s.word("import"):
		for {
			name, _ := s.dotted()
			if name == "" {
				break
			}
			s.found = append(s.found, Import{Module: name})
			s.alias()
			if !s.take(',') {
				return
			}
		}
	case s.word("from"):
		name, level := s.dotted()
		if name == "" && level == 0 || !s.word("import") {
			break
		}
		s.found = append(s.found, Import{Module: name, Level: level, From: true, Names: s.names()})
		return
	}
	if s.at > start && !s.atEnd() {
		// It was none: what follows the word may hold strings.
		s.at = start + 1
	}
}

// names reads what `from m import` imports.
func (s *scanner) names() []string {
	if s.take('*') {
		return star
	}
	parentheses := s.take('(')
	if s.Reader.names == nil {
		s.Reader.names = make([]string, 0, 32)
	}
	start := len(s.Reader.names)
	for {
		if s.blanks(); parentheses {
			s.space()
		}
		name := s.identifier()
		if name == nil {
			break
		}
		s.Reader.names = append(s.Reader.names, s.intern(name))
		if parentheses {
			s.space()
		}
		s.alias()
		if parentheses {
			s.space()
		}
		if !s.take(',') {
			break
		}
	}
	return slices.Clip(s.Reader.names[start:])
}

var star = []string{"*"}

// alias passes over `as name`.
func (s *scanner) alias() {
	if s.word("as") {
		s.blanks()
		s.identifier()
	}
}

// dotted reads a module's name and the dots before it.
func (s *scanner) dotted() (name string, level int) {
	s.blanks()
	for s.at < len(s.text) && (s.text[s.at] == '.' || s.text[s.at] == ' ' && level > 0) {
		if s.text[s.at] == '.' {
			level++
		}
		s.at++
	}
	start := s.at
	plain := true // written without blanks around the dots
	var parts [][]byte
	for {
		if level > 0 && bytes.HasPrefix(s.text[s.at:], []byte("import")) && !isLetter(s.byteAt(s.at+len("import"))) {
			break
		}
		part := s.identifier()
		if part == nil {
			break
		}
		parts = append(parts, part)
		end := s.at
		s.blanks()
		if !s.take('.') {
			s.at = end
			break
		}
		plain = plain && s.at == end+1
		before := s.at
		s.blanks()
		plain = plain && s.at == before
	}
	switch {
	case len(parts) == 0:
		return "", level
	case plain:
		return s.intern(bytes.TrimSuffix(s.text[start:s.at], []byte("."))), level
	}
	return s.intern(bytes.Join(parts, []byte("."))), level
}

func (s *scanner) identifier() []byte {
	start := s.at
	for s.at < len(s.text) && isLetter(s.text[s.at]) {
		s.at++
	}
	if s.at == start {
		return nil
	}
	return s.text[start:s.at]
}

// isLetter tells whether a byte may be part of a name; of a name in another
// alphabet all bytes are.
func isLetter(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_' || c >= '0' && c <= '9' || c >= 0x80
}

// word takes a keyword, with the blanks before it.
func (s *scanner) word(word string) bool {
	start := s.at
	s.blanks()
	if end := s.at + len(word); end <= len(s.text) && string(s.text[s.at:end]) == word && !isLetter(s.byteAt(end)) {
		s.at = end
		return true
	}
	s.at = start
	return false
}

// take takes a byte, with the blanks before it.
func (s *scanner) take(c byte) bool {
	start := s.at
	s.blanks()
	if s.byteAt(s.at) == c {
		s.at++
		return true
	}
	s.at = start
	return false
}

// blanks passes over blanks and joined lines.
func (s *scanner) blanks() {
	for s.at < len(s.text) {
		switch c := s.text[s.at]; {
		case c == ' ' || c == '\t' || c == '\f':
			s.at++
		case c == '\\' && s.byteAt(s.at+1) == '\n':
			s.at += 2
		case c == '\\' && s.byteAt(s.at+1) == '\r':
			s.at += 2
			if s.byteAt(s.at) == '\n' {
				s.at++
			}
		default:
			return
		}
	}
}

// space passes over all that may stand between names in parentheses.
func (s *scanner) space() {
	for {
		s.blanks()
		switch s.byteAt(s.at) {
		case '\n', '\r':
			s.at++
		case '#':
			s.comment()
		default:
			return
		}
	}
}

func (s *scanner) comment() {
	for s.at < len(s.text) && s.text[s.at] != '\n' && s.text[s.at] != '\r' {
		s.at++
	}
}

// quoted passes over a string. One that isn't closed ends with its line, or
// with the text.
func (s *scanner) quoted(quote byte) {
	if s.byteAt(s.at+1) == quote && s.byteAt(s.at+2) == quote {
		s.triple(quote)
		return
	}
	for s.at++; s.at < len(s.text); s.at++ {
		switch s.text[s.at] {
		case quote:
			s.at++
			return
		case '\\':
			if s.byteAt(s.at+1) == '\r' && s.byteAt(s.at+2) == '\n' {
				s.at++
			}
			s.at++
		case '\n', '\r':
			return
		}
	}
}

func (s *scanner) triple(quote byte) {
	for s.at += 3; s.at < len(s.text); {
		next := bytes.IndexByte(s.text[s.at:], quote)
		if next < 0 {
			break
		}
		escaped := false
		for back := s.at + next - 1; back >= s.at && s.text[back] == '\\'; back-- {
			escaped = !escaped
		}
		s.at += next
		if !escaped && s.byteAt(s.at+1) == quote && s.byteAt(s.at+2) == quote {
			s.at += 3
			return
		}
		s.at++
	}
	s.at = len(s.text)
}

// byteAt is the byte at an offset, 0 behind the text.
func (s *scanner) byteAt(at int) byte {
	if at < len(s.text) {
		return s.text[at]
	}
	return 0
}

// atEnd tells whether a statement may end here.
func (s *scanner) atEnd() bool {
	switch s.byteAt(s.at) {
	case 0, '\n', '\r', ';', '#':
		return true
	}
	return false
}
