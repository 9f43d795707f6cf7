// Package workspace holds the files that an editor works on: open documents
// over the files on disk, as immutable snapshots that share what didn't
// change.
package workspace

import (
	"fmt"
	"sync"
	"sync/atomic"

	"github.com/flyte-lsp/flyte-lsp/parser"
)

// Workspace takes the editor's notifications and keeps the current snapshot.
// It is safe for concurrent use; notifications of one document come in order.
type Workspace struct {
	mu      sync.Mutex // orders the writers
	current atomic.Pointer[Snapshot]
}

// Change is one edit of a document. Range is what Text replaces, nil if Text
// is the whole document. The changes of one call to Workspace.Change apply one
// after another, each to what the one before left.
type Change struct {
	Range *[2]parser.Position
	Text  string
}

// NotOpenError says that a document was edited that isn't open.
type NotOpenError struct{ Path string }

func (e *NotOpenError) Error() string {
	return fmt.Sprintf("%s was changed but is not open: close it and open it again", e.Path)
}

// New is a workspace without open documents.
func New() *Workspace {
	w := &Workspace{}
	w.current.Store(&Snapshot{})
	return w
}

// Snapshot is the current state. It never changes, and costs nothing.
func (w *Workspace) Snapshot() *Snapshot { return w.current.Load() }

// Open opens a document, which from now on stands for the file at path. A
// path whose name isn't that of a workflow file is kept, with an empty module.
func (w *Workspace) Open(path string, version int32, text []byte) {}

// Change edits an open document, which then has that version. It returns a
// *NotOpenError if it isn't open.
func (w *Workspace) Change(path string, version int32, changes []Change) error {
	return &NotOpenError{Path: path}
}

// Close ends the editing of a document: the file on disk counts again.
func (w *Workspace) Close(path string) {}
