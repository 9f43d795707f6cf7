package workspace

import (
	"path/filepath"
	"slices"
)

// Installed tells whether a file belongs to the packages of the interpreter, and
// not to what the user works on.
func (s *Snapshot) Installed(path string) bool {
	return s.base.layout.place(filepath.Dir(path)).installed(path)
}

// Root is the folder that the names of a file's modules are relative to. sure
// tells that it is one that the user or the build system names, or that there is
// neither: a folder of a namespace package may look like a root, and isn't.
func (s *Snapshot) Root(path string) (root string, sure bool) {
	layout := s.base.layout
	place := layout.place(filepath.Dir(path))
	return place.root, place.project.dir == "" ||
		slices.Contains(layout.settings.roots, place.root) ||
		slices.Contains(layout.settings.folders, place.root) ||
		slices.Contains(layout.projectDirs(place.project), place.root)
}

// ModulePath is the file of a module by its absolute name, as the module at a path
// sees it; "" if there is none.
func (s *Snapshot) ModulePath(from, name string) string {
	return s.base.layout.resolve(s.base.layout.place(filepath.Dir(from)).search, name).path
}
