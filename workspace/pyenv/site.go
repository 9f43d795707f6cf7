package pyenv

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"
)

// add takes a folder of site-packages into Paths: what can be imported from
// it, which distributions it holds, and the folders that its .pth files name.
func (env *Environment) add(site string) {
	entries := env.addPath(site)
	for _, entry := range entries {
		name := entry.Name()
		if filepath.Ext(name) != ".pth" || strings.HasPrefix(name, ".") {
			continue
		}
		for _, path := range pathLines(filepath.Join(site, name), site) {
			if isFolder(path) && !slices.Contains(env.Paths, path) {
				env.addPath(path)
				env.Added = append(env.Added, path)
			}
		}
	}
}

// addPath takes one folder into Paths. A folder that can't be read counts as
// an empty one.
func (env *Environment) addPath(path string) []os.DirEntry {
	env.Paths = append(env.Paths, path)
	env.changed[path] = changed(path)
	entries, _ := os.ReadDir(path)
	for _, entry := range entries {
		name := entry.Name()
		if dist, version, ok := distribution(name); ok {
			if _, there := env.dists[dist]; !there {
				env.dists[dist] = version
			}
			continue
		}
		if module, _, _ := strings.Cut(name, "."); importable(path, entry) {
			env.modules[module] = true
		}
	}
	return entries
}

// pathLines are the folders that a .pth file adds. Lines that Python would run
// are passed over (site.py:addpackage).
func pathLines(file, site string) []string {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil
	}
	var paths []string
	for line := range strings.Lines(strings.TrimPrefix(string(text), "\ufeff")) {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' || strings.HasPrefix(line, "import ") || strings.HasPrefix(line, "import\t") {
			continue
		}
		if !filepath.IsAbs(line) {
			line = filepath.Join(site, line)
		}
		paths = append(paths, filepath.Clean(line))
	}
	return paths
}

// distribution tells the normalised name and the version of an installed
// distribution from the name of its metadata.
func distribution(entry string) (name, version string, ok bool) {
	for _, suffix := range []string{".dist-info", ".egg-info"} {
		if rest, found := strings.CutSuffix(entry, suffix); found {
			name, rest, _ = strings.Cut(rest, "-")
			version, _, _ = strings.Cut(rest, "-")
			return normalise(name), version, true
		}
	}
	return "", "", false
}

// importable tells whether a folder's entry can be imported as a top-level
// module: a module of source or machine code, or a folder.
func importable(path string, entry os.DirEntry) bool {
	name := entry.Name()
	switch filepath.Ext(name) {
	case ".py", ".pyi", ".so", ".pyd":
		return true
	case "":
		return name != "__pycache__" && (entry.IsDir() || entry.Type()&os.ModeSymlink != 0 && isFolder(filepath.Join(path, name)))
	}
	return false
}

var separators = regexp.MustCompile(`[-_.]+`)

// normalise is the form in which names of distributions compare (PEP 503).
func normalise(name string) string {
	return strings.ToLower(separators.ReplaceAllString(name, "-"))
}

// Installed tells whether a module, dotted, can be imported from the
// environment's folders. The standard library's modules aren't asked for.
func (env *Environment) Installed(module string) bool {
	top, rest, dotted := strings.Cut(module, ".")
	if !env.modules[top] {
		return false
	}
	if !dotted {
		return true
	}
	below := filepath.FromSlash(top + "/" + strings.ReplaceAll(rest, ".", "/"))
	for _, path := range env.Paths {
		if isFolder(filepath.Join(path, below)) {
			return true
		}
		for _, suffix := range []string{".py", ".pyi", ".*.so", ".so", ".pyd"} {
			if found, _ := filepath.Glob(filepath.Join(path, below+suffix)); len(found) > 0 {
				return true
			}
		}
	}
	return false
}

// DistVersion is the version of an installed distribution, however its name is
// spelled; "" if it isn't installed or doesn't tell.
func (env *Environment) DistVersion(dist string) string { return env.dists[normalise(dist)] }

// Changed tells whether packages were installed or removed since the
// environment was read.
func (env *Environment) Changed() bool {
	for path, at := range env.changed {
		if !changed(path).Equal(at) {
			return true
		}
	}
	return false
}

// changed is when a folder changed last, the zero time if that isn't known.
func changed(path string) time.Time {
	info, err := os.Stat(path)
	if err != nil {
		return time.Time{}
	}
	return info.ModTime()
}
