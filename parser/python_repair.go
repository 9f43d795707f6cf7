package parser

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// maxRepairs ends the repair of a text: one with more mistakes is no Python,
// and each costs a look back.
const maxRepairs = 50

// pythonScanner reads a text's tokens as far as brackets, strings and the
// starts of statements go. What it finds wrong it reports, and repairs so that
// one mistake doesn't hide what follows: an unclosed bracket would swallow the
// rest of the file.
type pythonScanner struct {
	text     []byte
	pos      int
	repairs  []repair
	choices  int // how many of the repairs are brackets around annotations
	mistakes []mistake
	// joints are the line ends within brackets, each with the comment before.
	joints []Span
	// comments are the comments, multiline the strings that have several lines.
	comments, multiline []Span
	// starts are where statements without indentation start, a decorated one
	// at its first decorator, and none for the branches of one, like else.
	starts    []int
	decorated bool // the last of them is a decorator

	// dangling: a line ends with an operator, outside of brackets. The grammar
	// has the next line go on with it, Python doesn't.
	dangling bool

	// strings are the triple-quoted strings so far.
	strings []tripleString

	line logicalLine
}

// logicalLine is the state within a statement, as far as Python's logical
// lines go.
type logicalLine struct {
	start, indent int
	keyword       string // the first word
	open          []bracket
	last          token
	arrow         int  // the end of the token before `->` at the innermost bracket, 0 if none
	colon, parens bool // outside brackets
	assigns       bool // there was an equals sign outside brackets
	annotation    annotation
	reported      bool
	// way is where the open brackets would better have been closed.
	way *wayOut
}

type bracket struct {
	at     int
	closer byte
}

type token struct {
	Span
	kind tokenKind
}

type tokenKind int

const (
	operator tokenKind = iota
	operand            // a name, a number
	text               // a string, which may follow another
	keyword            // that takes an operand
)

// wayOut is a line end within brackets at which a statement may have ended.
type wayOut struct {
	at   int // behind the last token
	next int // the start of the next line
	open []bracket
	last token
}

type tripleString struct{ at, indent, end int }

// scanPython scans the whole text.
func scanPython(text []byte) *pythonScanner {
	s := &pythonScanner{text: text}
	for s.pos < len(s.text) && len(s.repairs)-s.choices < maxRepairs {
		s.statement()
	}
	return s
}

// statement scans one logical line.
func (s *pythonScanner) statement() {
	start, indent := s.pos, 0
	for s.pos < len(s.text) && strings.IndexByte(" \t\f", s.text[s.pos]) >= 0 {
		s.pos++
	}
	indent = s.pos - start
	s.line = logicalLine{start: s.pos, indent: indent, keyword: wordAt(s.text, s.pos)}
	if indent == 0 && s.pos < len(s.text) && strings.IndexByte("\r\n#", s.text[s.pos]) < 0 {
		if !s.decorated && !branchKeywords[s.line.keyword] {
			s.starts = append(s.starts, s.pos)
		}
		s.decorated = s.text[s.pos] == '@'
	}
	for s.pos < len(s.text) {
		c := s.text[s.pos]
		switch {
		case c == '\n' || c == '\r':
			if len(s.line.open) == 0 {
				s.endStatement()
				s.pos++
				return
			}
			if s.lineBreak() {
				return
			}
		case c == '#':
			s.pos = s.comment(s.pos)
		case c == '\\' && s.pos+1 < len(s.text):
			s.pos += 2
		case c == '"' || c == '\'':
			s.quoted(s.pos)
		case isWord(c):
			s.word()
		case strings.IndexByte("([{", c) >= 0:
			s.line.parens = s.line.parens || c == '(' && len(s.line.open) == 0
			s.line.open = append(s.line.open, bracket{at: s.pos, closer: closers[c]})
			s.line.arrow = 0
			s.operator(1)
		case strings.IndexByte(")]}", c) >= 0:
			s.closer(c)
		case c == ' ' || c == '\t' || c == '\f':
			s.pos++
		default:
			s.punctuation(c)
		}
	}
	if len(s.line.open) > 0 {
		s.unclosed(s.pos)
		return
	}
	s.endStatement()
}

var branchKeywords = setOf("elif else except finally")

var closers = map[byte]byte{'(': ')', '[': ']', '{': '}'}

