package workspace

import (
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyte-lsp/flyte-lsp/parser/notebook"
	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

// File is a workflow file at one moment. It is immutable.
type File struct {
	Path string
	// Version is the editor's version of an open document, 0 of a file on disk.
	Version  int32
	Open     bool
	Language parser.Language
	// ModuleName is the Python module's name as flytekit has it, and
	// SourceRoot the folder that it is relative to, which must be on Python's
	// path. See ModuleName; a package root that the project or the user states
	// makes it longer; a notebook's is "__main__". For Go it is the package's name and folder.
	ModuleName string
	SourceRoot string
	// Cells are the places of the cells in the text of a notebook, nil of any
	// other file. Those of a supposed text (Snapshot.With) are the document's.
	Cells notebook.Cells
	*parser.Module

	python *pyeval.Source // nil of a file that isn't Python's
	// imported are the workspace's modules that it may import, nil if nobody
	// asked.
	imported atomic.Pointer[[]string]
	// seen are the file's rows, nil if nobody asked; kept those of an earlier
	// text of the document, as they stand in this one.
	seen atomic.Pointer[[]Row]
	kept []Row
}

func newFile(path string, module *parser.Module, cells notebook.Cells, layout *layout) *File {
	if parser.IsNotebook(path) {
		module = withTopLevelAwait(module)
	}
	file := &File{Path: path, Language: module.Language, Module: module, Cells: cells}
	switch module.Language {
	case parser.Python:
		file.SourceRoot, file.ModuleName = layout.place(filepath.Dir(path)).root, moduleName(path, layout)
		file.python = newSource(path, module, cells, layout)
	case parser.Go:
		file.SourceRoot, file.ModuleName = filepath.Dir(path), module.Package
	}
	return file
}

func moduleName(path string, layout *layout) string {
	if parser.IsNotebook(path) {
		return "__main__"
	}
	return layout.place(filepath.Dir(path)).prefix + stem(filepath.Base(path))
}

// withTopLevelAwait is the module without the errors that IPython doesn't make.
func withTopLevelAwait(module *parser.Module) *parser.Module {
	accepted := *module
	accepted.Errors = slices.DeleteFunc(slices.Clone(module.Errors), func(e parser.SyntaxError) bool { return e.TopLevelAwait })
	return &accepted
}

// cellStarts are the offsets at which cells start.
func cellStarts(cells notebook.Cells, source *parser.Source) []int {
	var starts []int
	for _, cell := range cells {
		starts = append(starts, source.Offset(parser.Position{Line: cell.Line}))
	}
	return starts
}

// newSource is a Python file as the evaluator reads it.
func newSource(path string, module *parser.Module, cells notebook.Cells, layout *layout) *pyeval.Source {
	base := filepath.Base(path)
	name := moduleName(path, layout)
	source := &pyeval.Source{
		Path:      path,
		Name:      name,
		Package:   stem(base) == "__init__",
		Stub:      filepath.Ext(base) == ".pyi",
		Notebook:  parser.IsNotebook(path),
		Cells:     cellStarts(cells, module.Source),
		Further:   cells.Binds(),
		AST:       module.AST,
		Text:      module.Source,
		Interface: module.AST.Fingerprint,
	}
	if source.Package {
		source.Name = strings.TrimSuffix(name, ".__init__")
	}
	return source
}
