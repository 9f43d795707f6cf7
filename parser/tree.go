package parser

import (
	"path/filepath"

	"github.com/flyte-lsp/flyte-lsp/parser/syntax"
)

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

// dialect is how the files of a language are read.
type dialect struct {
	grammar func() *syntax.Grammar
	read    func(*Source, syntax.Node) *Module
}

var dialects = map[Language]dialect{
	Python: {syntax.PythonGrammar, readPython},
	Go:     {syntax.GoGrammar, readGo},
}

// Tree is a parsed text, from which the parse of an edited text starts. It is
// safe for concurrent use.
type Tree struct {
	module *Module
	parsed *syntax.Parsed
}

// Parse parses a text, which the caller doesn't change afterwards. There is no
// text that it fails on: what can't be understood is among the Module's
// errors.
func Parse(lang Language, text []byte) *Tree {
	return parse(lang, text, nil)
}

// Edit parses the text that the tree's text became. It gives what Parse gives
// for it, and needs less time the less was changed. The tree stays as it is.
func (t *Tree) Edit(text []byte) *Tree {
	return parse(t.module.Language, text, t.parsed)
}

// Module is what the text defines. It stays valid when the tree is closed.
func (t *Tree) Module() *Module { return t.module }

// Close frees the tree's memory outside of Go now, not when the tree is
// garbage. Module and Edit still work.
func (t *Tree) Close() {
	if t.parsed != nil {
		t.parsed.Close()
	}
}

func parse(lang Language, text []byte, before *syntax.Parsed) *Tree {
	source := NewSource(text)
	dialect, ok := dialects[lang]
	if !ok {
		return &Tree{module: &Module{Language: lang, Source: source}}
	}
	parsed := syntax.Parse(dialect.grammar(), text, before)
	root := parsed.Tree().Root()
	module := dialect.read(source, root)
	module.Errors = syntaxErrors(source, lang, root)
	return &Tree{module: module, parsed: parsed}
}
