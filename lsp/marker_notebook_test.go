package lsp_test

import (
	"fmt"
	"path/filepath"
	"regexp"
	"strings"

	"golang.org/x/tools/txtar"

	"github.com/flyte-lsp/flyte-lsp/internal/lspclient"
)

// openNotebook is a notebook that is open in an editor. Its cells have the numbers
// that they were made with, wherever they are.
type openNotebook struct {
	*session
	path    string
	made    int
	cells   []int
	texts   map[int]string
	version map[int]int
}

var cellMark = regexp.MustCompile(`(?m)^# %%\n`)

// cellsIn are the texts of the cells in a file of an archive. The line end before
// a mark, or at the file's end, isn't a cell's.
func cellsIn(data []byte) []string {
	cells := cellMark.Split(string(data), -1)[1:]
	for i := range cells {
		cells[i] = strings.TrimSuffix(cells[i], "\n")
	}
	return cells
}

// openNotebooks opens the notebooks of an archive, by name.
func (s *session) openNotebooks(root string, archive *txtar.Archive) map[string]*openNotebook {
	s.t.Helper()
	opened := map[string]*openNotebook{}
	for _, file := range archive.Files {
		if filepath.Ext(file.Name) == ".ipynb" {
			opened[file.Name] = s.openNotebook(filepath.Join(root, file.Name), cellsIn(file.Data)...)
		}
	}
	return opened
}

// openNotebook opens a notebook with code cells of these texts.
func (s *session) openNotebook(path string, texts ...string) *openNotebook {
	s.t.Helper()
	n := &openNotebook{session: s, path: path, texts: map[int]string{}, version: map[int]int{}}
	cells, documents := n.make(texts)
	s.must(s.Notify(s.ctx, "notebookDocument/didOpen", map[string]any{
		"notebookDocument":  map[string]any{"uri": lspclient.URI(path), "notebookType": "jupyter-notebook", "version": 1, "cells": cells},
		"cellTextDocuments": documents,
	}))
	for i := range texts {
		n.cells = append(n.cells, i)
	}
	return n
}

// make makes code cells, as the protocol has them.
func (n *openNotebook) make(texts []string) (cells, documents []any) {
	cells, documents = []any{}, []any{}
	for _, text := range texts {
		n.texts[n.made], n.version[n.made] = text, 1
		cells = append(cells, n.cell(n.made, 2))
		documents = append(documents, map[string]any{"uri": n.uri(n.made), "languageId": "python", "version": 1, "text": text})
		n.made++
	}
	return cells, documents
}

// cell is a cell of a kind, 2 for code.
func (n *openNotebook) cell(number, kind int) map[string]any {
	return map[string]any{"kind": kind, "document": n.uri(number), "executionSummary": map[string]any{"executionOrder": 1}}
}

func (n *openNotebook) uri(number int) string {
	return fmt.Sprintf("%s:%s#W%d", lspclient.CellScheme, n.path, number)
}

// change sends a change of the notebook's cells.
func (n *openNotebook) change(cells map[string]any) {
	n.t.Helper()
	n.must(n.Notify(n.ctx, "notebookDocument/didChange", map[string]any{
		"notebookDocument": map[string]any{"uri": lspclient.URI(n.path), "version": 2},
		"change":           map[string]any{"cells": cells},
	}))
}

// replace gives a cell another text.
func (n *openNotebook) replace(number int, text string) {
	n.t.Helper()
	before := n.texts[number]
	n.texts[number] = text
	n.version[number]++
	n.change(map[string]any{"textContent": []any{map[string]any{
		"document": map[string]any{"uri": n.uri(number), "version": n.version[number]},
		"changes":  []any{map[string]any{"range": wholeText(before), "text": text}},
	}}})
}

// check checks the markers of a file of the archive. A later one has the cells with
// other texts.
func (n *openNotebook) check(file txtar.File) {
	n.t.Helper()
	texts := cellsIn(file.Data)
	for i, number := range n.cells {
		if n.texts[number] != texts[i] {
			n.replace(number, texts[i])
		}
	}
	for i, number := range n.cells {
		cell := &markedFile{
			session: n.session, path: n.uri(number), name: fmt.Sprintf("%s[%d]", file.Name, i), version: n.version[number],
			lines: strings.Split(texts[i], "\n"),
		}
		cell.check()
	}
}
