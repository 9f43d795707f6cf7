// Package edits makes edits of Python files that read as if their author had made
// them: where the lines are broken, and how they end, is as it is in the file.
package edits

import (
	"slices"
	"strings"

	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyte-lsp/flyte-lsp/parser/ast"
)

// AddImport makes a name of the package flytekit available in the file: none
// if the file binds the name already.
func (m *Maker) AddImport(name string) []Edit { return m.AddImportFrom("flytekit", name) }

// AddImportFrom makes a name of a module available in the file, in the first
// `from module import ...` that it has, or in a new one; always in a new one in a
// notebook, as that can stand in any cell.
func (m *Maker) AddImportFrom(module, name string) []Edit {
	if binding, ok := m.Module.Scope.Get(name); ok && !binding.TypeCheckingOnly {
		return nil
	}
	for _, statement := range m.File.AST.Body {
		s, ok := statement.(*ast.ImportFrom)
		if ok && !parser.IsNotebook(m.File.Path) && s.Module == module && s.Level == 0 && len(s.Names) > 0 && s.Names[0].Name != "*" {
			return []Edit{m.mergeImport(s, name)}
		}
	}
	return []Edit{m.newImport(module, name)}
}

// mergeImport adds a name to an import, in the order of the names.
func (m *Maker) mergeImport(s *ast.ImportFrom, name string) Edit {
	grouped := strings.Contains(m.Text(parser.Span{Start: s.Start, End: s.Names[0].NameSpan.Start}), "(")
	for _, alias := range s.Names {
		if alias.Name > name {
			start := alias.NameSpan.Start
			if indent, first := m.Indent(start); first && grouped {
				return m.Insert(start, name+",\n"+indent)
			}
			return m.Insert(start, name+", ")
		}
	}
	last := s.Names[len(s.Names)-1]
	end := last.NameSpan.End
	if last.AsName != "" {
		end = last.AsNameSpan.End
	}
	if indent, first := m.Indent(last.NameSpan.Start); first && grouped {
		return m.Insert(end, ",\n"+indent+name)
	}
	return m.Insert(end, ", "+name)
}

// newImport adds an import statement to those at the file's start: flytekit's
// behind those of other packages, as Python's own stand first.
func (m *Maker) newImport(module, name string) Edit {
	statement := "from " + module + " import " + name
	body := m.File.AST.Body
	first := 0
	for first < len(body) && (first == 0 && isText(body[0]) || isFuture(body[first])) {
		first++
	}
	last := first
	for last < len(body) && importedPackage(body[last]) != "" {
		if strings.HasPrefix(module, "flytekit.") {
			last++ // it stands behind all
			continue
		}
		before := m.Insert(m.File.Source.LineStart(body[last].Span().Start), statement+"\n")
		switch other := importedPackage(body[last]); {
		case other == "flytekit" && module != "flytekit" && last > first:
			return m.Insert(body[last-1].Span().End, "\n"+statement)
		case other == "flytekit" && module != "flytekit":
			before.Text += "\n"
			return before
		case other == "flytekit" || module != "flytekit" && isFrom(body[last]) && other > module:
			return before
		}
		last++
	}
	switch {
	case last > first:
		return m.Insert(body[last-1].Span().End, "\n"+statement)
	case first > 0:
		return m.Insert(body[first-1].Span().End, "\n\n"+statement)
	case len(body) > 0:
		return m.Insert(m.File.Source.LineStart(body[0].Span().Start), statement+"\n\n\n")
	}
	return m.Insert(0, statement+"\n")
}

func isFrom(statement ast.Stmt) bool {
	_, ok := statement.(*ast.ImportFrom)
	return ok
}

// importedPackage is the package that a statement imports from, "." if it is
// the file's own; "" if it is no import.
func importedPackage(statement ast.Stmt) string {
	module := ""
	switch s := statement.(type) {
	case *ast.Import:
		if len(s.Names) > 0 {
			module = s.Names[0].Name
		}
	case *ast.ImportFrom:
		if module = s.Module; s.Level > 0 {
			return "."
		}
	}
	module, _, _ = strings.Cut(module, ".")
	return module
}

func isText(statement ast.Stmt) bool {
	s, ok := statement.(*ast.ExprStmt)
	if !ok {
		return false
	}
	constant, ok := s.Value.(*ast.Constant)
	return ok && constant.Kind == ast.StringConst
}

func isFuture(statement ast.Stmt) bool {
	s, ok := statement.(*ast.ImportFrom)
	return ok && s.Module == "__future__"
}

