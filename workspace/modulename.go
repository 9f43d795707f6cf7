package workspace

import (
	"os"
	"path/filepath"
	"strings"
)

// ModuleName is the name that flytekit gives the Python module in the file at
// path, and the folder that must be on Python's path for it: upwards as long as
// the folders are packages, i.e. hold an __init__.py
// (core/tracker.py:_ModuleSanitizer). A package's own file keeps its name
// there: "pkg.__init__". Extensions of folders are cut off as flytekit does.
func ModuleName(path string) (root, name string) {
	root = filepath.Dir(path)
	name = stem(filepath.Base(path))
	for isPackage(root) {
		name = stem(filepath.Base(root)) + "." + name
		parent := filepath.Dir(root)
		if parent == root {
			break
		}
		root = parent
	}
	return root, name
}

func isPackage(dir string) bool {
	_, err := os.Stat(filepath.Join(dir, "__init__.py"))
	return err == nil
}

// stem cuts the extension off as Python's os.path.splitext does, for which
// leading dots are part of the name.
func stem(base string) string {
	name := strings.TrimLeft(base, ".")
	if dot := strings.LastIndexByte(name, '.'); dot > 0 {
		return base[:len(base)-len(name)+dot]
	}
	return base
}
