package analysis

import (
	"bytes"
	"path/filepath"
	"strings"

	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyte-lsp/flyte-lsp/parser/ast"
)

// importedName is what one import statement of a module asks for.
type importedName struct {
	// module is the absolute dotted name of the module, and name what is
	// imported from it: "" of `import a.b`, "*" for all.
	module, name string
	// span is where it is written: the name, or the module.
	span, moduleSpan parser.Span
	stmt             ast.Stmt
	// relative: the import is written with leading dots.
	relative bool
	// certain: the statement is run whenever the module is imported, and nothing
	// may catch its exception.
	certain bool
}

// importsOf are the imports that importing a module runs, in their order. Those
// in functions aren't among them, nor what is for type checkers only.
func importsOf(absolute func(name string, level int) (string, bool), body []ast.Stmt, certain bool, visit func(importedName)) {
	for _, statement := range body {
		switch s := statement.(type) {
		case *ast.Import:
			for _, alias := range s.Names {
				visit(importedName{module: alias.Name, span: alias.NameSpan, moduleSpan: alias.NameSpan, stmt: s, certain: certain})
			}
		case *ast.ImportFrom:
			module, ok := absolute(s.Module, s.Level)
			if !ok || s.Module == "__future__" {
				continue
			}
			where := s.ModuleSpan
			if where.Start == where.End {
				where = s.Span()
			}
			for _, alias := range s.Names {
				visit(importedName{
					module: module, name: alias.Name, span: alias.NameSpan, moduleSpan: where, stmt: s, relative: s.Level > 0, certain: certain,
				})
			}
		case *ast.If:
			if !forTypeCheckers(s.Test) {
				importsOf(absolute, s.Body, false, visit)
			}
			importsOf(absolute, s.Else, false, visit)
		case *ast.Try:
			importsOf(absolute, s.Body, false, visit)
			for _, handler := range s.Handlers {
				importsOf(absolute, handler.Body, false, visit)
			}
			importsOf(absolute, s.Else, false, visit)
			importsOf(absolute, s.Finally, false, visit)
		case *ast.With:
			importsOf(absolute, s.Body, false, visit)
		case *ast.For:
			importsOf(absolute, s.Body, false, visit)
		}
	}
}

// forTypeCheckers tells whether a condition is TYPE_CHECKING.
func forTypeCheckers(test ast.Expr) bool {
	switch t := test.(type) {
	case *ast.Name:
		return t.ID == "TYPE_CHECKING"
	case *ast.Attribute:
		return t.Attr == "TYPE_CHECKING"
	}
	return false
}

// hasWord tells whether an identifier stands anywhere in a text.
func hasWord(text []byte, word string) bool {
	for at := 0; ; {
		next := bytes.Index(text[at:], []byte(word))
		if next < 0 {
			return false
		}
		start, end := at+next, at+next+len(word)
		if (start == 0 || !isWordByte(text[start-1])) && (end == len(text) || !isWordByte(text[end])) {
			return true
		}
		at = end
	}
}

func isWordByte(c byte) bool {
	return c == '_' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= 0x80
}

// owns tells whether a module that an import finds is certainly what Python
// finds, too: it is imported relatively, or lies below the root of the file's
// modules. Python's path may be another than the one that modules are looked
// for in here.
func (p *pass) owns(i importedName, module, path string) bool {
	if p.snapshot.Installed(path) {
		return false
	}
	if i.relative {
		return true
	}
	if p.root == nil {
		p.root = &sourceRoot{}
		p.root.folder, p.root.sure = p.snapshot.Root(p.File.Path)
	}
	rest, below := strings.CutPrefix(path, p.root.folder)
	if !below || !p.root.sure {
		return false
	}
	rest = strings.TrimSuffix(strings.TrimSuffix(rest, ".py"), string(filepath.Separator)+"__init__")
	return strings.Trim(strings.ReplaceAll(rest, string(filepath.Separator), "."), ".") == module
}

// sourceRoot is the folder that the file's modules are named from, and whether
// that is sure.
type sourceRoot struct {
	folder string
	sure   bool
}
