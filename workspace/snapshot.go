package workspace

import (
	"path/filepath"

	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

// Snapshot is the state of the workspace at one moment: the open documents,
// and of the files on disk what is known of them: a file is read when it is
// asked for, and then stays as it is, until Workspace.Changed or
// Workspace.Refresh make the next snapshot. It is immutable, shares with other
// snapshots what didn't change, and is safe for concurrent use.
type Snapshot struct {
	workspace *Workspace
	*base
	open    map[string]*File
	ordered []*File
	// interfaces counts the changes by which other modules may have changed.
	// Snapshots with the same number have the same interfaces.
	interfaces uint64
	programs   *programs
}

// base is what a snapshot knows of the disk. Snapshots between which nothing
// changed there share it.
type base struct {
	layout *layout
	disk   *diskFiles
	index  *index
}

// File is the open document at path, else the file on disk. It returns an
// error that says which file, if it can't be read or its name isn't that of a
// workflow file. A file that changed on disk since this snapshot read it is
// read again, and the workspace's next snapshot has it.
func (s *Snapshot) File(path string) (*File, error) {
	path = filepath.Clean(path)
	if s.open[path] != nil || s.disk.file(path).fresh() {
		return s.file(path)
	}
	s.workspace.Changed([]string{path})
	now := s.workspace.Snapshot()
	return now.disk.file(path).asFile(now.layout)
}

// file is File without a look at the disk.
func (s *Snapshot) file(path string) (*File, error) {
	if file := s.open[path]; file != nil {
		return file, nil
	}
	return s.disk.file(path).asFile(s.layout)
}

// OpenFiles are the open documents, ordered by path.
func (s *Snapshot) OpenFiles() []*File { return s.ordered }

// source is the Python module at a path as the evaluator reads it.
func (s *Snapshot) source(path string) (*pyeval.Source, error) {
	if file := s.open[path]; file != nil && file.python != nil {
		return file.python, nil
	}
	return s.disk.file(path).asSource(s.layout)
}
