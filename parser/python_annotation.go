package parser

import (
	"bytes"
	"strings"
)

// annotation is what a statement has of `target: type`. The grammar can't read
// all types there, `x: A[b] if c else D[e]`: it takes the type to end at `if`,
// and may take what follows for an if statement. In brackets it can.
type annotation struct {
	start  int // behind the colon, 0 if there is none
	choice choice
}

type choice int

const (
	noChoice choice = iota
	withIf
	withElse
)

// annotate starts the annotation of a statement, behind a colon that is outside
// of brackets.
func (s *pythonScanner) annotate() {
	if keyword := s.line.keyword; s.line.annotation.start == 0 && !s.line.assigns &&
		!blockKeywords[keyword] && keyword != "match" && keyword != "case" {
		s.line.annotation.start = s.pos + 1
	}
}

// choose notes that a word is part of an annotation.
func (s *pythonScanner) choose(word string) {
	a := &s.line.annotation
	switch {
	case a.start == 0 || len(s.line.open) > 0:
	case word == "if" && a.choice == noChoice:
		a.choice = withIf
	case word == "else" && a.choice == withIf:
		a.choice = withElse
	}
}

// endAnnotation puts an annotation that ends here in brackets, if the grammar
// needs them.
func (s *pythonScanner) endAnnotation() {
	if a := s.line.annotation; a.choice == withElse {
		s.fix(Span{Start: a.start, End: a.start}, "(")
		s.fix(Span{Start: s.line.last.End, End: s.line.last.End}, ")")
		s.choices += 2
	}
	s.line.annotation = annotation{}
}

// isAssignment tells whether an equals sign assigns.
func (s *pythonScanner) isAssignment() bool {
	return !bytes.HasPrefix(s.text[s.pos:], []byte("==")) && (s.pos == 0 || strings.IndexByte("=<>!:", s.text[s.pos-1]) < 0)
}
