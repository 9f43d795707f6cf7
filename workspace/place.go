package workspace

import (
	"path/filepath"
	"slices"
	"strings"

	"github.com/flyte-lsp/flyte-lsp/workspace/imports"
)

// settings say what the user works in.
type settings struct {
	// folders are the workspace's, cleaned.
	folders []string
	// roots are source roots that the user named, cleaned and absolute.
	roots []string
	// interpreters are those of the folders; nil if there is none for any.
	interpreters *interpreters
}

// place is what a folder's modules have in common. It is immutable.
type place struct {
	// root is the folder that the names of the modules are relative to, and
	// prefix what they start with: "pkg.sub." or "".
	root, prefix string
	project      project
	interpreter
	// search are the folders that absolute imports are looked for in, in order.
	search *searchPath
}

// installed tells whether a file or folder is one of the interpreter's
// packages, not of the user's work.
func (p *place) installed(path string) bool {
	return p.environment != nil && slices.ContainsFunc(p.environment.Paths, func(site string) bool {
		return (path == site || strings.HasPrefix(path, withSeparator(site))) && !slices.Contains(p.environment.Added, site)
	})
}

// absolute is the name of the module that a relative import of one of the
// place's modules names; "" where Python would find no package.
func (p *place) absolute(statement imports.Import) string {
	parts := strings.Split(strings.TrimSuffix(p.prefix, "."), ".")
	up := statement.Level - 1
	if p.prefix == "" || up >= len(parts) {
		return ""
	}
	parts = parts[:len(parts)-up]
	if statement.Module != "" {
		parts = append(parts, statement.Module)
	}
	return strings.Join(parts, ".")
}

// searchPath are folders as Python's sys.path has them. Places with the same
// folders share one.
type searchPath struct{ dirs []string }

// place is what the modules of a folder have in common.
func (l *layout) place(dir string) *place {
	l.mu.RLock()
	found := l.places[dir]
	l.mu.RUnlock()
	if found != nil {
		return found
	}
	made := l.makePlace(dir)
	l.mu.Lock()
	defer l.mu.Unlock()
	if found = l.places[dir]; found != nil {
		return found
	}
	key := strings.Join(made.search.dirs, string(filepath.ListSeparator))
	if shared := l.searches[key]; shared != nil {
		made.search = shared
	} else {
		l.searches[key] = made.search
	}
	l.places[dir] = made
	return made
}

func (l *layout) makePlace(dir string) *place {
	p := &place{root: dir}
	p.interpreter = l.settings.interpreters.of(dir)
	var added []string
	if p.environment != nil {
		for _, path := range p.environment.Paths {
			if below, ok := strings.CutPrefix(withSeparator(dir), withSeparator(path)); ok && p.installed(dir) {
				// An installed module sees installed ones only.
				p.root, p.search = path, &searchPath{dirs: p.environment.Paths}
				p.prefix = strings.ReplaceAll(strings.Replace(below, "-stubs/", "/", 1), "/", ".")
				return p
			}
		}
		added = p.environment.Added
	}
	p.project = l.project(dir)
	if parent := filepath.Dir(dir); parent != dir && l.listing(dir).names["__init__.py"] == aFile {
		above := l.place(parent)
		p.root, p.prefix = above.root, above.prefix+stem(filepath.Base(dir))+"."
	}
	// flytekit keeps the name that a module was imported by if it is longer than
	// the one that the folders give (core/tracker.py:get_full_module_path).
	for _, root := range slices.Concat(l.settings.roots, p.project.stated, added) {
		if prefix, ok := packagePrefix(root, dir); ok && len(prefix) > len(p.prefix) {
			p.root, p.prefix = root, prefix
		}
	}
	p.search = &searchPath{dirs: l.searchDirs(p, dir)}
	return p
}

