package workspace

import "path/filepath"

// Installed tells whether a file belongs to the packages of the interpreter, and
// not to what the user works on.
func (s *Snapshot) Installed(path string) bool {
	return s.base.layout.place(filepath.Dir(path)).installed(path)
}
