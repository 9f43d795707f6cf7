package notebook

import (
	"bytes"
	"strings"
	"unicode/utf8"
)

// pythonMagics are the cell magics that run the rest of the cell as the
// notebook's own Python (IPython/core/magics).
var pythonMagics = map[string]bool{"capture": true, "debug": true, "prun": true, "time": true}

// bindNone are the magics that give the notebook no names. Others may, and so
// do these with a statement behind them.
var bindNone = map[string]bool{
	"alias": true, "autoreload": true, "autosave": true, "bash": true, "cat": true, "cd": true, "colors": true, "conda": true,
	"config": true, "cp": true, "dirs": true, "env": true, "history": true, "html": true, "HTML": true, "javascript": true,
	"js": true, "latex": true, "load_ext": true, "logstart": true, "logstop": true, "ls": true, "lsmagic": true, "mamba": true,
	"man": true, "markdown": true, "matplotlib": true, "micromamba": true, "mkdir": true, "mv": true, "pdb": true,
	"pdoc": true, "pinfo": true, "pip": true, "precision": true, "psource": true, "pwd": true, "pycat": true,
	"reload_ext": true, "rm": true, "rmdir": true, "set_env": true, "sh": true, "svg": true, "system": true,
	"time": true, "timeit": true, "unload_ext": true, "uv": true, "who": true, "who_ls": true, "whos": true,
	"writefile": true, "xmode": true,
}

// statements are the magics that run what stands behind them.
var statements = map[string]bool{"debug": true, "prun": true, "time": true}

// commands are magics that people write without the percent sign, as IPython
// lets them (IPython/core/magics/auto.py:automagic).
var commands = map[string]bool{
	"cat": true, "cd": true, "conda": true, "cp": true, "ls": true, "mamba": true, "micromamba": true,
	"mkdir": true, "mv": true, "pip": true, "pwd": true, "rm": true, "uv": true,
}

// operators are the words that stand behind a name in Python.
var operators = map[string]bool{"and": true, "else": true, "for": true, "if": true, "in": true, "is": true, "not": true, "or": true}

// Python is the text of a cell without what only IPython understands: magics,
// shell commands and questions become comments, and where the value of one is
// assigned, that of the name _, which IPython sets. Lines and columns stay.
// binds is a magic that may give the notebook more names than its Python does,
// "" if none does.
func Python(cell []byte) (text []byte, binds string) {
	s := scanner{text: bytes.Clone(cell)}
	if first := bytes.TrimLeft(s.text, " \t\f\r\n"); bytes.HasPrefix(first, []byte("%%")) {
		s.at = len(s.text) - len(first)
		name := word(first[2:])
		s.magic(s.at)
		for first := true; s.at < len(s.text) && (first || !pythonMagics[name]); first = false {
			s.at = comment(s.text, s.at)
		}
	}
	for s.at < len(s.text) {
		s.statement()
	}
	return s.text, s.binds
}

// magic notes the magic at an offset, if it may bind names.
func (s *scanner) magic(at int) {
	line := s.text[at:lineEnd(s.text, at)]
	marked := bytes.TrimLeft(line, "%")
	if s.binds != "" || len(marked) == len(line) {
		return
	}
	name := word(marked)
	given := len(bytes.TrimSpace(marked[len(name):])) > 0
	if name != "" && (!bindNone[name] && (name != "capture" || given) || statements[name] && given) {
		s.binds = string(line[:len(line)-len(marked)]) + name
	}
}

// comment makes the line at an offset a comment, and returns where the next one
// starts.
func comment(text []byte, at int) int {
	end := lineEnd(text, at)
	if len(bytes.TrimSpace(text[at:end])) > 0 {
		_, size := utf8.DecodeRune(text[at:])
		text[at] = '#'
		for i := 1; i < size; i++ {
			text[at+i] = ' '
		}
	}
	return afterLineEnd(text, end)
}

// scanner goes through Python's logical lines. It needs no more of their
// tokens than tell where they end.
type scanner struct {
	text []byte
	at   int
	// binds is what Python returns.
	binds string
}

