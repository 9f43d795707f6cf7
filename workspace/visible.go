package workspace

import (
	"hash/maphash"
	"path/filepath"

	"github.com/flyte-lsp/flyte-lsp/pyeval"
	"github.com/flyte-lsp/flyte-lsp/workspace/imports"
)

// seed is that of the digests, which no other process sees.
var seed = maphash.MakeSeed()

// visible is a digest of the interfaces of all modules of the workspace that a
// source's values may hang on: those that it imports, and those that these
// import. Installed modules don't count: they don't change without the layout.
func (s *Snapshot) visible(source *pyeval.Source) uint64 {
	if source.StandIn {
		return 0 // it lies nowhere, and imports only what is installed
	}
	seen := map[string]bool{source.Path: true}
	next := s.imported(source.Path, source.Text.Text())
	var digest uint64
	for len(next) > 0 {
		path := next[len(next)-1]
		next = next[:len(next)-1]
		if seen[path] {
			continue
		}
		seen[path] = true
		key, imported := s.seenAs(path)
		var hash maphash.Hash
		hash.SetSeed(seed)
		hash.WriteString(path)
		maphash.WriteComparable(&hash, key)
		digest += hash.Sum64() // in whatever order
		next = append(next, imported...)
	}
	return digest
}

// seenAs is a number that stays the same as long as the interface of the module
// at path does, and the modules that it imports. Of a file on disk it changes
// with the file.
func (s *Snapshot) seenAs(path string) (key uint64, imported []string) {
	if file := s.open[path]; file != nil && file.python != nil {
		if known := file.imported.Load(); known != nil {
			return file.python.Interface, *known
		}
		imported = s.imported(path, file.Source.Text())
		file.imported.Store(&imported)
		return file.python.Interface, imported
	}
	file := s.disk.file(path)
	file.scan(&importReader{})
	file.mu.Lock()
	defer file.mu.Unlock()
	if !file.resolved {
		file.resolved, file.imported = true, s.resolveAll(path, file.imports)
	}
	return file.serial, file.imported
}

func (s *Snapshot) imported(path string, text []byte) []string {
	return s.resolveAll(path, imports.Scan(text))
}

// resolveAll are the workspace's modules that a module's imports may import.
func (s *Snapshot) resolveAll(path string, found []imports.Import) []string {
	place := s.layout.place(filepath.Dir(path))
	var paths []string
	add := func(name string) {
		resolved := s.layout.resolve(place.search, name)
		if resolved.path != "" && !place.installed(resolved.path) {
			paths = append(paths, resolved.path)
		}
	}
	for _, statement := range found {
		module := statement.Module
		if statement.Level > 0 {
			module = place.absolute(statement)
		}
		for name := module; name != ""; name, _, _ = cutLast(name) {
			add(name)
		}
		for _, name := range statement.Names {
			if name != "*" && module != "" {
				add(module + "." + name)
			}
		}
	}
	return paths
}