func (s *pythonScanner) operator(length int) {
	s.line.last = token{Span: Span{Start: s.pos, End: s.pos + length}, kind: operator}
	s.pos += length
}

func (s *pythonScanner) punctuation(c byte) {
	rest := s.text[s.pos:]
	switch {
	case bytes.HasPrefix(rest, []byte("->")):
		s.line.arrow = s.line.last.End
		s.operator(2)
		return
	case len(s.line.open) > 0:
	case c == ':' && !bytes.HasPrefix(rest, []byte(":=")):
		s.line.colon = true
		s.annotate()
	case c == '=' && s.isAssignment():
		s.endAnnotation()
		s.line.assigns = true
	case c == ';':
		s.endAnnotation()
		s.line.assigns = false
	}
	s.operator(1)
}

// keywordsBeforeOperands are the words after which an expression goes on.
var keywordsBeforeOperands = setOf("and as assert async await class def del elif else except for from global if " +
	"import in is lambda nonlocal not or raise return while with yield")

func (s *pythonScanner) word() {
	end := s.pos
	for end < len(s.text) && isWord(s.text[end]) {
		end++
	}
	if word := string(s.text[s.pos:end]); end < len(s.text) && isQuote(s.text[end]) && stringPrefix(word) {
		s.quoted(end)
		return
	}
	s.choose(string(s.text[s.pos:end]))
	kind := operand
	if keywordsBeforeOperands[string(s.text[s.pos:end])] {
		kind = keyword
	}
	s.line.last = token{Span: Span{Start: s.pos, End: end}, kind: kind}
	s.pos = end
}

// closer scans a closing bracket.
func (s *pythonScanner) closer(c byte) {
	open := s.line.open
	here := Span{Start: s.pos, End: s.pos + 1}
	switch depth := len(open); {
	case depth == 0:
		s.report(here, fmt.Sprintf("%q closes nothing", c))
		s.fix(here, " ")
		s.pos++
		return
	case open[depth-1].closer == c:
		s.line.open = open[:depth-1]
	case slices.ContainsFunc(open, func(b bracket) bool { return b.closer == c }):
		s.reportUnclosed(open[depth-1])
		for depth--; open[depth].closer != c; depth-- {
			s.fix(Span{Start: s.pos, End: s.pos}, string(open[depth].closer))
		}
		s.line.open = open[:depth]
	default:
		s.report(here, fmt.Sprintf("%q doesn't close %q", c, s.text[open[depth-1].at]))
		s.fix(here, string(open[depth-1].closer))
		s.line.open = open[:depth-1]
	}
	if len(s.line.open) == 0 {
		s.line.way = nil
	}
	s.line.last = token{Span: here, kind: operand}
	s.pos++
}

// lineBreak scans a line end within brackets. It tells whether the statement
// ended there: the brackets should have been closed.
func (s *pythonScanner) lineBreak() bool {
	end, next := s.pos, s.pos
	for next < len(s.text) {
		next++
		rest := bytes.TrimLeft(s.text[next:], " \t\f\r\n")
		if len(rest) == 0 || rest[0] != '#' {
			break
		}
		next = s.comment(len(s.text) - len(rest))
	}
	line := bytes.TrimLeft(s.text[next:], " \t\f\r\n")
	if len(line) == 0 {
		s.pos = len(s.text)
		return false // the end of the text decides
	}
	at := len(s.text) - len(line)
	line = line[:lineLength(line)]
	next = bytes.LastIndexAny(s.text[:at], "\r\n") + 1
	s.joints = append(s.joints, Span{Start: s.line.last.End, End: next})
	if at-next <= s.line.indent && strings.IndexByte(")]}", line[0]) < 0 && s.line.way == nil {
		s.line.way = &wayOut{at: s.line.last.End, next: next, open: slices.Clone(s.line.open), last: s.line.last}
	}
	switch {
	case s.startsStatement(line, at-next) || s.startsBlock(line):
		s.unclosed(next)
		return true
	case s.operandFollows(line):
		if at-next <= s.line.indent {
			s.unclosed(next)
			return true
		}
		s.report(Span{Start: at, End: at + max(1, len(wordAt(s.text, at)))}, "a comma is missing before this")
		s.fix(Span{Start: s.line.last.End, End: s.line.last.End}, ",")
		s.line.last.kind = operator
	}
	s.pos = max(next, end+1)
	return false
}

