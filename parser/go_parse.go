package parser

import (
	goparser "go/parser"
	"go/scanner"
	gotoken "go/token"
	"regexp"

	"github.com/flyte-lsp/flyte-lsp/parser/syntax"
)

// parseGo parses and reads a Go text. Its syntax errors are those that Go's
// own parser has.
func parseGo(source *Source, base *syntax.Parsed) (*Module, *syntax.Parsed) {
	parsed := syntax.ParseValid(syntax.GoGrammar(), source.Text(), base)
	if parsed == nil {
		parsed = syntax.Parse(syntax.GoGrammar(), source.Text())
	}
	module := readGo(source, parsed.Tree().Root())
	module.Errors = goErrors(source)
	return module, parsed
}

// goErrors are the syntax errors, one for a declaration: further ones are
// mostly what follows from the first.
func goErrors(source *Source) []SyntaxError {
	files := gotoken.NewFileSet()
	_, err := goparser.ParseFile(files, "", source.Text(), goparser.SkipObjectResolution)
	list, ok := err.(scanner.ErrorList)
	if !ok {
		return nil
	}
	list.RemoveMultiples()
	var mistakes []mistake
	for _, problem := range list {
		at := problem.Pos.Offset
		mistakes = append(mistakes, mistake{
			SyntaxError: SyntaxError{Span: goToken(source, at), Message: problem.Msg},
			statement:   Span{Start: at, End: nextDeclaration(source, at)},
		})
	}
	return mergeMistakes(mistakes, nil)
}

// goToken is the token at an offset, as far as one needs it to underline it.
func goToken(source *Source, at int) Span {
	text := source.Text()
	end := at
	for end < len(text) && isWord(text[end]) {
		end++
	}
	if end == at {
		if at >= len(text) || text[at] == '\n' || text[at] == '\r' {
			return around(source, at)
		}
		end++
	}
	return Span{Start: at, End: end}
}

var goDeclaration = regexp.MustCompile(`(?m)^(?:func|type|var|const|import)\b`)

// nextDeclaration is the start of the first line after the offset that starts
// a declaration, the text's end if there is none.
func nextDeclaration(source *Source, at int) int {
	rest := source.Text()[min(at+1, len(source.Text())):]
	if found := goDeclaration.FindIndex(rest); found != nil {
		return len(source.Text()) - len(rest) + found[0]
	}
	return len(source.Text())
}
