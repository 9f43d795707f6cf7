package pyeval

import "github.com/flyte-lsp/flyte-lsp/parser/ast"

// Program evaluates modules. It is safe for concurrent use.
type Program struct{}

// Scope has the names of a module, a class body or a function call.
type Scope struct{}

// Frame is where an evaluation stands.
type Frame struct {
	// Context is what natives keep for the calls below, e.g. the workflow whose
	// body is evaluated.
	Context any
}

// Annotation evaluates a type annotation; quoted parts too.
func (f *Frame) Annotation(expr ast.Expr, in *Scope) Value { return &Unknown{Expr: expr} }
