// Package parser reads a Flyte workflow file: a Python file into Python's own
// syntax tree, a Go file into the entities that it declares, both with their
// syntax errors. It knows no file system and no editor, never runs what it
// reads, and answers for half typed files too.
package parser

import "github.com/flyte-lsp/flyte-lsp/parser/ast"

// Language is the programming language of a workflow file.
type Language string

// The languages that workflow files are written in.
const (
	Python Language = "python"
	Go     Language = "go"
)

// Position is a place in a text as the Language Server Protocol counts:
// both parts from zero, Character in the units of an Encoding.
type Position struct{ Line, Character int }

// Span is a half-open range of byte offsets.
type Span = ast.Span

// Module is what a file says. It is immutable, and holds no resources.
type Module struct {
	Language Language
	Source   *Source
	// AST is the syntax tree of a Python file, nil of any other.
	AST *ast.Module
	// Package is the name in Go's package clause.
	Package string
	// Entities are what a Go file declares, in source order; nil of any other
	// file. Of a name that is declared more than once all are there, all but
	// the last Shadowed.
	Entities []*Entity
	// Errors are the places that don't parse, in source order; one mistake
	// gives one error.
	Errors []SyntaxError
}

// SyntaxError is a place that doesn't parse, in words a person understands.
type SyntaxError struct {
	Span    Span
	Message string
	// TopLevelAwait: it is no mistake in a text that IPython runs, which waits
	// for what a module can't.
	TopLevelAwait bool
}
