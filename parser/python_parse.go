package parser

import (
	"bytes"
	"iter"

	"github.com/flyte-lsp/flyte-lsp/parser/syntax"
)

// start is what the parse of an edited text starts from: the newest parse that
// has no errors, and what was made of it; nil if that was another text.
type start struct {
	parsed *syntax.Parsed
	built  *built
}

// parsePython parses and reads a Python text. What doesn't parse is repaired
// as far as it can be, so that the rest is read as if there were no mistake.
// What it returns with the module is what the next parse can start from.
//
// readBody, if not nil, reads the bodies of functions without mistakes when they
// are asked for.
func parsePython(source *Source, base start, readBody bodyReader) (*Module, start) {
	parsed := syntax.ParseValid(syntax.PythonGrammar(), source.Text(), base.parsed)
	if parsed == nil {
		return parseBroken(source, base, readBody)
	}
	if mayDangle(source.Text()) && scanPython(source.Text()).dangling {
		parsed.Close()
		return parseBroken(source, base, readBody)
	}
	tree := parsed.Tree()
	made := buildModule(source, tree, readBody, base.built)
	module := &Module{Language: Python, Source: source, AST: made.module, Errors: mergeMistakes(nil, made.mistakes)}
	return module, start{parsed: parsed, built: made}
}

// parseBroken is parsePython for a text that has mistakes. What it does
// depends on the text alone; base saves time only.
func parseBroken(source *Source, base start, readBody bodyReader) (*Module, start) {
	scan := scanPython(source.Text())
	mended, mendedScan := applyRepairs(source.Text(), scan.repairs), scan
	if len(scan.repairs) > 0 {
		mendedScan = scanPython(mended.text)
	}
	parsed, tree, unread := parseParts(mended.text, mendedScan, base.parsed)
	if tree == nil {
		parsed, unread = syntax.Parse(syntax.PythonGrammar(), mended.text), nil
		if tree = parsed.Tree(); parsed.GaveUp() {
			unread = []Span{{End: len(mended.text)}}
		}
	}
	if len(mended.repairs) > 0 {
		tree.Move(mended.original)
	}
	made := buildModule(source, tree, readBody, base.built)
	for i := range made.tops {
		made.tops[i].repaired = mended.within(made.tops[i].Span)
	}
	others := append(made.mistakes, treeMistakes(source, tree.Root(), made.mended)...)
	for _, part := range unread {
		others = append(others, tooBroken(source, Span{Start: mended.original(part.Start), End: mended.original(part.End)}))
	}
	module := &Module{
		Language: Python, Source: source, AST: made.module, Errors: mergeMistakes(scan.mistakes, others),
	}
	return module, start{parsed: parsed, built: made}
}

// parseParts parses a text that has mistakes, statement by statement as far
// as those without indentation go, each with what is indented below it: a
// mistake then breaks its own part only, and most parts were parsed before,
// with base. The parse it returns is of the text without the broken parts, the
// tree has them all, but for those that are unread as they are too broken.
// There is no tree if that doesn't help.
func parseParts(text []byte, scan *pythonScanner, base *syntax.Parsed) (parsed *syntax.Parsed, tree *syntax.Tree, unread []Span) {
	whole := bytes.Clone(text)
	var broken []syntax.Part
	for part := range scan.parts() {
		if isSound(text, part, base) {
			continue
		}
		tree, gaveUp := parsePart(whole, part, scan.joints, len(unread) > 0)
		switch {
		case gaveUp:
			unread = append(unread, part)
		case tree != nil:
			broken = append(broken, syntax.Part{Tree: tree, Offset: part.Start})
		default:
			continue
		}
		blankLines(whole, part)
	}
	parsed = syntax.ParseValid(syntax.PythonGrammar(), whole, base)
	if parsed == nil {
		return nil, nil, nil
	}
	tree = parsed.Tree()
	tree.Insert(broken)
	return parsed, tree, unread
}

// isSound tells whether a part is the same in a text that has no errors, as far
// from its start or from its end, and is whole statements to tree-sitter there:
// it takes some for valid that Python doesn't.
func isSound(text []byte, part Span, base *syntax.Parsed) bool {
	if base == nil {
		return false
	}
	known := base.Text()
	for _, moved := range []int{0, len(known) - len(text)} {
		at := part.Shift(moved)
		if at.Start >= 0 && at.End <= len(known) && bytes.Equal(known[at.Start:at.End], text[part.Start:part.End]) &&
			!base.Cuts(at.Start) && !base.Cuts(at.End) {
			return true
		}
	}
	return false
}

// parsePart is the tree of a part of the text that is broken, nil if it isn't.
// If it parses without the line ends in brackets, it is left without them:
// Python skips them, but where tree-sitter sees a lesser indentation behind
// one, it may take it for the end of a block.
//
// It gives up on a part that takes too long and, once that happened (tired), on
// large ones at once.
func parsePart(text []byte, part Span, joints []Span, tired bool) (broken *syntax.Tree, gaveUp bool) {
	const large = 1 << 16
	if tired && part.End-part.Start > large {
		return nil, true
	}
	parsed := syntax.Parse(syntax.PythonGrammar(), text[part.Start:part.End])
	defer parsed.Close()
	if !parsed.HasError() || parsed.GaveUp() {
		return nil, parsed.GaveUp()
	}
	joined := bytes.Clone(text[part.Start:part.End])
	for _, joint := range joints {
		if joint.Start >= part.Start && joint.End <= part.End {
			blank(joined, joint.Shift(-part.Start))
		}
	}
	if !bytes.Equal(joined, text[part.Start:part.End]) {
		if again := syntax.ParseValid(syntax.PythonGrammar(), joined, nil); again != nil {
			again.Close()
			copy(text[part.Start:], joined)
			return nil, false
		}
	}
	return parsed.Tree(), false
}

// blank makes spaces of a span, line ends included.
func blank(text []byte, span Span) {
	for i := span.Start; i < span.End; i++ {
		text[i] = ' '
	}
}

// blankLines makes spaces of all in a span but the line ends.
func blankLines(text []byte, span Span) {
	for i := span.Start; i < span.End; i++ {
		if text[i] != '\n' && text[i] != '\r' {
			text[i] = ' '
		}
	}
}

// parts are the parts of the text, each from a statement without indentation
// to the next.
func (s *pythonScanner) parts() iter.Seq[Span] {
	return func(yield func(Span) bool) {
		for i, start := range s.starts {
			end := len(s.text)
			if i+1 < len(s.starts) {
				end = s.starts[i+1]
			}
			if !yield(Span{Start: start, End: end}) {
				return
			}
		}
	}
}
