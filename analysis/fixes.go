package analysis

import (
	"slices"
	"strings"

	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyte-lsp/flyte-lsp/parser/ast"
)

// addImport makes a name of the package flytekit available in the file: none
// if the file binds the name already.
func (p *pass) addImport(name string) []Edit { return p.addImportFrom("flytekit", name) }

// addImportFrom makes a name of a module available in the file, in the first
// `from module import ...` that it has, or in a new one.
func (p *pass) addImportFrom(module, name string) []Edit {
	if binding, ok := p.module.Scope.Get(name); ok && !binding.TypeCheckingOnly {
		return nil
	}
	for _, statement := range p.file.AST.Body {
		s, ok := statement.(*ast.ImportFrom)
		if ok && s.Module == module && s.Level == 0 && len(s.Names) > 0 && s.Names[0].Name != "*" {
			return []Edit{p.mergeImport(s, name)}
		}
	}
	return []Edit{p.newImport(module, name)}
}

// mergeImport adds a name to an import, in the order of the names.
func (p *pass) mergeImport(s *ast.ImportFrom, name string) Edit {
	grouped := strings.Contains(p.text(parser.Span{Start: s.Start, End: s.Names[0].NameSpan.Start}), "(")
	for _, alias := range s.Names {
		if alias.Name > name {
			start := alias.NameSpan.Start
			if indent, first := p.indent(start); first && grouped {
				return p.insert(start, name+",\n"+indent)
			}
			return p.insert(start, name+", ")
		}
	}
	last := s.Names[len(s.Names)-1]
	end := last.NameSpan.End
	if last.AsName != "" {
		end = last.AsNameSpan.End
	}
	if indent, first := p.indent(last.NameSpan.Start); first && grouped {
		return p.insert(end, ",\n"+indent+name)
	}
	return p.insert(end, ", "+name)
}

// newImport adds an import statement to those at the file's start: flytekit's
// behind those of other packages, as Python's own stand first.
func (p *pass) newImport(module, name string) Edit {
	statement := "from " + module + " import " + name
	body := p.file.AST.Body
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
		before := p.insert(p.file.Source.LineStart(body[last].Span().Start), statement+"\n")
		switch other := importedPackage(body[last]); {
		case other == "flytekit" && module != "flytekit" && last > first:
			return p.insert(body[last-1].Span().End, "\n"+statement)
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
		return p.insert(body[last-1].Span().End, "\n"+statement)
	case first > 0:
		return p.insert(body[first-1].Span().End, "\n\n"+statement)
	case len(body) > 0:
		return p.insert(p.file.Source.LineStart(body[0].Span().Start), statement+"\n\n\n")
	}
	return p.insert(0, statement+"\n")
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

// indent is the white space before an offset in its line; first tells that
// nothing else stands before it.
func (p *pass) indent(offset int) (indent string, first bool) {
	before := p.text(parser.Span{Start: p.file.Source.LineStart(offset), End: offset})
	indent = before[:len(before)-len(strings.TrimLeft(before, " \t"))]
	return indent, indent == before
}

// addArgument adds an argument at the end of a call's.
func (p *pass) addArgument(call *ast.Call, text string) Edit {
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
		return p.insert(call.End-1, text)
	}
	end, comma := p.behind(last.End, call.End-1)
	indent, first := p.indent(last.Start)
	switch {
	case first && comma:
		return p.insert(end, "\n"+indent+text+",")
	case first:
		return p.insert(end, ",\n"+indent+text)
	case comma:
		return p.insert(end, " "+text)
	}
	return p.insert(end, ", "+text)
}

// behind is the end of what stands between two offsets before white space and
// comments, and whether that is a comma.
func (p *pass) behind(start, end int) (offset int, comma bool) {
	text := p.text(parser.Span{Start: start, End: end})
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

// removeArgument takes a keyword argument out of a call, with its comma.
func (p *pass) removeArgument(call *ast.Call, keyword *ast.Keyword) Edit {
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
		return p.edit(parser.Span{Start: keyword.Start, End: next}, "")
	case before.End > 0:
		comma, _ := p.behind(before.End, keyword.Start)
		return p.edit(parser.Span{Start: comma - 1, End: keyword.End}, "")
	}
	open, _ := p.behind(call.Func.Span().End, keyword.Start)
	return p.edit(parser.Span{Start: open, End: call.End - 1}, "")
}

// addSetting gives a task or workflow of the file one more setting: an argument
// of the call that makes it, or of its bare decorator. False where that stands
// in another file.
func (p *pass) addSetting(entity *model.Entity, text string) (Edit, bool) {
	if entity.Maker != nil {
		return p.addArgument(entity.Maker, text), p.stands(entity.Maker)
	}
	if entity.Function == nil || entity.Function.Def == nil || !p.here(entity.Function.Module) {
		return Edit{}, false
	}
	for _, decorator := range entity.Function.Def.Decorators {
		if decorator.Span().Start == entity.Anchor {
			return p.insert(decorator.Span().End, "("+text+")"), true
		}
	}
	return Edit{}, false
}

// stands tells whether an expression stands in the file.
func (p *pass) stands(expr ast.Expr) bool {
	found := false
	p.inspectTo(expr, func(n ast.Node) { found = found || n == ast.Node(expr) })
	return found
}

// inspectTo visits the nodes of the file in whose span an expression lies, from
// the outermost.
func (p *pass) inspectTo(expr ast.Expr, visit func(ast.Node)) {
	if expr == nil || p.module.Module == nil {
		return
	}
	where, body := expr.Span(), p.module.AST.Body
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
