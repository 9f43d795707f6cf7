package navigate

import (
	"regexp"

	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyte-lsp/flyte-lsp/parser/ast"
)

// documented are the forms in which a docstring names a parameter or an output at
// the start of a line: those of Google and NumPy, and of Sphinx
// (docstring_parser, which flytekit reads them with).
var documented = regexp.MustCompile(`(?m)^[ \t]*(?:([A-Za-z_]\w*)[ \t]*(?:\([^)\n]*\))?[ \t]*:|:(?:param|parameter|arg|argument|key|keyword|type)[ \t]+(?:[^:\n]*[ \t])?([A-Za-z_]\w*)[ \t]*:|([A-Za-z_]\w*)[ \t]*$)`)

// docstring is the input or output that a docstring of an entity's function tells
// of at an offset.
func (r *reader) docstring(n *ast.Constant, nodes []ast.Node, offset int) *found {
	def, e := r.documentedBy(n, nodes)
	if e == nil {
		return nil
	}
	told := parser.Docstring(def.Doc)
	text := r.source.Slice(n.Span())
	for _, match := range documented.FindAllStringSubmatchIndex(text, -1) {
		for group := 1; group <= 3; group++ {
			if match[2*group] < 0 {
				continue
			}
			span := parser.Span{Start: n.Start + match[2*group], End: n.Start + match[2*group+1]}
			name := r.source.Slice(span)
			if _, ok := told[name]; !ok || !span.Contains(offset) {
				continue
			}
			t := inputThing(e, name)
			if t == nil {
				t = outputThing(e, name)
			}
			if t != nil {
				return &found{t, r.place(span, Docstring)}
			}
		}
	}
	return nil
}

// documentedBy is the function whose docstring a string is, and the entity of the
// function; nil if it is none.
func (r *reader) documentedBy(n *ast.Constant, nodes []ast.Node) (*ast.FunctionDef, *model.Entity) {
	if len(nodes) < 3 {
		return nil, nil
	}
	def, ok := nodes[len(nodes)-3].(*ast.FunctionDef)
	if !ok || len(def.Body()) == 0 || def.Body()[0] != nodes[len(nodes)-2] {
		return nil, nil
	}
	if _, alone := nodes[len(nodes)-2].(*ast.ExprStmt); !alone {
		return nil, nil
	}
	for _, e := range r.module.Entities {
		if fn := functionOf(e); fn != nil && fn.Def == def && rootOf(e) == e {
			return def, e
		}
	}
	return nil, nil
}