var (
	// statementLine are lines that start with what no expression has.
	statementLine = regexp.MustCompile(`^(?:(?:def|class|return|import|while|with|try|except|finally|raise|del|pass|break|continue|global|nonlocal|assert|elif)\b|async\s+(?:def|with)\b|from\s+[\w.]+\s+import\b|else\s*:)`)
	// outerLine are lines that, further left, start a statement.
	outerLine = regexp.MustCompile(`^(?:@[\pL_]|(?:if|for|else)\b.*:\s*(?:#.*)?$|[\pL_][\w.]*\s+=\s|[\pL_]\w*\s*:\s*[\w\[\], .]+\s=\s)`)
)

// startsStatement tells whether a line can't go on within brackets.
func (s *pythonScanner) startsStatement(line []byte, indent int) bool {
	return statementLine.Match(line) || indent <= s.line.indent && outerLine.Match(line)
}

// startsBlock tells whether the line before, which ended with a colon, was a
// block's first line, with a bracket left open.
func (s *pythonScanner) startsBlock(line []byte) bool {
	last := s.line.open[len(s.line.open)-1]
	if !blockKeywords[s.line.keyword] || last.closer != ')' || s.text[s.line.last.Start] != ':' {
		return false
	}
	if bytes.Contains(s.text[last.at:s.line.last.Start], []byte("lambda")) {
		return false
	}
	// The annotation of a parameter may stand on the next line.
	return s.line.keyword != "def" || s.line.arrow > last.at || codeLine.Match(line) || isQuote(line[0])
}

var keywordsBetweenOperands = setOf("and as async else for from if in is not or")

// operandFollows tells whether a line starts with an operand though an operand
// went before.
func (s *pythonScanner) operandFollows(line []byte) bool {
	word := wordAt(line, 0)
	isText := isQuote(line[0]) || len(word) < len(line) && isQuote(line[len(word)]) && stringPrefix(word)
	switch s.line.last.kind {
	case operand:
		return isText || word != "" && !keywordsBetweenOperands[word]
	case text:
		return !isText && word != "" && !keywordsBetweenOperands[word]
	}
	return false
}

// unclosed reports the brackets that are open, closes them and goes on with
// the next statement.
func (s *pythonScanner) unclosed(next int) {
	way := s.line.way
	if way == nil {
		way = &wayOut{at: s.line.last.End, next: next, open: s.line.open, last: s.line.last}
	}
	at, innermost := way.at, way.open[len(way.open)-1]
	// Of what was read beyond, nothing counts.
	s.forget(way.next)
	s.reportUnclosed(innermost)
	if blockKeywords[s.line.keyword] && s.text[way.last.Start] == ':' {
		// `if f(a:`, and `def f(a: int -> int:`
		at = way.last.Start
		if s.line.arrow > innermost.at && s.line.arrow < at {
			at = s.line.arrow
		}
		s.line.colon = true
	}
	for _, open := range slices.Backward(way.open) {
		s.fix(Span{Start: at, End: at}, string(open.closer))
	}
	s.line.last, s.line.open = token{Span: Span{Start: at - 1, End: at}, kind: operand}, nil
	s.pos = way.next
	s.endStatement()
}

// forget drops what was found from an offset on.
func (s *pythonScanner) forget(from int) {
	s.repairs = slices.DeleteFunc(s.repairs, func(r repair) bool { return r.span.Start >= from })
	s.strings = slices.DeleteFunc(s.strings, func(t tripleString) bool { return t.at >= from })
	s.starts = slices.DeleteFunc(s.starts, func(start int) bool { return start >= from })
	behind := func(span Span) bool { return span.Start >= from }
	s.comments, s.multiline = slices.DeleteFunc(s.comments, behind), slices.DeleteFunc(s.multiline, behind)
	before := len(s.mistakes)
	s.mistakes = slices.DeleteFunc(s.mistakes, func(m mistake) bool { return m.Span.Start >= from })
	s.line.reported = s.line.reported && len(s.mistakes) == before
}

func (s *pythonScanner) reportUnclosed(open bracket) {
	s.report(Span{Start: open.at, End: open.at + 1}, fmt.Sprintf("%q is never closed", s.text[open.at]))
}

var blockKeywords = setOf("async class def elif else except finally for if try while with")

// placeholder is what repairs put where an operand is to come: it has no place
// in the text, and thus is read as a bad expression.
const placeholder = "_"

