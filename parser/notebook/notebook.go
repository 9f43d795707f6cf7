// Package notebook makes one Python text of the code cells of a notebook, and
// tells which line of it belongs to which cell.
package notebook

import (
	"bytes"
	"slices"

	"github.com/flyte-lsp/flyte-lsp/parser"
)

// Source is a code cell as its notebook has it.
type Source struct {
	// ID names the cell, and no other of the notebook.
	ID string
	// Number is the cell's place among all cells of the notebook, from 1.
	Number int
	// Version is the editor's version of an open cell.
	Version int32
	Text    []byte
}

// Cell is the place of a code cell in the text of its notebook. A position in
// the cell is in the text Line lines below, with the same column.
type Cell struct {
	ID      string
	Number  int
	Version int32
	// Line is the cell's first line in the text, from 0, and Lines how many it
	// has, at least one.
	Line, Lines int
	// Binds is a magic in the cell that may give the notebook more names than its
	// Python does, "" if none does.
	Binds string
}

// Text is the Python text of a notebook. It is immutable.
type Text struct {
	// Python are the code cells in the notebook's order, each with a line end
	// behind it. What only IPython understands stands in comments, or is another
	// expression of the same length.
	Python []byte
	// Cells are the places of the cells, in the order of the text.
	Cells Cells
}

// Cells are the cells of a text in its order. They have all its lines but an
// empty last one.
type Cells []Cell

// Join makes the text of a notebook with these code cells.
func Join(cells []Source) Text {
	var text Text
	line := 0
	for _, cell := range cells {
		lines := parser.NewSource(cell.Text).Lines()
		python, binds := Python(cell.Text)
		text.Cells = append(text.Cells, Cell{ID: cell.ID, Number: cell.Number, Version: cell.Version, Line: line, Lines: lines, Binds: binds})
		text.Python = append(text.Python, python...)
		if end := len(text.Python) - 1; bytes.HasSuffix(cell.Text, []byte("\r")) {
			text.Python[end] = '\n' // with the line end that follows it would be one
		}
		text.Python = append(text.Python, '\n')
		line += lines
	}
	return text
}

// At is the cell that has a line of the text: false for the empty line behind
// the last cell, and beyond.
func (c Cells) At(line int) (Cell, bool) {
	i, found := slices.BinarySearchFunc(c, line, func(cell Cell, line int) int { return cell.Line - line })
	if !found {
		i--
	}
	if i < 0 || line >= c[i].Line+c[i].Lines {
		return Cell{}, false
	}
	return c[i], true
}

// Binds says why the notebook may have more names than its Python binds, "" if
// it has none.
func (c Cells) Binds() string {
	for _, cell := range c {
		if cell.Binds != "" {
			return cell.Binds + " may bind it"
		}
	}
	return ""
}

// Named is the cell with an ID, false if there is none.
func (c Cells) Named(id string) (Cell, bool) {
	i := slices.IndexFunc(c, func(cell Cell) bool { return cell.ID == id })
	if i < 0 {
		return Cell{}, false
	}
	return c[i], true
}
