package workspace

import (
	"path/filepath"
	"strings"

	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

// query is a module's name, and where it is looked for.
type query struct {
	search *searchPath
	name   string
}

// resolution is what a module's name stands for.
type resolution struct {
	// path is the module's file, "" if it has none.
	path          string
	pkg, stub     bool
	namespace     bool
	why           string   // why there is neither a path nor a namespace
	below         []string // the folders that submodules are looked for in
	machine       bool     // there is machine code, and no source
	stubsPortions []string // the folders of stub-only packages, where there is no source
}

// resolve finds a module by its absolute name as Python's import system does
// (importlib's PathFinder and FileFinder): in each folder a package comes
// before a module, and folders that are neither make a namespace package
// together. Source comes before stubs: what runs is the source.
func (l *layout) resolve(search *searchPath, name string) resolution {
	key := query{search, name}
	l.mu.RLock()
	found, ok := l.resolved[key]
	l.mu.RUnlock()
	if ok {
		return found
	}
	parent, last, dotted := cutLast(name)
	if dotted {
		above := l.resolve(search, parent)
		switch {
		case above.path == "" && !above.namespace && !above.machine:
			found = resolution{why: above.why}
		default:
			found = l.find(above.below, last)
			if found.path == "" && len(above.stubsPortions) > 0 {
				if stubs := l.find(above.stubsPortions, last); stubs.path != "" || stubs.namespace {
					found = stubs
				}
			}
			if found.why != "" && !found.machine {
				found.why = parent + " has no module " + last
			}
		}
	} else {
		found = l.find(search.dirs, name)
		if found.path == "" {
			// PEP 561: a distribution of stubs has its own name.
			if stubs := l.find(search.dirs, name+"-stubs"); stubs.path != "" || stubs.namespace {
				found.stubsPortions = stubs.below
				if stubs.stub {
					found.path, found.pkg, found.stub, found.why = stubs.path, stubs.pkg, true, ""
				}
			}
		}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.resolved[key] = found
	return found
}

// find looks for one component of a name in folders.
func (l *layout) find(dirs []string, name string) resolution {
	var stub, machine resolution
	var portions []string
	for _, dir := range dirs {
		listing := l.listing(dir)
		path := filepath.Join(dir, name)
		if listing.names[name] == aFolder {
			inside := l.listing(path)
			switch {
			case inside.names["__init__.py"] == aFile:
				return resolution{path: filepath.Join(path, "__init__.py"), pkg: true, below: []string{path}}
			case inside.names["__init__.pyi"] == aFile && stub.path == "":
				stub = resolution{path: filepath.Join(path, "__init__.pyi"), pkg: true, stub: true, below: []string{path}}
			case inside.machine["__init__"]:
				machine = resolution{machine: true, pkg: true, below: []string{path}, why: path + " is machine code"}
			default:
				portions = append(portions, path)
			}
		}
		switch {
		case listing.names[name+".py"] == aFile:
			return resolution{path: path + ".py"}
		case listing.names[name+".pyi"] == aFile && stub.path == "":
			stub = resolution{path: path + ".pyi", stub: true}
		case listing.machine[name] && !machine.machine:
			machine = resolution{machine: true, why: path + " is machine code"}
		}
	}
	switch {
	case stub.path != "":
		return stub
	case machine.machine:
		return machine
	case len(portions) > 0:
		return resolution{namespace: true, below: portions}
	}
	return resolution{why: "there is no module " + name}
}

// cutLast splits a dotted name before its last component.
func cutLast(name string) (parent, last string, dotted bool) {
	at := strings.LastIndexByte(name, '.')
	if at < 0 {
		return "", name, false
	}
	return name[:at], name[at+1:], true
}

// finder finds the modules of one snapshot for one interpreter.
type finder struct {
	snapshot *Snapshot
	interpreter
}

// Find is part of pyeval.Finder.
func (f *finder) Find(from *pyeval.Source, name string) pyeval.Found {
	layout := f.snapshot.base.layout
	found := layout.resolve(layout.place(filepath.Dir(from.Path)).search, name)
	switch {
	case found.namespace:
		return pyeval.Found{Namespace: true}
	case found.path == "":
		return pyeval.Found{Why: f.missing(name, found.why)}
	}
	source, err := f.snapshot.source(found.path)
	if err != nil {
		return pyeval.Found{Why: err.Error()}
	}
	return pyeval.Found{Source: source}
}

// missing says why a module wasn't found.
func (f *finder) missing(name, why string) string {
	top, _, _ := strings.Cut(name, ".")
	switch {
	case why != "there is no module "+top:
		return why
	case f.environment == nil:
		return top + " isn't in the workspace, and " + f.why
	}
	return top + " isn't installed in the environment of " + f.environment.Python
}

// assumedVersion is the Python version that is reckoned with where there is no
// interpreter: flytekit 1.16's newest default image has it
// (configuration/default_images.py).
var assumedVersion = [2]int{3, 12}

// Version is part of pyeval.Finder.
func (f *finder) Version() [2]int {
	if f.environment == nil {
		return assumedVersion
	}
	return f.environment.Version
}

// Installed is part of pyeval.Finder.
func (f *finder) Installed(pkg string) (installed, known bool) {
	if f.environment == nil {
		return false, false
	}
	return f.environment.Installed(pkg), true
}

// DistVersion is the version of an installed distribution, "" if it isn't
// installed, or if there is no interpreter to ask.
func (f *finder) DistVersion(dist string) string {
	if f.environment == nil {
		return ""
	}
	return f.environment.DistVersion(dist)
}
