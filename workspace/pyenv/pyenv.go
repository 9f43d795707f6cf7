// Package pyenv tells what a Python environment holds: its version, the
// folders that modules are imported from, the distributions that are
// installed. It reads folders and never starts the interpreter.
package pyenv

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Environment is what was found of an interpreter. It is immutable and safe
// for concurrent use.
type Environment struct {
	// Python is the interpreter's path as it was given.
	Python string
	// Version is its version, e.g. {3, 11}.
	Version [2]int
	// Paths are the folders of sys.path behind the standard library's, in
	// order: the site-packages and what their .pth files add.
	Paths []string
	// Added are those of Paths that .pth files add: mostly projects that are
	// installed as they lie in the user's folders, and still change there.
	Added []string

	modules map[string]bool      // top-level names that can be imported
	dists   map[string]string    // version by normalised name
	changed map[string]time.Time // when each folder of Paths changed last
}

// Read finds out about the interpreter at a path: a virtual environment's
// (pyvenv.cfg, PEP 405) or a plain installation's. It returns an error that
// says what was looked for if the path tells of no environment, as a shim's
// doesn't. home is the user's folder, for the site-packages below it; "" if
// there is none.
func Read(python, home string) (*Environment, error) {
	env := &Environment{Python: python, modules: map[string]bool{}, dists: map[string]string{}, changed: map[string]time.Time{}}
	var sites []string
	if root, config, ok := virtual(python); ok {
		sites = env.sitesBelow(root, config.version)
		if config.system || len(sites) == 0 {
			base := filepath.Join(config.home, "python3")
			sites = append(sites, env.plainSites(base, home)...)
		}
	} else {
		sites = env.plainSites(python, home)
	}
	if len(sites) == 0 || env.Version == [2]int{} {
		return nil, fmt.Errorf("%s: its packages weren't found: there is neither a pyvenv.cfg beside it nor a lib/python3.x/site-packages above it; "+
			"choose a virtual environment or the interpreter itself, not a shim", python)
	}
	for _, site := range sites {
		env.add(site)
	}
	return env, nil
}

// venv is what a pyvenv.cfg says.
type venv struct {
	home    string // the folder of the base's interpreter
	version [2]int // zero if it isn't said
	system  bool   // the base's site-packages count too
}

// virtual reads the pyvenv.cfg beside or above the interpreter, as Python
// itself looks for it. A link to the interpreter isn't followed.
func virtual(python string) (root string, config venv, ok bool) {
	dir := filepath.Dir(python)
	for _, root := range []string{filepath.Dir(dir), dir} {
		text, err := os.ReadFile(filepath.Join(root, "pyvenv.cfg"))
		if err != nil {
			continue
		}
		for line := range strings.Lines(string(text)) {
			key, value, _ := strings.Cut(line, "=")
			value = strings.TrimSpace(value)
			switch strings.ToLower(strings.TrimSpace(key)) {
			case "home":
				config.home = value
			case "version", "version_info":
				config.version = version(value)
			case "include-system-site-packages":
				config.system = strings.EqualFold(value, "true")
			}
		}
		return root, config, true
	}
	return "", venv{}, false
}

// plainSites are the site-packages of an interpreter that is no virtual
// environment's, which may be reached by links.
func (env *Environment) plainSites(python, home string) []string {
	var sites []string
	wanted := env.Version
	for _, path := range links(python) {
		if named := version(strings.TrimPrefix(filepath.Base(path), "python")); named != [2]int{} {
			wanted = named
		}
	}
	for _, path := range links(python) {
		for _, site := range env.sitesBelow(filepath.Dir(filepath.Dir(path)), wanted) {
			if !slices.Contains(sites, site) {
				sites = append(sites, site)
			}
		}
	}
	if len(sites) == 0 {
		return nil
	}
	if home != "" {
		user := filepath.Join(home, ".local", "lib", env.folder(), "site-packages")
		if isFolder(user) {
			sites = slices.Insert(sites, 0, user)
		}
	}
	return sites
}

// links are the interpreter's path and where its links lead, in order.
func links(path string) []string {
	paths := []string{path}
	for range 16 { // as many as a file system follows, roughly
		target, err := os.Readlink(path)
		if err != nil {
			break
		}
		if !filepath.IsAbs(target) {
			target = filepath.Join(filepath.Dir(path), target)
		}
		path = target
		paths = append(paths, path)
	}
	// The folder may be behind a link, too.
	if real, err := filepath.EvalSymlinks(path); err == nil && real != path {
		paths = append(paths, real)
	}
	return paths
}

// sitesBelow are the site-packages below a prefix, Debian's dist-packages too
// (site.py:getsitepackages), and notes the version. Of several versions it
// takes the wanted one, else the newest.
func (env *Environment) sitesBelow(prefix string, wanted [2]int) []string {
	var found [2]int
	for _, lib := range []string{"lib", "lib64"} {
		entries, err := os.ReadDir(filepath.Join(prefix, lib))
		if err != nil {
			continue
		}
		for _, entry := range entries {
			rest, ok := strings.CutPrefix(entry.Name(), "python")
			at := version(rest)
			if !ok || at == [2]int{} || !isFolder(filepath.Join(prefix, lib, entry.Name())) {
				continue
			}
			if at == wanted || found != wanted && (at[0] > found[0] || at[0] == found[0] && at[1] > found[1]) {
				found = at
			}
		}
	}
	if found == [2]int{} || env.Version != [2]int{} && env.Version != found {
		return nil
	}
	env.Version = found
	var sites []string
	for _, dir := range []string{
		filepath.Join(prefix, "local", "lib", env.folder(), "dist-packages"),
		filepath.Join(prefix, "lib", env.folder(), "site-packages"),
		filepath.Join(prefix, "lib64", env.folder(), "site-packages"),
		filepath.Join(prefix, "lib", "python3", "dist-packages"),
		filepath.Join(prefix, "lib", env.folder(), "dist-packages"),
	} {
		if isFolder(dir) && !slices.ContainsFunc(sites, func(other string) bool { return same(dir, other) }) {
			sites = append(sites, dir)
		}
	}
	return sites
}

func (env *Environment) folder() string {
	return fmt.Sprintf("python%d.%d", env.Version[0], env.Version[1])
}

var versionStart = regexp.MustCompile(`^(\d+)\.(\d+)`)

// version reads the first two numbers of a version, zeros if there are none.
func version(text string) (v [2]int) {
	parts := versionStart.FindStringSubmatch(text)
	if parts == nil {
		return v
	}
	for i := range v {
		v[i], _ = strconv.Atoi(parts[i+1]) // digits, and too many are 0: no version
	}
	return v
}

func isFolder(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

func same(a, b string) bool {
	left, errLeft := os.Stat(a)
	right, errRight := os.Stat(b)
	return errLeft == nil && errRight == nil && os.SameFile(left, right)
}
