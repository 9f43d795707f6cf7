package lsp

import (
	"context"
	"errors"
	"slices"

	"go.lsp.dev/jsonrpc2"
	"go.lsp.dev/protocol"

	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyte-lsp/flyte-lsp/parser/notebook"
	"github.com/flyte-lsp/flyte-lsp/workspace"
)

// What LSP 3.17 has of notebooks, and the protocol package lacks.
type (
	notebookSyncOptions struct {
		NotebookSelector []notebookSelector `json:"notebookSelector"`
		Save             bool               `json:"save"`
	}
	notebookSelector struct {
		Notebook notebookFilter       `json:"notebook"`
		Cells    []notebookCellFilter `json:"cells"`
	}
	notebookFilter struct {
		NotebookType string `json:"notebookType"`
		Scheme       string `json:"scheme"`
	}
	notebookCellFilter struct {
		Language string `json:"language"`
	}
	notebookCell struct {
		Kind     int    `json:"kind"`
		Document string `json:"document"`
	}
	didOpenNotebookParams struct {
		NotebookDocument struct {
			URI   string         `json:"uri"`
			Cells []notebookCell `json:"cells"`
		} `json:"notebookDocument"`
		CellTextDocuments []protocol.TextDocumentItem `json:"cellTextDocuments"`
	}
	didChangeNotebookParams struct {
		NotebookDocument protocol.TextDocumentIdentifier `json:"notebookDocument"`
		Change           struct {
			Cells struct {
				Structure *struct {
					Array struct {
						Start       int            `json:"start"`
						DeleteCount int            `json:"deleteCount"`
						Cells       []notebookCell `json:"cells"`
					} `json:"array"`
					DidOpen  []protocol.TextDocumentItem       `json:"didOpen"`
					DidClose []protocol.TextDocumentIdentifier `json:"didClose"`
				} `json:"structure"`
				Data        []notebookCell `json:"data"`
				TextContent []struct {
					Document protocol.VersionedTextDocumentIdentifier `json:"document"`
					Changes  []contentChange                          `json:"changes"`
				} `json:"textContent"`
			} `json:"cells"`
		} `json:"change"`
	}
	notebookParams struct {
		NotebookDocument protocol.TextDocumentIdentifier `json:"notebookDocument"`
	}
)

// notebookCode is the kind of cells that hold code (LSP 3.17, NotebookCellKind).
const notebookCode = 2

// notebookSync are the notebooks that the server wants to hear of.
func notebookSync() *notebookSyncOptions {
	return &notebookSyncOptions{
		NotebookSelector: []notebookSelector{{
			Notebook: notebookFilter{NotebookType: "jupyter-notebook", Scheme: "file"},
			Cells:    []notebookCellFilter{{Language: "python"}},
		}},
		Save: true,
	}
}

// openNotebooks are the notebooks that the client edits, by path. Only
// notifications use it, which come one after another.
type openNotebooks struct {
	documents map[string]*openNotebook
	// versions counts the states of all notebooks: the client's version of a
	// notebook needn't change with the text of a cell.
	versions int32
}

// openNotebook is a notebook with the texts of its cells. Not all cells have one:
// the client keeps those of other languages to itself.
type openNotebook struct {
	cells []notebookCell
	texts map[string]*cellText // by the cell's URI
}

type cellText struct {
	version int32
	python  bool
	source  *parser.Source
}

func (n *openNotebook) open(documents []protocol.TextDocumentItem) {
	for _, document := range documents {
		n.texts[string(document.URI)] = &cellText{
			version: document.Version, python: document.LanguageID == protocol.PythonLanguage, source: parser.NewSource([]byte(document.Text)),
		}
	}
}

// text is the Python text of the notebook.
func (n *openNotebook) text() notebook.Text {
	var cells []notebook.Source
	for i, cell := range n.cells {
		if text := n.texts[cell.Document]; cell.Kind == notebookCode && text != nil && text.python {
			cells = append(cells, notebook.Source{ID: cell.Document, Number: i + 1, Version: text.version, Text: text.source.Text()})
		}
	}
	return notebook.Join(cells)
}

