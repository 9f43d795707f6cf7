package workspace

import (
	"path/filepath"
	"strings"
	"sync/atomic"

	"github.com/flyte-lsp/flyte-lsp/parser"
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
	// makes it longer. For Go it is the package's name and folder.
	ModuleName string
	SourceRoot string
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

func newFile(path string, module *parser.Module, layout *layout) *File {
	file := &File{Path: path, Language: module.Language, Module: module}
	switch module.Language {
	case parser.Python:
		place := layout.place(filepath.Dir(path))
		file.SourceRoot, file.ModuleName = place.root, place.prefix+stem(filepath.Base(path))
		file.python = newSource(path, module, layout)
	case parser.Go:
		file.SourceRoot, file.ModuleName = filepath.Dir(path), module.Package
	}
	return file
}

// newSource is a Python file as the evaluator reads it.
func newSource(path string, module *parser.Module, layout *layout) *pyeval.Source {
	base := filepath.Base(path)
	name := layout.place(filepath.Dir(path)).prefix + stem(base)
	source := &pyeval.Source{
		Path:      path,
		Name:      name,
		Package:   stem(base) == "__init__",
		Stub:      filepath.Ext(base) == ".pyi",
		AST:       module.AST,
		Text:      module.Source,
		Interface: module.AST.Fingerprint,
	}
	if source.Package {
		source.Name = strings.TrimSuffix(name, ".__init__")
	}
	return source
}