// packagePrefix is what the names of the modules in dir start with if root is
// on Python's path: false if dir isn't below root, or by way of folders that
// are no packages' names.
func packagePrefix(root, dir string) (prefix string, ok bool) {
	if dir == root {
		return "", true
	}
	below, ok := strings.CutPrefix(dir, withSeparator(root))
	if !ok {
		return "", false
	}
	for part := range strings.SplitSeq(below, string(filepath.Separator)) {
		if !isIdentifier(part) {
			return "", false
		}
		prefix += part + "."
	}
	return prefix, true
}

// project is a folder that build systems know as a project's; the zero value
// is none.
type project struct {
	dir string
	// stated are the package roots that it names, stamps when the files that
	// name them changed last.
	stated []string
	stamps [len(stating)]stamp
	// configured is its table [tool.flyte-lsp], nil if it has none.
	configured *Configured
}

// newProject reads what a project states.
func newProject(dir string) project {
	p := project{dir: dir}
	for i, name := range stating {
		p.stamps[i] = stampAt(filepath.Join(dir, name))
	}
	p.stated, p.configured = packageRoots(dir), configuredIn(dir)
	return p
}

// changed are the files that state something else since they were read.
func (p project) changed() []string {
	var paths []string
	for i, name := range stating {
		if path := filepath.Join(p.dir, name); !stampAt(path).equal(p.stamps[i]) {
			paths = append(paths, path)
		}
	}
	return paths
}

// project is the nearest one upwards of a folder.
func (l *layout) project(dir string) project {
	l.mu.RLock()
	found, ok := l.projects[dir]
	l.mu.RUnlock()
	if ok {
		return found
	}
	if slices.ContainsFunc(projectFiles, func(name string) bool { return l.listing(dir).names[name] == aFile }) {
		found = newProject(dir)
	} else if parent := filepath.Dir(dir); parent != dir {
		found = l.project(parent)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.projects[dir] = found
	return found
}

// searchDirs are the folders that Python has on its path when it runs a file
// of dir as flytekit does (the source root first), or by itself (the file's
// folder), with the packages of the project as they are once it is installed;
// then what is installed, and last the other folders of the workspace.
func (l *layout) searchDirs(p *place, dir string) []string {
	dirs := []string{p.root, dir}
	dirs = append(dirs, l.settings.roots...)
	dirs = append(dirs, l.projectDirs(p.project)...)
	for _, folder := range l.settings.folders {
		if dir == folder || strings.HasPrefix(dir, withSeparator(folder)) {
			dirs = append(dirs, folder)
		}
	}
	if p.environment != nil {
		dirs = append(dirs, p.environment.Paths...)
	}
	for _, folder := range l.settings.folders {
		if dir != folder && !strings.HasPrefix(dir, withSeparator(folder)) {
			dirs = append(append(dirs, l.projectDirs(l.project(folder))...), folder)
		}
	}
	return unique(dirs)
}

// projectDirs are the folders of a project that hold its packages: those that
// it states, else `src`, by the habit that build systems know, and itself.
func (l *layout) projectDirs(p project) []string {
	if p.dir == "" {
		return nil
	}
	dirs := slices.Clone(p.stated)
	if len(dirs) == 0 && l.listing(p.dir).names["src"] == aFolder {
		dirs = append(dirs, filepath.Join(p.dir, "src"))
	}
	return append(dirs, p.dir)
}

// unique are the elements without repetitions, in order.
func unique(dirs []string) []string {
	kept := dirs[:0]
	for _, dir := range dirs {
		if !slices.Contains(kept, dir) {
			kept = append(kept, dir)
		}
	}
	return kept
}

func withSeparator(dir string) string {
	if strings.HasSuffix(dir, string(filepath.Separator)) {
		return dir
	}
	return dir + string(filepath.Separator)
}

// isIdentifier tells whether a name can stand in an import statement.
func isIdentifier(name string) bool {
	for i, c := range []byte(name) {
		letter := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_' || c >= 0x80
		if !letter && (i == 0 || c < '0' || c > '9') {
			return false
		}
	}
	return name != ""
}
