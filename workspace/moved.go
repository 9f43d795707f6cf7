package workspace

import (
	"maps"
	"path/filepath"
)

// Moved tells how modules are named and found once files lie elsewhere.
type Moved struct{ layout *layout }

// Moved is what the names of modules will be when the files at the keys of moves
// lie at its values, absolute paths both. The workspace stays as it is.
func (s *Snapshot) Moved(moves map[string]string) *Moved {
	next := s.layout.copy()
	change := func(path string, to kind) {
		dir, name := filepath.Split(path)
		dir = filepath.Clean(dir)
		old := next.listing(dir)
		names := maps.Clone(old.names)
		if to == none {
			delete(names, name)
		} else {
			names[name] = to
		}
		next.folders[dir] = &listing{names: names, machine: old.machine}
	}
	for from := range moves {
		change(from, none)
		// A folder that nothing is left in goes with its files.
		for dir := filepath.Dir(from); len(next.listing(dir).names) == 0 && dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
			change(dir, none)
		}
	}
	for _, to := range moves {
		change(to, aFile)
		for dir := filepath.Dir(to); next.listing(filepath.Dir(dir)).names[filepath.Base(dir)] != aFolder && dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
			change(dir, aFolder)
		}
	}
	return &Moved{next}
}

// ModuleName is the name of the module at a path, and the folder that it is
// relative to, as File has them.
func (m *Moved) ModuleName(path string) (root, name string) {
	place := m.layout.place(filepath.Dir(path))
	return place.root, place.prefix + stem(filepath.Base(path))
}

// ModulePath is the file of a module by its absolute name, as the module at a path
// sees it; "" if there is none.
func (m *Moved) ModulePath(from, name string) string {
	return m.layout.resolve(m.layout.place(filepath.Dir(from)).search, name).path
}
