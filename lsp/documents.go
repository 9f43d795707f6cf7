package lsp

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"path/filepath"

	"go.lsp.dev/protocol"

	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyte-lsp/flyte-lsp/runs"
	"github.com/flyte-lsp/flyte-lsp/workspace"
)

// pathOf returns the absolute path of a file URI, false for other schemes:
// what isn't a file isn't run, and nothing is said of it.
func pathOf(uri string) (string, bool) {
	parsed, err := url.Parse(uri)
	if err != nil || parsed.Scheme != "file" || !filepath.IsAbs(parsed.Path) {
		return "", false
	}
	return filepath.Clean(parsed.Path), true
}

// uriOf is the URI of an absolute path.
func uriOf(path string) protocol.DocumentURI {
	return protocol.DocumentURI((&url.URL{Scheme: "file", Path: filepath.ToSlash(path)}).String())
}

// didChangeParams are protocol.DidChangeTextDocumentParams, whose Range can't
// be absent as it is where a change replaces the whole text. Some clients count
// no versions.
type didChangeParams struct {
	TextDocument struct {
		URI     protocol.DocumentURI `json:"uri"`
		Version *int32               `json:"version"`
	} `json:"textDocument"`
	ContentChanges []contentChange `json:"contentChanges"`
}

type contentChange struct {
	Range *protocol.Range `json:"range"`
	Text  string          `json:"text"`
}

// changesOf are a client's changes of a text, in the encoding of their positions.
func changesOf(content []contentChange, encoding parser.Encoding) []workspace.Change {
	changes := make([]workspace.Change, len(content))
	for i, change := range content {
		changes[i].Text, changes[i].Encoding = change.Text, encoding
		if change.Range != nil {
			changes[i].Range = &[2]parser.Position{
				{Line: int(change.Range.Start.Line), Character: int(change.Range.Start.Character)},
				{Line: int(change.Range.End.Line), Character: int(change.Range.End.Character)},
			}
		}
	}
	return changes
}

// isDocument tells whether a file is one that is edited as a text. The text of a
// notebook is its cells', not that of its file.
func isDocument(path string) bool {
	_, ok := parser.LanguageOf(path)
	return ok && !parser.IsNotebook(path)
}

func (s *Server) didOpen(_ context.Context, params *protocol.DidOpenTextDocumentParams) error {
	document := params.TextDocument
	path, ok := pathOf(string(document.URI))
	if !ok {
		return nil
	}
	if runs.IsInputsPath(path) {
		s.inputs.open(path, document.Version, []byte(document.Text))
		s.diagnostics.schedule(path)
		return nil
	}
	if !isDocument(path) {
		return nil
	}
	s.workspace.Open(path, document.Version, []byte(document.Text))
	s.diagnostics.changed(path, true)
	if !s.watches() {
		wake(s.indexer.look)
	}
	return nil
}

func (s *Server) didChange(_ context.Context, params *didChangeParams) error {
	path, ok := pathOf(string(params.TextDocument.URI))
	if !ok {
		return nil
	}
	changes := changesOf(params.ContentChanges, s.encoding)
	if runs.IsInputsPath(path) {
		err := s.inputs.change(path, params.TextDocument.Version, changes)
		s.diagnostics.schedule(path)
		return err
	}
	if !isDocument(path) {
		return nil
	}
	before := s.workspace.Snapshot()
	version, err := nextVersion(path, before.Version(path), params.TextDocument.Version)
	if err != nil {
		return err
	}
	if err := s.workspace.Change(path, version, changes); err != nil {
		return err
	}
	s.diagnostics.edited(path, changes)
	seen := s.workspace.Snapshot().Interfaces() != before.Interfaces()
	s.diagnostics.changed(path, seen)
	if seen {
		s.refreshHints.request()
	}
	return nil
}

// nextVersion is the version of a document after a change, which names none
// where the client counts none. An older one than the document has is an error.
func nextVersion(path string, now int32, named *int32) (int32, error) {
	switch {
	case named == nil:
		return now, nil
	case *named < now:
		return now, fmt.Errorf("%s has the version %d, so its change to version %d isn't made: if the editor shows another text than is answered for, close it and open it again", path, now, *named)
	}
	return *named, nil
}

// didSave looks at the disk for clients that don't watch it. The text came with
// didChange.
func (s *Server) didSave(context.Context, *protocol.DidSaveTextDocumentParams) error {
	if !s.watches() {
		wake(s.indexer.look)
	}
	return nil
}

func (s *Server) didClose(_ context.Context, params *protocol.DidCloseTextDocumentParams) error {
	path, ok := pathOf(string(params.TextDocument.URI))
	if !ok {
		return nil
	}
	if runs.IsInputsPath(path) {
		s.inputs.close(path)
		s.diagnostics.schedule(path)
		return nil
	}
	if isDocument(path) {
		s.workspace.Close(path)
		s.diagnostics.closed(path)
	}
	return nil
}

// unsaved reports whether an open document differs from its file, which is
// what runs.
func unsaved(file *workspace.File) bool {
	if !file.Open {
		return false
	}
	saved, err := os.ReadFile(file.Path)
	return err != nil || string(saved) != string(file.Source.Text())
}
