package workspace

import (
	"path/filepath"

	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyte-lsp/flyte-lsp/parser/notebook"
)

// With is what the snapshot would be if the document at path had another text.
// The workspace stays as it is.
func (s *Snapshot) With(path string, text []byte) *Snapshot {
	path = filepath.Clean(path)
	language, _ := parser.LanguageOf(path)
	supposed := &Snapshot{workspace: s.workspace, base: s.base, open: s.open, ordered: s.ordered, interfaces: s.interfaces}
	before := s.open[path]
	var cells notebook.Cells
	if before != nil {
		cells = before.Cells
	}
	file := newFile(path, s.workspace.parse(path, language, text), cells, s.layout)
	file.Open = true
	if before != nil {
		file.Version = before.Version
	}
	supposed.setOpen(path, file)
	supposed.programs = newPrograms(supposed)
	supposed.programs.supposed = map[string]*evaluated{path: newEvaluated()}
	for other, own := range s.programs.supposed {
		if other != path {
			supposed.programs.supposed[other] = own
		}
	}
	return supposed
}

// parse parses a text, which is likely to be much like that of the document at path
// if one is open.
func (w *Workspace) parse(path string, language parser.Language, text []byte) *parser.Module {
	w.mu.Lock()
	tree := w.trees[path]
	w.mu.Unlock()
	if tree == nil {
		return parser.ParseFile(language, text)
	}
	edited := tree.Edit(text)
	defer edited.Close()
	return edited.Module()
}

// Interfaces is a number that is the same for snapshots of a workspace between
// which no module's interface changed: what one module can see of the others is
// the same then.
func (s *Snapshot) Interfaces() uint64 { return s.interfaces }

// Version tells the states of a file apart that editors make: it is that of an
// open document, -1 of a file that isn't open.
func (s *Snapshot) Version(path string) int32 {
	if file := s.open[filepath.Clean(path)]; file != nil {
		return file.Version
	}
	return -1
}

// WorkflowFiles are the paths of the files that Workspace.Index found in the
// workspace's folders, ordered; nil if it hasn't looked yet.
func (s *Snapshot) WorkflowFiles() []string {
	switch {
	case s.index == nil:
		return nil
	case s.index.paths == nil:
		return []string{}
	}
	return s.index.paths
}
