package analysis

import (
	"bytes"
	"fmt"
	"go/scanner"
	"go/token"
	"math"
	"regexp"
	"slices"
	"strings"

	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyte-lsp/flyte-lsp/workspace"
)

// ignore is a comment `# flyte: ignore[code, code]` or `# flyte: ignore`, which
// hides findings of these rules, or of all, that start or end in its line. Where
// the line ends within a string or with a backslash, so that it can't have a
// comment, it is the line in which that ends.
type ignore struct {
	line int
	// span is the comment, or the part of it from one "#" to the next.
	span parser.Span
	// codes are those in the brackets; nil: all.
	codes []ignoredCode
	// used: it has hidden something, though it names no code.
	used bool
}

type ignoredCode struct {
	code string
	span parser.Span
	used bool
}

// ignores are those of a file.
type ignores struct {
	all       []*ignore
	continued map[int]int // as commentsOf gives them
}

var (
	ignoreComment = regexp.MustCompile(`(?:^//|#)[ \t]*flyte:[ \t]*ignore(?:[ \t]*\[([^\]#]*)\]?|[ \t,;:#]|$)`)
	listedCode    = regexp.MustCompile(`[^\s,]+`)
	ignoreWord    = []byte("ignore")
	flyteWord     = []byte("flyte:")
)

// ignoresIn finds the comments of a file; nil if it has none.
func ignoresIn(file *workspace.File) *ignores {
	text := file.Source.Text()
	if !bytes.Contains(text, flyteWord) || !bytes.Contains(text, ignoreWord) {
		return nil
	}
	comments, continued := commentsOf(file)
	found := &ignores{continued: continued}
	for _, comment := range comments {
		for _, match := range ignoreComment.FindAllSubmatchIndex(text[comment.Start:comment.End], -1) {
			one := &ignore{line: file.Source.Position(comment.Start).Line, span: parser.Span{Start: comment.Start + match[0], End: comment.End}}
			if next := bytes.IndexByte(text[one.span.Start+1:comment.End], '#'); next >= 0 {
				one.span.End = one.span.Start + 1 + next
			}
			if match[2] >= 0 {
				one.codes = listedCodes(text, comment.Start+match[2], comment.Start+match[3])
			}
			found.all = append(found.all, one)
		}
	}
	if len(found.all) == 0 {
		return nil
	}
	return found
}

// commentsOf are the comments of a file that end with their line, and the lines
// that go on where a comment can't stand, with the line in which they end.
func commentsOf(file *workspace.File) (comments []parser.Span, continued map[int]int) {
	text := file.Source.Text()
	if file.Language == parser.Go {
		return goComments(text), nil
	}
	continued = map[int]int{}
	line := func(offset int) int { return file.Source.Position(offset).Line }
	comments, texts := parser.Comments(text)
	for _, s := range texts {
		for first, last := line(s.Start), line(s.End); first < last; first++ {
			continued[first] = last
		}
	}
	for _, at := range backslashes(text, comments) {
		continued[line(at)] = line(at) + 1
	}
	return comments, continued
}

// listedCodes are the codes in brackets: an empty list if there are none.
func listedCodes(text []byte, start, end int) []ignoredCode {
	codes := []ignoredCode{}
	for _, at := range listedCode.FindAllIndex(text[start:end], -1) {
		codes = append(codes, ignoredCode{
			code: string(text[start+at[0] : start+at[1]]),
			span: parser.Span{Start: start + at[0], End: start + at[1]},
		})
	}
	return codes
}

// backslashes are the offsets of those at a line's end, but for comments'.
func backslashes(text []byte, comments []parser.Span) []int {
	var found []int
	for i := range len(text) - 1 {
		if text[i] != '\\' || text[i+1] != '\n' && text[i+1] != '\r' {
			continue
		}
		inComment := slices.ContainsFunc(comments, func(c parser.Span) bool { return c.Start <= i && i < c.End })
		if !inComment {
			found = append(found, i)
		}
	}
	return found
}

// goComments are the comments of a Go file that end with their line.
func goComments(text []byte) []parser.Span {
	file := token.NewFileSet().AddFile("", -1, len(text))
	var s scanner.Scanner
	s.Init(file, text, nil, scanner.ScanComments)
	var comments []parser.Span
	for {
		pos, kind, literal := s.Scan()
		switch {
		case kind == token.EOF:
			return comments
		case kind == token.COMMENT && strings.HasPrefix(literal, "//"):
			start := file.Offset(pos)
			comments = append(comments, parser.Span{Start: start, End: start + len(literal)})
		}
	}
}

// filter is what isn't hidden of findings in a file. It notes which comments
// hide something.
func (i *ignores) filter(file *workspace.File, found []*Diagnostic) []*Diagnostic {
	if i == nil {
		return found
	}
	return slices.DeleteFunc(found, func(d *Diagnostic) bool {
		first := i.lineOf(file, d.Span.Start)
		last := i.lineOf(file, max(d.Span.Start, d.Span.End-1))
		hidden := false
		for _, one := range i.all {
			if (one.line == first || one.line == last) && one.hides(d.Rule.Code) {
				hidden = true
			}
		}
		return hidden
	})
}

// lineOf is the line whose comment counts for an offset.
func (i *ignores) lineOf(file *workspace.File, offset int) int {
	line := file.Source.Position(offset).Line
	for next, ok := i.continued[line]; ok; next, ok = i.continued[line] {
		line = next
	}
	return line
}

// hides tells whether the comment hides findings of a rule, and notes that it
// does.
func (i *ignore) hides(code string) bool {
	if i.codes == nil {
		i.used = true
		return true
	}
	for j := range i.codes {
		if i.codes[j].code == code {
			i.codes[j].used = true
			return true
		}
	}
	return false
}

// IgnoreComment is the edit by which a comment hides a finding in a file; false
// if its line can have none.
func IgnoreComment(file *workspace.File, found *Diagnostic) (Edit, bool) {
	i := ignoresIn(file)
	if i == nil {
		_, continued := commentsOf(file)
		i = &ignores{continued: continued}
	}
	line := i.lineOf(file, found.Span.Start)
	for _, one := range i.all {
		if one.line == line && len(one.codes) > 0 {
			last := one.codes[len(one.codes)-1].span.End
			return Edit{File: file, Span: parser.Span{Start: last, End: last}, Text: ", " + found.Rule.Code}, true
		}
	}
	text, end := file.Source.Text(), file.Source.Offset(parser.Position{Line: line, Character: math.MaxInt32})
	if end > 0 && text[end-1] == '\\' {
		return Edit{}, false
	}
	start := len(bytes.TrimRight(text[:end], " \t"))
	mark := "#"
	if file.Language == parser.Go {
		mark = "//"
	}
	comment := fmt.Sprintf("  %s flyte: ignore[%s]", mark, found.Rule.Code)
	return Edit{File: file, Span: parser.Span{Start: start, End: end}, Text: comment}, true
}