// Indent is the white space before an offset in its line; first tells that
// nothing else stands before it.
func (m *Maker) Indent(offset int) (indent string, first bool) {
	before := m.Text(parser.Span{Start: m.File.Source.LineStart(offset), End: offset})
	indent = before[:len(before)-len(strings.TrimLeft(before, " \t"))]
	return indent, indent == before
}

// AddArgument adds an argument at the end of a call's.
func (m *Maker) AddArgument(call *ast.Call, text string) Edit {
	last, found := parser.Span{}, false
	for _, argument := range call.Args {
		last, found = argument.Span(), true
	}
	for _, keyword := range call.Keywords {
		if keyword.Start >= last.Start {
			last, found = keyword.Span(), true
		}
	}
	if !found {
		return m.Insert(call.End-1, text)
	}
	end, comma := m.Behind(last.End, call.End-1)
	indent, first := m.Indent(last.Start)
	switch {
	case first && comma:
		return m.Insert(end, "\n"+indent+text+",")
	case first:
		return m.Insert(end, ",\n"+indent+text)
	case comma:
		return m.Insert(end, " "+text)
	}
	return m.Insert(end, ", "+text)
}

// Behind is the end of what stands between two offsets before white space and
// comments, and whether that is a comma.
func (m *Maker) Behind(start, end int) (offset int, comma bool) {
	text := m.Text(parser.Span{Start: start, End: end})
	offset = start
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case ' ', '\t', '\r', '\n', '\\', '\f':
		case '#':
			if length := strings.IndexByte(text[i:], '\n'); length >= 0 {
				i += length
			} else {
				i = len(text)
			}
		default:
			offset, comma = start+i+1, text[i] == ','
		}
	}
	return offset, comma
}

// RemoveArgument takes a keyword argument out of a call, with its comma.
func (m *Maker) RemoveArgument(call *ast.Call, keyword *ast.Keyword) Edit {
	var before parser.Span // of the argument before it
	next := -1
	look := func(span parser.Span) {
		if span.Start < keyword.Start && span.Start >= before.Start {
			before = span
		}
		if span.Start > keyword.Start && (next < 0 || span.Start < next) {
			next = span.Start
		}
	}
	for _, argument := range call.Args {
		look(argument.Span())
	}
	for _, other := range call.Keywords {
		look(other.Span())
	}
	switch {
	case next >= 0:
		return m.Edit(parser.Span{Start: keyword.Start, End: next}, "")
	case before.End > 0:
		comma, _ := m.Behind(before.End, keyword.Start)
		return m.Edit(parser.Span{Start: comma - 1, End: keyword.End}, "")
	}
	open, _ := m.Behind(call.Func.Span().End, keyword.Start)
	return m.Edit(parser.Span{Start: open, End: call.End - 1}, "")
}

// AddSetting gives a task or workflow of the file one more setting: an argument
// of the call that makes it, or of its bare decorator. False where that stands
// in another file.
func (m *Maker) AddSetting(entity *model.Entity, text string) (Edit, bool) {
	if entity.Maker != nil {
		return m.AddArgument(entity.Maker, text), m.Stands(entity.Maker)
	}
	if entity.Function == nil || entity.Function.Def == nil || entity.Function.Module.Path != m.File.Path {
		return Edit{}, false
	}
	for _, decorator := range entity.Function.Def.Decorators {
		if decorator.Span().Start == entity.Anchor {
			return m.Insert(decorator.Span().End, "("+text+")"), true
		}
	}
	return Edit{}, false
}

// Stands tells whether an expression stands in the file.
func (m *Maker) Stands(expr ast.Expr) bool {
	found := false
	m.InspectTo(expr, func(n ast.Node) { found = found || n == ast.Node(expr) })
	return found
}

// InspectTo visits the nodes of the file in whose span an expression lies, from
// the outermost.
func (m *Maker) InspectTo(expr ast.Expr, visit func(ast.Node)) {
	if expr == nil || m.Module.Module == nil {
		return
	}
	where, body := expr.Span(), m.Module.AST.Body
	i, _ := slices.BinarySearchFunc(body, where.Start, func(s ast.Stmt, start int) int { return s.Span().End - start })
	for ; i < len(body) && body[i].Span().Start <= where.Start; i++ {
		ast.InspectNode(body[i], func(n ast.Node) bool {
			span := n.Span()
			within := span.Start <= where.Start && where.End <= span.End
			if within {
				visit(n)
			}
			return within
		})
	}
}
