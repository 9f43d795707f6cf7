package parser

import (
	"fmt"
	"slices"
	"strings"

	"github.com/flyte-lsp/flyte-lsp/parser/syntax"
)

// treeMistakes are the places of a tree that didn't parse. Tree-sitter may
// take much for broken on account of one mistake: what is broken within
// something broken is no mistake of its own, and shows where it is. What is in
// places that are right all the same is none.
func treeMistakes(source *Source, root syntax.Node, right []Span) []mistake {
	if !root.HasError() {
		return nil
	}
	var mistakes []mistake
	end := -1
	for n := range root.Descendants() {
		if n.Kind() != "ERROR" && !n.Missing() || n.Start() < end {
			continue
		}
		if slices.ContainsFunc(right, func(s Span) bool { return s.Start <= n.Start() && n.End() <= s.End }) {
			continue
		}
		at, statement := pinpoint(n), span(n)
		end = max(statement.End, at.End())
		mistakes = append(mistakes, mistake{
			SyntaxError: explain(source, at),
			statement:   Span{Start: statement.Start, End: lineEnd(source, end)},
		})
	}
	return mistakes
}

// pinpoint is the innermost place within something broken that is broken
// itself: the first one, and the first in that.
func pinpoint(broken syntax.Node) syntax.Node {
	for n := range broken.Descendants() {
		if n != broken && (n.Kind() == "ERROR" || n.Missing()) {
			return pinpoint(n)
		}
	}
	return broken
}

// explain says what is wrong at a place, which is cut to its first line.
func explain(source *Source, at syntax.Node) SyntaxError {
	if at.Missing() {
		return SyntaxError{Span: around(source, at.Start()), Message: fmt.Sprintf("%s is missing", tokenName(at.Kind()))}
	}
	text := source.Slice(span(at))
	trimmed := strings.TrimLeft(text, " \t\r\n")
	start := at.Start() + len(text) - len(trimmed)
	line, _, _ := strings.Cut(trimmed, "\n")
	line, _, _ = strings.Cut(line, "\r")
	line = strings.TrimRight(line, " \t")
	if line == "" {
		return SyntaxError{Span: around(source, at.Start()), Message: "something is missing here"}
	}
	found := SyntaxError{Span: Span{Start: start, End: start + len(line)}}
	rest := source.Slice(Span{Start: found.Span.End, End: lineEnd(source, found.Span.End)})
	if rest = strings.TrimSpace(rest); rest == "" || rest[0] == '#' {
		found.Message = fmt.Sprintf("`%s` isn't complete, or doesn't belong here", shortened(line))
	} else {
		found.Message = fmt.Sprintf("`%s` doesn't belong here", shortened(line))
	}
	return found
}

// tooBroken is the error of a part of a text that can't be read at all.
func tooBroken(source *Source, part Span) mistake {
	return mistake{
		SyntaxError: SyntaxError{
			Span:    Span{Start: part.Start, End: min(part.End, lineEnd(source, part.Start))},
			Message: "what starts here has too many errors to be read",
		},
		statement: part,
	}
}

// around is a span at an offset that an editor can underline: the character
// before, or the one behind at the start of a line.
func around(source *Source, offset int) Span {
	text := source.Text()
	for offset > 0 && strings.IndexByte(" \t\r\n", text[offset-1]) >= 0 {
		offset--
	}
	start := offset
	for start > 0 && start == offset || start > 0 && start < len(text) && text[start]&0xC0 == 0x80 {
		start--
	}
	return Span{Start: start, End: offset}
}

func lineEnd(source *Source, offset int) int {
	return offset + lineLength(source.Text()[min(offset, len(source.Text())):])
}

func tokenName(kind string) string {
	switch {
	case kind == "identifier":
		return "a name"
	case strings.HasPrefix(kind, "_"):
		return "the end of the line"
	case strings.Trim(kind, "abcdefghijklmnopqrstuvwxyz_") == "":
		return strings.ReplaceAll(kind, "_", " ")
	}
	return fmt.Sprintf("%q", kind)
}

// shortened cuts a text to what fits into a message.
func shortened(text string) string {
	const most = 40
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return text
}

func span(n syntax.Node) Span {
	return Span{Start: n.Start(), End: n.End()}
}
