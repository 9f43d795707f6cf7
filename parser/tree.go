package parser

import (
	"path/filepath"
	"sync"
)

// notebookSuffix is how the names of notebooks end, whose text is that of their
// code cells (package parser/notebook).
const notebookSuffix = ".ipynb"

// IsNotebook tells from a file's name whether it is a notebook.
func IsNotebook(path string) bool { return filepath.Ext(path) == notebookSuffix }

// LanguageOf tells the language of a workflow file from its name, false if it
// can't be one.
func LanguageOf(path string) (Language, bool) {
	switch filepath.Ext(path) {
	case ".py", notebookSuffix:
		return Python, true
	case ".go":
		return Go, true
	}
	return "", false
}

// Tree is a parsed text, from which the parse of an edited text starts. It is
// safe for concurrent use.
type Tree struct {
	module *Module
	// base is what the next parse can start from: of this text, repaired if
	// need be, or of an older one.
	base start
	once sync.Once
}

// Parse parses a text, which the caller doesn't change afterwards. There is no
// text that it fails on: what can't be understood is among the Module's
// errors.
func Parse(lang Language, text []byte) *Tree {
	return parse(lang, text, start{})
}

// Edit parses the text that the tree's text became. It gives what Parse gives
// for it, and needs less time the less was changed. The tree stays as it is.
func (t *Tree) Edit(text []byte) *Tree {
	return parse(t.module.Language, text, t.base)
}

// Module is what the text defines. It stays valid when the tree is closed.
func (t *Tree) Module() *Module { return t.module }

// Close frees the tree's memory outside of Go now, not when the tree is
// garbage. Module and Edit still work.
func (t *Tree) Close() {
	if t.base.parsed != nil {
		t.once.Do(t.base.parsed.Close)
	}
}

func parse(lang Language, text []byte, base start) *Tree {
	source := NewSource(text)
	var module *Module
	var next start
	switch lang {
	case Python:
		module, next = parsePython(source, base, nil)
	case Go:
		module, next.parsed = parseGo(source, base.parsed)
	default:
		return &Tree{module: &Module{Language: lang, Source: source}}
	}
	if next.parsed.HasError() && base.parsed != nil {
		next.parsed.Close()
		next = base
		next.parsed.Retain()
	}
	return &Tree{module: module, base: next}
}
