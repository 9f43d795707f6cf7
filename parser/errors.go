package parser

import "github.com/flyte-lsp/flyte-lsp/parser/syntax"

// syntaxErrors are the places of the text that don't parse.
func syntaxErrors(source *Source, lang Language, root syntax.Node) []SyntaxError {
	if !root.HasError() {
		return nil
	}
	var errors []SyntaxError
	for n := range root.Descendants() {
		if n.Kind() == "ERROR" || n.Missing() {
			errors = append(errors, SyntaxError{Span: span(n), Message: "invalid syntax"})
			break
		}
	}
	return errors
}
