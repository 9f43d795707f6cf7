package workspace

import "github.com/flyte-lsp/flyte-lsp/parser/notebook"

// OpenNotebook opens a notebook: its path stands for the text of its cells.
func (w *Workspace) OpenNotebook(path string, version int32, text notebook.Text) {
	w.open(path, version, text.Python, text.Cells)
}

// ChangeNotebook gives an open notebook another text, and that version. It
// returns a *NotOpenError if it isn't open.
func (w *Workspace) ChangeNotebook(path string, version int32, text notebook.Text) error {
	return w.change(path, version, []Change{{Text: string(text.Python)}}, text.Cells)
}
