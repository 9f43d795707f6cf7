// Package workspace holds the files that an editor works on: open documents
// over the files on disk, as immutable snapshots that share what didn't
// change. It finds the modules that files import, and keeps what was evaluated
// as long as it holds.
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
	"github.com/flyte-lsp/flyte-lsp/parser/notebook"
)

// Workspace takes the editor's notifications and keeps the current snapshot.
// It is safe for concurrent use; notifications of one document come in order.
type Workspace struct {
	mu        sync.Mutex // orders the writers
	trees     map[string]*parser.Tree
	current   atomic.Pointer[Snapshot]
	evaluated *evaluated
	// indexing counts the indexes that are being made, and whileIndexing has
	// the paths that changed on disk meanwhile.
	indexing      int
	whileIndexing []string
}

// Change is one edit of a document. Range is what Text replaces, in units of
// Encoding, nil if Text is the whole document. The changes of one call to
// Workspace.Change apply one after another, each to what the one before left.
type Change struct {
	Range    *[2]parser.Position
	Encoding parser.Encoding
	Text     string
}

// NotOpenError says that a document was edited that isn't open.
type NotOpenError struct{ Path string }

func (e *NotOpenError) Error() string {
	return fmt.Sprintf("%s was changed but is not open: close it and open it again", e.Path)
}

// New is a workspace without open documents and folders.
func New() *Workspace {
	w := &Workspace{trees: map[string]*parser.Tree{}, evaluated: newEvaluated()}
	first := &Snapshot{
		workspace: w,
		base:      &base{layout: newLayout(settings{}), disk: newDiskFiles()},
		open:      map[string]*File{},
	}
	first.programs = newPrograms(first)
	w.current.Store(first)
	return w
}

// Snapshot is the current state. It never changes, and costs nothing.
func (w *Workspace) Snapshot() *Snapshot { return w.current.Load() }

// Open opens a document, which from now on stands for the file at path. A
// path whose name isn't that of a workflow file is kept, with an empty module.
func (w *Workspace) Open(path string, version int32, text []byte) {
	w.open(path, version, text, nil)
}

func (w *Workspace) open(path string, version int32, text []byte, cells notebook.Cells) {
	path = filepath.Clean(path)
	language, _ := parser.LanguageOf(path)
	tree := parser.Parse(language, text)
	w.update(func(next *Snapshot) {
		w.closeTree(path)
		w.trees[path] = tree
		next.setLayout(next.layout.with(path))
		file := newFile(path, tree.Module(), cells, next.layout)
		file.Open, file.Version = true, version
		next.setOpen(path, file)
		next.interfaceChanged(path)
	})
}

// Change edits an open document, which then has that version. It returns a
// *NotOpenError if it isn't open.
func (w *Workspace) Change(path string, version int32, changes []Change) error {
	return w.change(path, version, changes, nil)
}

func (w *Workspace) change(path string, version int32, changes []Change, cells notebook.Cells) error {
	path = filepath.Clean(path)
	var err error
	w.update(func(next *Snapshot) {
		before, tree := next.open[path], w.trees[path]
		if before == nil {
			err = &NotOpenError{Path: path}
			return
		}
		source, seen := before.Source, before.lastSeen()
		for _, change := range changes {
			edited := parser.NewSource(change.Apply(source))
			seen = shiftSeen(seen, source, edited)
			source = edited
		}
		edited := tree.Edit(source.Text())
		tree.Close()
		w.trees[path] = edited

		file := newFile(path, edited.Module(), cells, next.layout)
		file.Open, file.Version = true, version
		file.kept = seen
		next.setOpen(path, file)
		if file.python == nil || file.python.Interface != before.python.Interface {
			next.interfaceChanged(path)
		}
	})
	return err
}

// Close ends the editing of a document: the file on disk counts again.
func (w *Workspace) Close(path string) {
	path = filepath.Clean(path)
	w.update(func(next *Snapshot) {
		w.closeTree(path)
		next.setOpen(path, nil)
		next.changed([]string{path})
		next.interfaceChanged(path)
	})
}

