package analysis

import (
	"cmp"
	"slices"

	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyte-lsp/flyte-lsp/parser/ast"
)

// Of a statement that doesn't parse, the tree has what may become of it: what is
// still to be typed isn't missing, and what follows the mistake may be something
// else. So nothing is said of it but the syntax error; of the other statements,
// what is known stays known.

// brokenParts are the parts of the file of which nothing is said: of a statement
// that has a syntax error, what is before it, and the rest of its line.
func (l *look) brokenParts() []parser.Span {
	errors := l.File.Errors
	if len(errors) == 0 {
		return nil
	}
	starts := make([]int, len(errors)) // of the innermost statements
	for i, wrong := range errors {
		starts[i] = wrong.Span.Start
	}
	if l.File.AST != nil {
		ast.Inspect(l.File.AST, func(node ast.Node) bool {
			first, last := errorsIn(errors, node.Span())
			statement, ok := node.(ast.Stmt)
			if !ok || first == last {
				return ok && first < last
			}
			for i := first; i < last; i++ {
				starts[i] = errors[i].Span.Start
				if !isCompound(statement) {
					starts[i] = statement.Span().Start
				}
			}
			return true
		})
	}
	var parts []parser.Span
	for i, wrong := range errors {
		part := parser.Span{Start: l.File.Source.LineStart(min(starts[i], wrong.Span.Start)), End: wrong.Span.End}
		line := l.File.Source.Position(part.End).Line
		part.End = l.File.Source.Offset(parser.Position{Line: line + 1})
		parts = append(parts, part)
	}
	return parts
}

// errorsIn are the indices of the first syntax error that starts in a span, and
// of that behind the last.
func errorsIn(errors []parser.SyntaxError, span parser.Span) (first, last int) {
	by := func(wrong parser.SyntaxError, offset int) int { return cmp.Compare(wrong.Span.Start, offset) }
	first, _ = slices.BinarySearchFunc(errors, span.Start, by)
	last, _ = slices.BinarySearchFunc(errors, span.End+1, by)
	return first, last
}

// broken tells whether a span has a syntax error.
func (l *look) broken(span parser.Span) bool {
	first, last := errorsIn(l.File.Errors, span)
	return first < last
}

// isCompound tells whether a statement has others in it.
func isCompound(statement ast.Stmt) bool {
	switch statement.(type) {
	case *ast.FunctionDef, *ast.ClassDef, *ast.For, *ast.While, *ast.If, *ast.With, *ast.Match, *ast.Try:
		return true
	}
	return false
}

// withoutBroken are the findings but for those in broken parts.
func (l *look) withoutBroken(found []*Diagnostic) []*Diagnostic {
	parts := l.brokenParts()
	if parts == nil {
		return found
	}
	return slices.DeleteFunc(found, func(d *Diagnostic) bool {
		return d.Rule.Code != "syntax-error" && slices.ContainsFunc(parts, func(part parser.Span) bool {
			return part.Start <= d.Span.Start && d.Span.Start < part.End
		})
	})
}
