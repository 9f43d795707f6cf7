package parser

import "github.com/flyte-lsp/flyte-lsp/parser/syntax"

// parsePython parses and reads a Python text. What doesn't parse is repaired
// as far as it can be, so that the rest is read as if there were no mistake.
// The parse it returns is of the text as repaired.
func parsePython(source *Source, base *syntax.Parsed) (*Module, *syntax.Parsed) {
	grammar := syntax.PythonGrammar()
	parsed := syntax.Parse(grammar, source.Text(), base)
	if !parsed.HasError() {
		return readPython(source, parsed.Tree().Root()), parsed
	}
	scan := scanPython(source.Text())
	fixed := applyRepairs(source.Text(), scan.repairs)
	if !parsed.GaveUp() && (len(scan.repairs) > 0 || !parsed.Exact()) {
		parsed.Close()
		parsed = parseExactly(grammar, fixed.text, base)
	}
	if parsed.HasError() && !parsed.GaveUp() {
		parsed = parseJoined(grammar, fixed, parsed)
	}
	tree := parsed.Tree()
	tree.Move(fixed.original)
	mistakes := treeMistakes(source, tree.Root())
	if parsed.GaveUp() {
		mistakes = append(mistakes, mistake{SyntaxError: tooBroken(source)})
	}
	module := readPython(source, tree.Root())
	module.Errors = mergeMistakes(scan.mistakes, mistakes)
	return module, parsed
}

// parseJoined parses a text once more without the line ends in brackets.
// Python skips them, but where tree-sitter sees a lesser indentation behind
// one, it may take it for the end of a block. It returns the parse that has
// fewer errors and closes the other.
func parseJoined(grammar *syntax.Grammar, fixed repaired, parsed *syntax.Parsed) *syntax.Parsed {
	joints := scanPython(fixed.text).joints
	if len(joints) == 0 {
		return parsed
	}
	text := append([]byte(nil), fixed.text...)
	for _, joint := range joints {
		for i := joint.Start; i < joint.End; i++ {
			text[i] = ' '
		}
	}
	joined := syntax.Parse(grammar, text, nil)
	if joined.HasError() {
		joined.Close()
		return parsed
	}
	parsed.Close()
	return joined
}
