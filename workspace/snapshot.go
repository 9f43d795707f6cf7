package workspace

import (
	"fmt"

	"github.com/flyte-lsp/flyte-lsp/parser"
)

// Snapshot is the state of all files at one moment. It is immutable and safe
// for concurrent use.
type Snapshot struct{}

// File is a workflow file at one moment.
type File struct {
	Path string
	// Version is the editor's version of an open document, 0 of a file on disk.
	Version  int32
	Open     bool
	Language parser.Language
	// ModuleName is the Python module's name as flytekit has it, and
	// SourceRoot the folder that it is relative to, which must be on Python's
	// path. See ModuleName. For Go it is the package's name and folder.
	ModuleName string
	SourceRoot string
	*parser.Module
	// Lenses are the rows that lenses stand on, in source order.
	Lenses []LensRow
}

// LensRow is the place of an entity's lenses. While the text has syntax
// errors, an entity that the last good text had and that was lost since keeps
// its row, so that lenses don't jump while one types.
type LensRow struct {
	// Entity is the entity as last read.
	Entity *parser.Entity
	// Offset is the start of the line above which the lenses stand.
	Offset int
	// Stale: the text doesn't parse and the entity is of an older text, to
	// which all its spans belong.
	Stale bool
}

// File is the open document at path, else the file on disk. It returns an
// error that says which file, if it can't be read or its name isn't that of a
// workflow file.
func (s *Snapshot) File(path string) (*File, error) {
	return nil, fmt.Errorf("read %s: not found", path)
}

// OpenFiles are the open documents, ordered by path.
func (s *Snapshot) OpenFiles() []*File { return nil }

// Resolve finds the entity that a callee, dotted as written in f, stands for:
// in f itself or, through its imports, in another file. It returns nil, nil if
// that isn't certain.
func (s *Snapshot) Resolve(f *File, callee string) (*File, *parser.Entity) { return nil, nil }

// Importers are the open files that import the file at path, ordered by path.
func (s *Snapshot) Importers(path string) []*File { return nil }