// change makes a change of the client's. What can't be made is an error, and
// leaves the rest to be made.
func (n *openNotebook) change(params *didChangeNotebookParams, encoding parser.Encoding) error {
	var problems []error
	changes := params.Change.Cells
	if structure := changes.Structure; structure != nil {
		start, count := structure.Array.Start, structure.Array.DeleteCount
		if start < 0 || count < 0 || start > len(n.cells) || count > len(n.cells)-start {
			problems = append(problems, jsonrpc2.Errorf(jsonrpc2.InvalidParams, "%s has %d cells, %d can't go at %d: close it and open it again", params.NotebookDocument.URI, len(n.cells), count, start))
		} else {
			n.cells = slices.Replace(slices.Clone(n.cells), start, start+count, structure.Array.Cells...)
		}
		for _, closed := range structure.DidClose {
			delete(n.texts, string(closed.URI))
		}
		n.open(structure.DidOpen)
	}
	for _, changed := range changes.Data {
		for i := range n.cells {
			if n.cells[i].Document == changed.Document {
				n.cells[i] = changed
			}
		}
	}
	for _, changed := range changes.TextContent {
		text := n.texts[string(changed.Document.URI)]
		if text == nil || changed.Document.Version < text.version {
			problems = append(problems, jsonrpc2.Errorf(jsonrpc2.InvalidParams, "the change of the cell %s to version %d is of no cell that is open in an older version: close the notebook and open it again", changed.Document.URI, changed.Document.Version))
			continue
		}
		text.version = changed.Document.Version
		for _, change := range changesOf(changed.Changes, encoding) {
			text.source = parser.NewSource(change.Apply(text.source))
		}
	}
	return errors.Join(problems...)
}

func (s *Server) didOpenNotebook(_ context.Context, params *didOpenNotebookParams) error {
	path, ok := pathOf(params.NotebookDocument.URI)
	if !ok || !parser.IsNotebook(path) {
		return nil
	}
	opened := &openNotebook{cells: params.NotebookDocument.Cells, texts: map[string]*cellText{}}
	opened.open(params.CellTextDocuments)
	if s.notebooks.documents == nil {
		s.notebooks.documents = map[string]*openNotebook{}
	}
	s.notebooks.documents[path] = opened
	s.notebooks.versions++
	s.workspace.OpenNotebook(path, s.notebooks.versions, opened.text())
	s.diagnostics.changed(path, true)
	if !s.watches() {
		wake(s.indexer.look)
	}
	return nil
}

func (s *Server) didChangeNotebook(_ context.Context, params *didChangeNotebookParams) error {
	path, ok := pathOf(string(params.NotebookDocument.URI))
	if !ok || !parser.IsNotebook(path) {
		return nil
	}
	changed := s.notebooks.documents[path]
	if changed == nil {
		return &workspace.NotOpenError{Path: path}
	}
	problem := changed.change(params, s.encoding)
	before := s.workspace.Snapshot()
	s.notebooks.versions++
	if err := s.workspace.ChangeNotebook(path, s.notebooks.versions, changed.text()); err != nil {
		return errors.Join(problem, err)
	}
	seen := s.workspace.Snapshot().Interfaces() != before.Interfaces()
	s.diagnostics.changed(path, seen)
	if seen {
		s.refreshHints.request()
	}
	return problem
}

func (s *Server) didSaveNotebook(ctx context.Context, _ *notebookParams) error {
	return s.didSave(ctx, nil)
}

func (s *Server) didCloseNotebook(_ context.Context, params *notebookParams) error {
	path, ok := pathOf(string(params.NotebookDocument.URI))
	if !ok || s.notebooks.documents[path] == nil {
		return nil
	}
	delete(s.notebooks.documents, path)
	s.workspace.Close(path)
	s.diagnostics.closed(path)
	return nil
}
