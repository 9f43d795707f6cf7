package workspace

import (
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/flyte-lsp/flyte-lsp/parser"
)

// Resolve finds the entity that a callee, dotted as written in f, stands for:
// in f itself or, through its imports, in another file. It returns nil, nil if
// that isn't certain.
func (s *Snapshot) Resolve(f *File, callee string) (*File, *parser.Entity) {
	if f.Language == parser.Go {
		return s.resolveGo(f, callee)
	}
	r := resolver{snapshot: s, seen: map[string]bool{}}
	return r.resolve(f, strings.Split(callee, "."))
}

// Interface is an entity of f with the interface that it has in the whole
// workspace: that of a launch plan whose workflow is in another file comes
// from there. It is the entity itself if nothing is to be added.
func (s *Snapshot) Interface(f *File, entity *parser.Entity) *parser.Entity {
	if entity.Kind != parser.LaunchPlan || entity.Workflow == "" {
		return entity
	}
	other, workflow := s.Resolve(f, entity.Workflow)
	if workflow == nil || other == f || workflow.Kind != parser.Workflow {
		return entity
	}
	return entity.WithWorkflow(workflow)
}

// Importers are the open files that import the file at path, ordered by path.
// The files of a Go package import each other.
func (s *Snapshot) Importers(path string) []*File {
	path = filepath.Clean(path)
	var importers []*File
	for _, file := range s.ordered {
		if file.Path != path && importsModule(file, path) {
			importers = append(importers, file)
		}
	}
	return importers
}

func importsModule(file *File, path string) bool {
	if file.Language == parser.Go {
		return filepath.Ext(path) == ".go" && filepath.Dir(file.Path) == filepath.Dir(path)
	}
	for _, imported := range file.Imports {
		for _, base := range importBases(file, imported.Level) {
			module := filepath.Join(base, filepath.FromSlash(strings.ReplaceAll(imported.Module, ".", "/")))
			if slices.Contains(moduleFiles(module), path) ||
				imported.Attribute != "" && slices.Contains(moduleFiles(filepath.Join(module, imported.Attribute)), path) {
				return true
			}
		}
	}
	return false
}

// importBases are the folders that the modules of an import are looked for
// in: of a relative import the package it names, else the source root, and the
// file's own folder, which Python has on its path when it runs the file.
func importBases(f *File, level int) []string {
	dir := filepath.Dir(f.Path)
	if level > 0 {
		for range level - 1 {
			dir = filepath.Dir(dir)
		}
		return []string{dir}
	}
	if dir == f.SourceRoot {
		return []string{dir}
	}
	return []string{f.SourceRoot, dir}
}

// moduleFiles are the files that a module may be in, in Python's order.
func moduleFiles(module string) []string {
	return []string{filepath.Join(module, "__init__.py"), module + ".py"}
}

// resolver follows a name through modules, and remembers where it was: modules
// may import a name from each other.
type resolver struct {
	snapshot *Snapshot
	seen     map[string]bool
}

// resolve follows a name, in parts, from a file.
func (r resolver) resolve(f *File, parts []string) (*File, *parser.Entity) {
	step := f.Path + "\x00" + strings.Join(parts, ".")
	if len(parts) == 0 || r.seen[step] {
		return nil, nil
	}
	r.seen[step] = true
	entity := f.Entity(parts[0])
	imported, found := lastImport(f, parts[0])
	if entity != nil && (!found || imported.Span.Start < entity.Span.Start) {
		if len(parts) > 1 {
			return nil, nil
		}
		return f, entity
	}
	if found && imported.Uncertain {
		return nil, nil
	}
	if found {
		module, rest := importedPath(imported, parts)
		return r.resolveIn(f, imported.Level, module, rest)
	}
	for _, star := range f.Imports {
		if star.Local != "*" {
			continue
		}
		if file, entity := r.resolveIn(f, star.Level, star.Module, parts); entity != nil {
			return file, entity
		}
	}
	return nil, nil
}

func lastImport(f *File, local string) (parser.Import, bool) {
	for _, imported := range slices.Backward(f.Imports) {
		if imported.Local == local {
			return imported, true
		}
	}
	return parser.Import{}, false
}

// importedPath splits a name that starts with an imported one into the module
// to look in and the rest of the name.
func importedPath(imported parser.Import, parts []string) (module string, rest []string) {
	switch first, _, dotted := strings.Cut(imported.Module, "."); {
	case imported.Attribute != "":
		return imported.Module, append([]string{imported.Attribute}, parts[1:]...)
	case dotted && imported.Local == first: // import a.b
		return first, parts[1:]
	default:
		return imported.Module, parts[1:]
	}
}

// resolveIn follows a name in the first module of that path, or in the modules
// below it.
func (r resolver) resolveIn(f *File, level int, module string, parts []string) (*File, *parser.Entity) {
	for _, base := range importBases(f, level) {
		path := filepath.Join(base, filepath.FromSlash(strings.ReplaceAll(module, ".", "/")))
		found := false
		for ; ; path, parts = filepath.Join(path, parts[0]), parts[1:] {
			file := r.snapshot.module(path)
			if file != nil {
				found = true
				if file, entity := r.resolve(file, parts); entity != nil {
					return file, entity
				}
			}
			if len(parts) < 2 || file == nil && !isFolder(path) {
				break
			}
		}
		if found {
			return nil, nil
		}
	}
	return nil, nil
}

// module is the file of a module, nil if it has none that can be read.
func (s *Snapshot) module(path string) *File {
	for _, candidate := range moduleFiles(path) {
		if file, err := s.File(candidate); err == nil {
			return file
		}
	}
	return nil
}

func isFolder(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

// resolveGo finds a function of the file's own package.
func (s *Snapshot) resolveGo(f *File, callee string) (*File, *parser.Entity) {
	if entity := f.Entity(callee); entity != nil {
		return f, entity
	}
	if strings.Contains(callee, ".") {
		return nil, nil
	}
	for _, path := range s.goFiles(filepath.Dir(f.Path)) {
		file, err := s.File(path)
		if err != nil || file.Package != f.Package {
			continue
		}
		if entity := file.Entity(callee); entity != nil {
			return file, entity
		}
	}
	return nil, nil
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
