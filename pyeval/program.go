package pyeval

import (
	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyte-lsp/flyte-lsp/parser/ast"
)

// Source is a module's source as the evaluator gets it.
type Source struct {
	// Path is the file, unique for the module; Name the module's dotted name
	// as Python imports it (of a package without ".__init__").
	Path, Name string
	// Package: it is a package's __init__.py.
	Package bool
	// Stub: it is a .pyi file.
	Stub bool
	AST  *ast.Module
	Text *parser.Source
	// Interface is a fingerprint of all in the file that other modules may see:
	// it stays the same when the file changes within the bodies of decorated
	// functions, in comments or in layout.
	Interface uint64
}

// Finder finds modules. It is safe for concurrent use, and answers the same as
// long as the program lives.
type Finder interface {
	// Find is the module of an absolute dotted name as the importing module
	// sees it (its source root and folder come first).
	Find(from *Source, name string) Found
	// Version is the Python version that is reckoned with, e.g. {3, 11}.
	Version() [2]int
	// Installed tells whether a distribution's import package can be found in
	// the interpreter's site-packages; known is false if there is no
	// interpreter to ask.
	Installed(pkg string) (installed, known bool)
}

// Found is what a Finder found.
type Found struct {
	// Source is the module; nil if there is none to read.
	Source *Source
	// Namespace: the name is a folder without __init__.py.
	Namespace bool
	// Why says why Source is nil, for the user; "" for a namespace.
	Why string
}

// Module is an evaluated module.
type Module struct {
	*Source
	// Scope has the names at the end of the module.
	Scope *Scope
	// Made is what natives recorded while the module's statements were
	// evaluated (Frame.Record): entities.
	Made []any
	// Uses are the modules that the evaluation looked into, also those that
	// weren't found: as long as their answers stay the same, so does this
	// module.
	Uses []Use
}

// Use is a look into another module.
type Use struct {
	Name string // absolute dotted name
	Path string // "" if it wasn't found
	// Interface is the fingerprint of the source that was found.
	Interface uint64
}
