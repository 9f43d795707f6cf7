package flytekit

import (
	"github.com/flyte-lsp/flyte-lsp/editing/cursor"
	"github.com/flyte-lsp/flyte-lsp/parser/ast"
	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

// Called is the function or class of flytekit's or of a plugin's that a call calls,
// methods of objects among them; nil if it is another.
func Called(c *cursor.Cursor, call *cursor.Call) *Callable {
	if method, ok := call.Func.(*ast.Attribute); ok {
		if object, ok := c.Value(method.Value).(*pyeval.Instance); ok {
			if class, ok := object.Class.(*pyeval.Native); ok {
				return Named(c.Snapshot, c.File.Path, class.Name+"."+method.Attr)
			}
		}
	}
	if call.Callee == nil {
		return nil
	}
	return Of(c.Snapshot, c.File.Path, call.Callee)
}

// Markdown is the parameter as it is written, with its documentation.
func (p *Param) Markdown() string {
	text := "```python\n" + p.Name
	if p.Type != "" {
		text += ": " + p.Type
	}
	if p.Default != "" {
		text += " = " + p.Default
	}
	text += "\n```"
	if p.Deprecated != "" {
		text += "\n\n**Deprecated**: " + p.Deprecated
	}
	if p.Doc != "" {
		text += "\n\n" + p.Doc
	}
	return text
}