// endsOpen tells whether a statement lacks an operand behind its last token.
func (s *pythonScanner) endsOpen() bool {
	last := s.line.last
	word := string(s.text[last.Start:last.End])
	switch last.kind {
	case operator:
		switch {
		case word == "*" && s.line.keyword == "from",
			word == "." && (bytes.HasSuffix(s.text[:last.End], []byte("...")) || endsWithNumber(s.text[:last.Start])):
			return false
		}
		return word != "" && word != "->" && strings.Trim(word, ".=+-*/%|&^~<>") == ""
	case keyword:
		return last.Start > s.line.start && keywordsBeforeRight[word]
	}
	return false
}

// endsWithNumber tells whether the word at the end begins with a digit: `5.` is
// a number.
func endsWithNumber(text []byte) bool {
	start := len(text)
	for start > 0 && isWord(text[start-1]) {
		start--
	}
	return start < len(text) && text[start] >= '0' && text[start] <= '9'
}

// mayDangle tells whether a line of the text may end with an operator outside
// of brackets. It is quick, and finds too many.
func mayDangle(text []byte) bool {
	for len(text) > 0 {
		line := text[:lineLength(text)]
		text = text[min(len(text), len(line)+1):]
		code, _, _ := bytes.Cut(line, []byte("#"))
		if endsWithOperator(line) || len(code) < len(line) && endsWithOperator(code) {
			return true
		}
	}
	return false
}

func endsWithOperator(line []byte) bool {
	line = bytes.TrimRight(line, " \t\f")
	if len(line) == 0 {
		return false
	}
	if last := line[len(line)-1]; !isWord(last) {
		return strings.IndexByte(".=+-*/%|&^~<>", last) >= 0
	}
	start := len(line)
	for start > 0 && isWord(line[start-1]) && len(line)-start < 4 {
		start--
	}
	return len(line)-start < 4 && keywordsBeforeRight[string(line[start:])]
}

// keywordsBeforeRight are the words behind which, within a statement, an
// operand must follow.
var keywordsBeforeRight = setOf("and as in is not or")

// endStatement looks for the operand behind the last operator, and for the
// colon that a block's first line ends with.
func (s *pythonScanner) endStatement() {
	s.endAnnotation()
	last := s.line.last
	if s.endsOpen() {
		s.dangling = true
		s.report(last.Span, fmt.Sprintf("something is missing behind `%s`", s.text[last.Start:last.End]))
		space := ""
		if last.kind == keyword {
			space = " "
		}
		s.fix(Span{Start: last.End, End: last.End}, space+placeholder)
		s.line.last = token{Span: Span{Start: last.End, End: last.End}, kind: operand}
		last = s.line.last
	}
	if blockKeywords[s.line.keyword] && !s.line.colon && last.End > 0 {
		word, end := s.line.keyword, Span{Start: last.End, End: last.End}
		if word == "async" {
			word = wordAt(s.text, s.line.start+len(word)+1)
		}
		switch {
		case word == "def" && last.kind == operand && !s.line.parens:
			s.report(last.Span, "the parameters and ':' are missing")
			s.fix(end, "():")
		case word == "def" && last.kind == operator && s.line.arrow > 0 && s.text[last.Start] == '-':
			s.report(last.Span, "the type that is returned and ':' are missing")
			s.fix(end, " None:")
		case last.kind == operand || last.kind == text || last.Start == s.line.start:
			s.report(last.Span, "':' is missing")
			s.fix(end, ":")
		}
	}
	for i := range s.mistakes {
		if m := &s.mistakes[i]; m.statement.End == 0 {
			m.statement.End = max(s.pos, m.Span.End)
		}
	}
}

// report notes a mistake, the first of a statement only.
func (s *pythonScanner) report(span Span, message string) {
	if s.line.reported {
		return
	}
	s.line.reported = true
	s.mistakes = append(s.mistakes, mistake{
		SyntaxError: SyntaxError{Span: span, Message: message},
		statement:   Span{Start: s.line.start},
	})
}

// fix keeps the repairs in order.
func (s *pythonScanner) fix(span Span, text string) {
	i := len(s.repairs)
	for i > 0 && (s.repairs[i-1].span.Start > span.Start || s.repairs[i-1].span.End > span.End) {
		i--
	}
	s.repairs = slices.Insert(s.repairs, i, repair{span: span, text: text})
}
