package runs

import (
	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/parser/ast"
	"github.com/flyte-lsp/flyte-lsp/workspace"
)

// CallOf is the call in an entity's function that made a node of a run: on a
// backend the one whose node has the id, locally the one that ends at the place.
// It is nil if it can't be told. The file must say what it said when the run
// began.
func CallOf(module *model.Module, file *workspace.File, e *model.Entity, target Target, node Node) *ast.Call {
	var found *ast.Call
	for made := range module.Body(e).All() {
		if made.Call == nil || made.Module == nil || made.Module.Path != file.Path {
			continue
		}
		switch {
		case target == Remote && made.ID == node.ID && made.ID != "" && !made.Conditional:
			return made.Call
		case target == Local && node.At != nil && stands(file, e, made.Call, node):
			if found != nil && found != made.Call {
				return nil // several in a line
			}
			found = made.Call
		}
	}
	return found
}

// stands tells whether a call stands where a local run made a node.
func stands(file *workspace.File, e *model.Entity, call *ast.Call, node Node) bool {
	first := file.Source.Position(e.Span.Start).Line
	if node.At.Column == 0 {
		return file.Source.Position(call.Start).Line-first == node.At.Line
	}
	start := file.Source.LineStart(call.End)
	return file.Source.Position(call.End).Line-first == node.At.Last && call.End-start == node.At.Column
}
