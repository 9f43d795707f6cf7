package workspace

import (
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
)

// layout is what is known of the folders on disk, without the files' content:
// which names there are, and what follows for names of modules and where they
// are looked for. It is read by need, and then stays as it was read: where
// files come or go, the next snapshot has another layout. It is safe for
// concurrent use.
type layout struct {
	settings settings

	mu       sync.RWMutex
	folders  map[string]*listing
	places   map[string]*place
	projects map[string]project
	searches map[string]*searchPath
	resolved map[query]resolution
}

// listing are the names in a folder. Of one that can't be read, or isn't
// there, there are none.
type listing struct {
	names map[string]kind
	// machine has the modules of machine code: of "x.cpython-311.so" "x".
	machine map[string]bool
}

type kind uint8

const (
	none kind = iota
	aFile
	aFolder
)

func newLayout(settings settings) *layout {
	return &layout{
		settings: settings,
		folders:  map[string]*listing{},
		places:   map[string]*place{},
		projects: map[string]project{},
		searches: map[string]*searchPath{},
		resolved: map[query]resolution{},
	}
}

// listing is a folder's.
func (l *layout) listing(dir string) *listing {
	l.mu.RLock()
	found := l.folders[dir]
	l.mu.RUnlock()
	if found != nil {
		return found
	}
	read := readListing(dir)
	l.mu.Lock()
	defer l.mu.Unlock()
	if found = l.folders[dir]; found != nil {
		return found
	}
	l.folders[dir] = read
	return read
}

func readListing(dir string) *listing {
	entries, _ := os.ReadDir(dir) // what was read before an error counts
	found := &listing{names: make(map[string]kind, len(entries))}
	for _, entry := range entries {
		name := entry.Name()
		switch mode := entry.Type(); {
		case mode.IsDir():
			found.names[name] = aFolder
		case mode.IsRegular():
			found.names[name] = aFile
		case mode&fs.ModeSymlink != 0:
			found.names[name] = kindOf(filepath.Join(dir, name))
		}
		if ext := filepath.Ext(name); ext == ".so" || ext == ".pyd" {
			if found.machine == nil {
				found.machine = map[string]bool{}
			}
			module, _, _ := strings.Cut(name, ".")
			found.machine[module] = true
		}
	}
	return found
}

// kindOf is what a link leads to.
func kindOf(path string) kind {
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return none
	case info.IsDir():
		return aFolder
	case info.Mode().IsRegular():
		return aFile
	}
	return none
}

// has tells whether there is a file at a path.
func (l *layout) has(path string) bool {
	dir, name := filepath.Split(path)
	return l.listing(filepath.Clean(dir)).names[name] == aFile
}

// with is the layout in which there is a file at a path, which isn't on disk
// if it is only open in an editor.
func (l *layout) with(path string) *layout {
	if l.has(path) {
		return l
	}
	dir, name := filepath.Split(path)
	dir = filepath.Clean(dir)
	old := l.listing(dir)
	next := l.copy()
	next.folders[dir] = &listing{names: maps.Clone(old.names), machine: old.machine}
	next.folders[dir].names[name] = aFile
	return next
}

// after is the layout after something changed at paths: itself if no name has
// come or gone that was looked for. open tells of the documents that are there
// without a file.
func (l *layout) after(paths []string, open func(path string) bool) *layout {
	next := l
	current := map[string]*listing{}
	for _, path := range paths {
		dir, name := next.listed(path)
		if dir == "" {
			continue
		}
		if current[dir] == nil {
			current[dir] = readListing(dir)
			for name := range next.folders[dir].names {
				if current[dir].names[name] == none && open(filepath.Join(dir, name)) {
					current[dir].names[name] = aFile
				}
			}
		}
		changed := filepath.Join(dir, name)
		if next.folders[dir].names[name] == current[dir].names[name] && !slices.Contains(stating[:], name) && !next.lists(changed) {
			continue
		}
		if next == l {
			next = l.copy()
		}
		next.forget(changed)
		next.folders[dir] = current[dir]
	}
	return next
}

// listed is the nearest folder of a path that was listed, and the name in it
// that the path goes by; "" if there is none.
func (l *layout) listed(path string) (dir, name string) {
	for {
		dir, name = filepath.Dir(path), filepath.Base(path)
		switch {
		case l.lists(dir):
			return dir, name
		case dir == path:
			return "", ""
		}
		path = dir
	}
}

// lists tells whether a folder was listed.
func (l *layout) lists(dir string) bool {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return l.folders[dir] != nil
}

// copy is a layout with the same listings, in which names aren't resolved yet.
func (l *layout) copy() *layout {
	next := newLayout(l.settings)
	l.mu.RLock()
	defer l.mu.RUnlock()
	maps.Copy(next.folders, l.folders)
	return next
}

// forget drops what is known of a folder and all below it. Only for a layout
// that isn't published yet.
func (l *layout) forget(dir string) {
	below := dir + string(filepath.Separator)
	maps.DeleteFunc(l.folders, func(path string, _ *listing) bool {
		return path == dir || strings.HasPrefix(path, below)
	})
}
