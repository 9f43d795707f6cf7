package lsp

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"go.lsp.dev/protocol"

	"github.com/flyte-lsp/flyte-lsp/codelens"
	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyte-lsp/flyte-lsp/runs"
	"github.com/flyte-lsp/flyte-lsp/workspace"
)

// inputsDocuments are the inputs documents that are open, over those on disk:
// a run takes what the user sees.
type inputsDocuments struct {
	mu       sync.Mutex
	texts    map[string][]byte
	versions map[string]int32 // of the texts
}

func (d *inputsDocuments) open(path string, version int32, text []byte) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.texts == nil {
		d.texts, d.versions = map[string][]byte{}, map[string]int32{}
	}
	d.texts[path], d.versions[path] = text, version
}

func (d *inputsDocuments) change(path string, version *int32, changes []workspace.Change) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	text, open := d.texts[path]
	if !open {
		return &workspace.NotOpenError{Path: path}
	}
	next, err := nextVersion(path, d.versions[path], version)
	if err != nil {
		return err
	}
	for _, change := range changes {
		text = change.Apply(parser.NewSource(text))
	}
	d.texts[path], d.versions[path] = text, next
	return nil
}

// openVersions are the versions of the open documents, by path. What is read
// afterwards is of that version or a later one.
func (d *inputsDocuments) openVersions() map[string]int32 {
	d.mu.Lock()
	defer d.mu.Unlock()
	return maps.Clone(d.versions)
}

func (d *inputsDocuments) close(path string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.texts, path)
	delete(d.versions, path)
}

// text returns the document's text, nil if there is none.
func (d *inputsDocuments) text(path string) ([]byte, error) {
	d.mu.Lock()
	text, open := d.texts[path]
	d.mu.Unlock()
	if open {
		return text, nil
	}
	text, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	return text, err
}

// read returns the values of the document at path and the path itself, or
// neither if there is no document. Nulls are left out: they stand for "not
// filled in".
func (d *inputsDocuments) read(path string) (values map[string]any, from string, err error) {
	text, err := d.text(path)
	if text == nil || err != nil {
		return nil, "", err
	}
	document, err := runs.ReadInputsDocument(path, text)
	if err != nil {
		return nil, "", err
	}
	for name, value := range document.Values {
		if value == nil {
			delete(document.Values, name)
		}
	}
	return document.Values, path, nil
}

func (s *Server) inputsDocumentOf(file *workspace.File, entity *model.Entity) string {
	return runs.InputsPath(s.folders.of(file.Path), file, entity)
}

func (s *Server) commandOpenInputs(ctx context.Context, snapshot *workspace.Snapshot, of *codelens.EntityReference) (any, error) {
	file, entity, err := s.entityOf(ctx, snapshot, *of)
	if err != nil {
		return nil, err
	}
	return s.inputsDocumentOf(file, entity), s.openInputs(ctx, file, entity)
}

// openInputs shows the entity's inputs document, made if it isn't there.
func (s *Server) openInputs(ctx context.Context, file *workspace.File, entity *model.Entity) error {
	path := s.inputsDocumentOf(file, entity)
	text, err := runs.NewInputsDocument(path, file, entity)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return fmt.Errorf("the inputs document can't be made: %w", err)
	}
	created, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err == nil {
		_, err = created.WriteString(text)
		err = errors.Join(err, created.Close())
	}
	if err != nil && !errors.Is(err, os.ErrExist) {
		return fmt.Errorf("the inputs document can't be made: %w", err)
	}
	s.showDocument(ctx, path)
	return nil
}

// inputsLenses are the run lenses of an inputs document, in its first row.
func (s *Server) inputsLenses(ctx context.Context, path string, kinds codelens.Kinds) ([]protocol.CodeLens, error) {
	text, err := s.inputs.text(path)
	if err != nil || !kinds.Run {
		return nil, err
	}
	// The header is enough: a document that doesn't parse says so when it runs.
	document, _ := runs.ReadInputsDocument(path, text)
	lenses := []protocol.CodeLens{}
	if document.Entity == "" {
		return lenses, nil
	}
	var local, remote *runs.Run
	for _, run := range s.latest(ctx, document.File) {
		switch {
		case run.Entity != document.Entity:
		case run.Target == runs.Local:
			local = run
		default:
			remote = run
		}
	}
	of := codelens.EntityReference{URI: string(uriOf(document.File)), Entity: document.Entity}
	for _, lens := range codelens.InputsDocument(of, local, remote, time.Now()) {
		lenses = append(lenses, lensAt(protocol.Position{}, lens))
	}
	return inOrder(lenses), nil
}

// list writes names as a sentence does.
func list(names []string) string {
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	return strings.Join(names[:len(names)-1], ", ") + " and " + names[len(names)-1]
}
