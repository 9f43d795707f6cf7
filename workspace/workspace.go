// Package workspace holds the files that an editor works on: open documents
// over the files on disk, as immutable snapshots that share what didn't
// change.
package workspace

import (
	"cmp"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/flyte-lsp/flyte-lsp/parser"
)

// Workspace takes the editor's notifications and keeps the current snapshot.
// It is safe for concurrent use; notifications of one document come in order.
type Workspace struct {
	mu      sync.Mutex // orders the writers
	trees   map[string]*parser.Tree
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
	w := &Workspace{trees: map[string]*parser.Tree{}}
	w.current.Store(&Snapshot{disk: &diskCache{files: map[string]diskFile{}}})
	return w
}

// Snapshot is the current state. It never changes, and costs nothing.
func (w *Workspace) Snapshot() *Snapshot { return w.current.Load() }

// Open opens a document, which from now on stands for the file at path. A
// path whose name isn't that of a workflow file is kept, with an empty module.
func (w *Workspace) Open(path string, version int32, text []byte) {
	path = filepath.Clean(path)
	w.mu.Lock()
	defer w.mu.Unlock()
	w.closeTree(path)
	language, _ := parser.LanguageOf(path)
	tree := parser.Parse(language, text)
	w.trees[path] = tree
	file := newFile(path, tree.Module())
	file.Open, file.Version = true, version
	file.Lenses = rows(file.Module)
	w.publish(path, file)
}

// Change edits an open document, which then has that version. It returns a
// *NotOpenError if it isn't open.
func (w *Workspace) Change(path string, version int32, changes []Change) error {
	path = filepath.Clean(path)
	w.mu.Lock()
	defer w.mu.Unlock()
	before, tree := w.current.Load().open[path], w.trees[path]
	if before == nil {
		return &NotOpenError{Path: path}
	}
	source, kept := before.Source, before.Lenses
	for _, change := range changes {
		next := parser.NewSource(change.apply(source))
		kept = shiftRows(kept, source, next)
		source = next
	}
	next := tree.Edit(source.Text())
	tree.Close()
	w.trees[path] = next

	file := *before
	file.Version, file.Module = version, next.Module()
	file.Lenses = keepRows(kept, file.Module)
	if file.Language == parser.Go {
		file.ModuleName = file.Package
	}
	w.publish(path, &file)
	return nil
}

// Close ends the editing of a document: the file on disk counts again.
func (w *Workspace) Close(path string) {
	path = filepath.Clean(path)
	w.mu.Lock()
	defer w.mu.Unlock()
	w.closeTree(path)
	w.publish(path, nil)
}

func (w *Workspace) closeTree(path string) {
	if tree := w.trees[path]; tree != nil {
		tree.Close()
		delete(w.trees, path)
	}
}

// publish makes the next snapshot, in which the document at path is file, or
// isn't open.
func (w *Workspace) publish(path string, file *File) {
	last := w.current.Load()
	next := &Snapshot{open: maps.Clone(last.open), disk: last.disk}
	if next.open == nil {
		next.open = map[string]*File{}
	}
	if file == nil {
		delete(next.open, path)
	} else {
		next.open[path] = file
	}
	next.ordered = slices.SortedFunc(maps.Values(next.open), func(a, b *File) int {
		return cmp.Compare(a.Path, b.Path)
	})
	w.current.Store(next)
}

// apply is the text after the change. The text before stays as it is.
func (c Change) apply(source *parser.Source) []byte {
	if c.Range == nil {
		return []byte(c.Text)
	}
	text := source.Text()
	start := source.Offset(c.Range[0])
	end := max(start, source.Offset(c.Range[1]))
	return slices.Concat(text[:start], []byte(c.Text), text[end:])
}
