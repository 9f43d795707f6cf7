package workspace

import (
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyte-lsp/flyte-lsp/workspace/imports"
)

// Dependents are the files that import the module at path, ordered: open
// documents, and what Workspace.Index found. A module that is only passed on
// the way to another one counts, as Python runs it: `import a.b` imports
// a/__init__.py, too. The files of a Go package import each other.
func (s *Snapshot) Dependents(path string) []string {
	path = filepath.Clean(path)
	var found []string
	if filepath.Ext(path) == ".go" {
		found = s.goFiles(filepath.Dir(path))
	} else {
		for _, candidate := range s.index.mentions(moduleWord(path), s.disk) {
			if s.open[candidate] == nil && s.importsFile(candidate, s.disk.file(candidate).imports, path) {
				found = append(found, candidate)
			}
		}
		for _, file := range s.ordered {
			if file.Language == parser.Python && s.importsFile(file.Path, imports.Scan(file.Source.Text()), path) {
				found = append(found, file.Path)
			}
		}
	}
	found = slices.DeleteFunc(found, func(importer string) bool { return importer == path })
	slices.Sort(found)
	return found
}

// moduleWord is the last component of a module's name.
func moduleWord(path string) string {
	if name := stem(filepath.Base(path)); name != "__init__" {
		return name
	}
	return filepath.Base(filepath.Dir(path))
}

// importsFile tells whether one of a module's imports is that of the file at
// path.
func (s *Snapshot) importsFile(from string, found []imports.Import, path string) bool {
	search := s.layout.place(filepath.Dir(from)).search
	word := moduleWord(path)
	is := func(name string) bool {
		_, last, _ := cutLast(name)
		return last == word && s.layout.resolve(search, name).path == path
	}
	for _, statement := range found {
		if statement.Level > 0 {
			if relative(from, statement, path) {
				return true
			}
			continue
		}
		for name := statement.Module; name != ""; name, _, _ = cutLast(name) {
			if is(name) {
				return true
			}
		}
		if slices.Contains(statement.Names, word) && is(statement.Module+"."+word) {
			return true
		}
	}
	return false
}

// relative tells whether a relative import imports the file at path.
func relative(from string, statement imports.Import, path string) bool {
	dir := filepath.Dir(from)
	for range statement.Level - 1 {
		dir = filepath.Dir(dir)
	}
	modules := []string{dir}
	if statement.Module != "" {
		for part := range strings.SplitSeq(statement.Module, ".") {
			dir = filepath.Join(dir, part)
			modules = append(modules, dir)
		}
	}
	for _, name := range statement.Names {
		modules = append(modules, filepath.Join(dir, name))
	}
	return slices.ContainsFunc(modules, func(module string) bool {
		return slices.Contains(moduleFiles(module), path)
	})
}

// moduleFiles are the files that a module may be in, in Python's order.
func moduleFiles(module string) []string {
	return []string{filepath.Join(module, "__init__.py"), module + ".py"}
}

// goFiles are the Go files of a folder, on disk or open, without tests.
func (s *Snapshot) goFiles(dir string) []string {
	var paths []string
	entries, _ := os.ReadDir(dir) // the open files are there also if the folder can't be read
	for _, entry := range entries {
		paths = append(paths, filepath.Join(dir, entry.Name()))
	}
	for _, file := range s.ordered {
		if filepath.Dir(file.Path) == dir && !slices.Contains(paths, file.Path) {
			paths = append(paths, file.Path)
		}
	}
	return slices.DeleteFunc(paths, func(path string) bool {
		return filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go")
	})
}
