package parser

import (
	"github.com/flyte-lsp/flyte-lsp/parser/ast"
	"github.com/flyte-lsp/flyte-lsp/parser/syntax"
)

// ParseFile parses a file that isn't open in an editor. The Module is that of
// Parse, but the bodies of its functions are read when they are asked for, and
// nothing is kept to parse an edited text from.
func ParseFile(lang Language, text []byte) *Module {
	if lang != Python {
		tree := Parse(lang, text)
		defer tree.Close()
		return tree.Module()
	}
	source := NewSource(text)
	module, next := parsePython(source, start{}, func(definition Span) []ast.Stmt { return readBody(source, definition) })
	next.parsed.Close()
	return module
}

// readBody parses a function of a module again, which has no mistakes, for its
// body.
func readBody(source *Source, definition Span) []ast.Stmt {
	text := source.Text()[definition.Start:definition.End]
	if parsed := syntax.ParseValid(syntax.PythonGrammar(), text, nil); parsed != nil {
		root := parsed.Tree().Root()
		parsed.Close()
		b := newBuilder(source, text, definition.Start)
		if function := root.First(); b.kindOf(function) == nodeFunctionDefinition && b.countChildren(root) == 1 {
			return b.block(function.ChildByID(b.role.body))
		}
	}
	// It doesn't stand alone: what it means hangs on what is around it.
	module, next := parsePython(source, start{}, nil)
	next.parsed.Close()
	var body []ast.Stmt
	ast.Inspect(module.AST, func(n ast.Node) bool {
		if f, ok := n.(*ast.FunctionDef); ok && f.DefStart == definition.Start {
			body = f.Body()
		}
		return true
	})
	return body
}