// statement goes through a logical line, and makes a comment of what is no
// Python.
func (s *scanner) statement() {
	start := s.at
	for s.at < len(s.text) && strings.IndexByte(" \t\f", s.text[s.at]) >= 0 {
		s.at++
	}
	if s.at == len(s.text) {
		return
	}
	if strings.IndexByte("%!?/,;", s.text[s.at]) >= 0 || isCommand(s.text[s.at:lineEnd(s.text, s.at)]) {
		s.magic(s.at)
		s.hide(start)
		return
	}
	first, depth, question, assigned := s.at, 0, -1, false
	for s.at < len(s.text) {
		switch c := s.text[s.at]; c {
		case '\'', '"':
			question = -1
			s.quoted()
			continue
		case '#':
			question = -1
			s.at = lineEnd(s.text, s.at)
			continue
		case '(', '[', '{':
			depth++
		case ')', ']', '}':
			depth = max(0, depth-1)
		case '?':
			if question < 0 && s.at > first && isAskable(s.text[s.at-1]) {
				question = s.at
			}
			s.at++
			continue
		case '\\':
			if end := s.at + 1; end < len(s.text) && isLineEnd(s.text[end]) {
				s.at = afterLineEnd(s.text, end)
				continue
			}
		case '=':
			if depth == 0 && !assigned && s.isAssignment(first) {
				if s.assigns() {
					return
				}
				assigned = true
			}
		case '\r', '\n':
			if depth == 0 {
				if question > first {
					comment(s.text, first)
				}
				s.at = afterLineEnd(s.text, s.at)
				return
			}
		}
		if strings.IndexByte(" \t\f\r\n", s.text[s.at]) < 0 {
			question = -1
		}
		s.at++
	}
	if question > first && depth == 0 {
		comment(s.text, first)
	}
}

// hide makes the line that s is at a comment, with the lines that a backslash
// continues it to. An indented one may be all that a block has: there a
// statement stays that does nothing.
func (s *scanner) hide(start int) {
	if s.at > start {
		s.text[s.at] = '0'
		if s.at++; s.at == lineEnd(s.text, s.at) {
			s.at = afterLineEnd(s.text, s.at)
			return
		}
	}
	s.hideRest()
}

// hideRest makes a comment of the rest of the line, and of the lines that a
// backslash continues it to.
func (s *scanner) hideRest() {
	for more := true; more && s.at < len(s.text); {
		more = bytes.HasSuffix(s.text[s.at:lineEnd(s.text, s.at)], []byte(`\`))
		s.at = comment(s.text, s.at)
	}
}

// isAssignment tells whether the equals sign that s is at is no part of another
// operator.
func (s *scanner) isAssignment(first int) bool {
	return s.at == first || strings.IndexByte("=!<>+-*/%&|^@:", s.text[s.at-1]) < 0 && !bytes.HasPrefix(s.text[s.at:], []byte("=="))
}

// isAskable tells whether a question may be asked of what ends with a character
// (IPython/core/inputtransformer2.py:_help_end_re).
func isAskable(c byte) bool { return c == '*' || c == ']' || word([]byte{'_', c}) != "_" }

// assigns tells whether the assignment that s is at is of what a magic or a shell
// command gives, and goes behind it then.
func (s *scanner) assigns() bool {
	value := s.at + 1
	for value < len(s.text) && (s.text[value] == ' ' || s.text[value] == '\t') {
		value++
	}
	if value == len(s.text) || s.text[value] != '!' && s.text[value] != '%' {
		return false
	}
	s.text[value] = '_'
	s.at = value + 1
	s.hideRest()
	return true
}

// quoted goes behind the string that starts where s is. One in single quotes
// ends with its line at last.
func (s *scanner) quoted() {
	quote := s.text[s.at : s.at+1]
	if triple := bytes.Repeat(quote, 3); bytes.HasPrefix(s.text[s.at:], triple) {
		quote = triple
	}
	for s.at += len(quote); s.at < len(s.text); {
		switch c := s.text[s.at]; {
		case bytes.HasPrefix(s.text[s.at:], quote):
			s.at += len(quote)
			return
		case c == '\\' && s.at+1 < len(s.text):
			if s.at++; isLineEnd(s.text[s.at]) {
				s.at = afterLineEnd(s.text, s.at)
				continue
			}
		case isLineEnd(c) && len(quote) == 1:
			return
		}
		s.at++
	}
}

// isCommand tells whether a line is a command that isn't marked as one: a word
// behind another is no Python.
func isCommand(line []byte) bool {
	name := word(line)
	if !commands[name] {
		return false
	}
	rest := line[len(name):]
	after := bytes.TrimLeft(rest, " \t")
	switch {
	case len(after) == 0:
		return true
	case len(after) == len(rest):
		return false
	}
	next := word(after)
	return next != "" && !operators[next] || bytes.HasPrefix(after, []byte("..")) || after[0] == '~'
}

// word is the name that a text starts with, "" if it starts with none.
func word(text []byte) string {
	end := 0
	for end < len(text) {
		c := text[end]
		letter := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_' || c >= utf8.RuneSelf
		if !letter && (end == 0 || c < '0' || c > '9') {
			break
		}
		end++
	}
	return string(text[:end])
}

func isLineEnd(c byte) bool { return c == '\r' || c == '\n' }

// lineEnd is where the line at an offset ends.
func lineEnd(text []byte, at int) int {
	if end := bytes.IndexAny(text[at:], "\r\n"); end >= 0 {
		return at + end
	}
	return len(text)
}

// afterLineEnd is where the line starts behind the end of one.
func afterLineEnd(text []byte, end int) int {
	switch {
	case end == len(text):
		return end
	case bytes.HasPrefix(text[end:], []byte("\r\n")):
		return end + 2
	}
	return end + 1
}