func (w *Workspace) closeTree(path string) {
	if tree := w.trees[path]; tree != nil {
		tree.Close()
		delete(w.trees, path)
	}
}

// SetFolders says which folders the user works in. What was indexed of other
// folders is forgotten; Index takes in the new ones.
func (w *Workspace) SetFolders(folders []string) {
	w.configure(func(s *settings) {
		s.folders = nil
		for _, folder := range folders {
			s.folders = append(s.folders, filepath.Clean(folder))
		}
	})
}

// SetSourceRoots says which folders the names of modules start at, where the
// __init__.py files don't tell: absolute paths.
func (w *Workspace) SetSourceRoots(roots []string) {
	w.configure(func(s *settings) {
		s.roots = nil
		for _, root := range roots {
			s.roots = append(s.roots, filepath.Clean(root))
		}
	})
}

// SetInterpreter gives the rule that chooses the Python for a folder: choose
// returns the program's path, or "" and why there is none. The interpreter
// isn't started; what is installed is read from its folders. choose is called
// for a folder once until the workspace changes, from several goroutines.
func (w *Workspace) SetInterpreter(choose func(dir string) (python, why string)) {
	w.configure(func(s *settings) {
		s.interpreters = &interpreters{choose: choose, read: map[string]interpreter{}}
	})
}

func (w *Workspace) configure(set func(*settings)) {
	w.update(func(next *Snapshot) {
		layout := next.layout.copy()
		set(&layout.settings)
		next.setLayout(layout)
		next.index = next.index.within(layout.settings.folders)
	})
}

// update makes the next snapshot from the last one.
func (w *Workspace) update(change func(next *Snapshot)) {
	w.mu.Lock()
	defer w.mu.Unlock()
	last := w.current.Load()
	next := &Snapshot{workspace: w, base: last.base, open: last.open, ordered: last.ordered, interfaces: last.interfaces}
	change(next)
	if next.programs = last.programs; next.interfaces != last.interfaces {
		next.programs = newPrograms(next)
	}
	w.current.Store(next)
}

// setOpen makes file the open document at path, or closes it.
func (s *Snapshot) setOpen(path string, file *File) {
	s.open = maps.Clone(s.open)
	if file == nil {
		delete(s.open, path)
	} else {
		s.open[path] = file
	}
	s.ordered = slices.SortedFunc(maps.Values(s.open), func(a, b *File) int {
		return cmp.Compare(a.Path, b.Path)
	})
}

// interfaceChanged says that other modules see something else of the module at
// path.
func (s *Snapshot) interfaceChanged(path string) {
	s.interfaces++
	if s.layout.place(filepath.Dir(path)).installed(path) {
		// Installed modules are only expected to change as a whole.
		s.setLayout(s.layout.copy())
	}
}

// setLayout takes another layout, by which modules may have other names.
func (s *Snapshot) setLayout(layout *layout) {
	if layout == s.layout {
		return
	}
	s.base = &base{layout: layout, disk: s.disk.renamed(), index: s.index}
	s.interfaces++
	for path, file := range s.open {
		renamed := newFile(path, file.Module, file.Cells, layout)
		renamed.Open, renamed.Version, renamed.kept = true, file.Version, file.lastSeen()
		s.setOpen(path, renamed)
	}
}

// Apply is the text after the change. The text before stays as it is. A range
// whose end comes first is the same as the one the other way round, as editors
// have it.
func (c Change) Apply(source *parser.Source) []byte {
	if c.Range == nil {
		return []byte(c.Text)
	}
	text := source.Text()
	start, end := c.Encoding.Offset(source, c.Range[0]), c.Encoding.Offset(source, c.Range[1])
	start, end = min(start, end), max(start, end)
	return slices.Concat(text[:start], []byte(c.Text), text[end:])
}
