package workspace

import (
	"path/filepath"

	"github.com/flyte-lsp/flyte-lsp/parser"
)

// Snapshot is the state of the open documents at one moment; files that aren't
// open are as they are on disk when one asks for them. It is immutable and
// safe for concurrent use.
type Snapshot struct {
	open    map[string]*File
	ordered []*File
	disk    *diskCache
}

// File is a workflow file at one moment. It is immutable.
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
	// Lenses are the rows that lenses stand on, in the order of the text.
	Lenses []LensRow
}

func newFile(path string, module *parser.Module) *File {
	file := &File{Path: path, Language: module.Language, Module: module}
	switch module.Language {
	case parser.Python:
		file.SourceRoot, file.ModuleName = ModuleName(path)
	case parser.Go:
		file.SourceRoot, file.ModuleName = filepath.Dir(path), module.Package
	}
	return file
}

// File is the open document at path, else the file on disk. It returns an
// error that says which file, if it can't be read or its name isn't that of a
// workflow file.
func (s *Snapshot) File(path string) (*File, error) {
	path = filepath.Clean(path)
	if file := s.open[path]; file != nil {
		return file, nil
	}
	return s.disk.file(path)
}

// OpenFiles are the open documents, ordered by path.
func (s *Snapshot) OpenFiles() []*File { return s.ordered }
