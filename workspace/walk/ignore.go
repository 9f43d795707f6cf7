package walk

import (
	"os"
	"path/filepath"
	"strings"

	"github.com/bmatcuk/doublestar/v4"
)

// rules are the patterns of one .gitignore file, and those of the folders
// above it.
type rules struct {
	above *rules
	// dir is the folder that the patterns are relative to, with a separator at
	// its end.
	dir string
	// Of most patterns only the last component counts, and most of those are a
	// plain name or an extension: names and suffixes have them, with the place
	// of the pattern in the file, as the last that matches decides.
	names    map[string]int
	suffixes map[string]int
	globs    []int
	patterns []pattern
}

// pattern is a line of a .gitignore file (git's documentation, gitignore).
type pattern struct {
	glob    string // in doublestar's language
	whole   bool   // it is matched with the path below rules.dir, not the last component
	dirOnly bool
	negated bool
}

// readRules reads an ignore file for what is below dir. It returns above if
// there is no such file, or nothing in it.
func readRules(above *rules, file, dir string) *rules {
	text, err := os.ReadFile(file)
	if err != nil {
		return above
	}
	r := &rules{above: above, dir: withSeparator(dir), names: map[string]int{}, suffixes: map[string]int{}}
	for line := range strings.Lines(strings.TrimPrefix(string(text), "\ufeff")) {
		if p, ok := parsePattern(line); ok {
			r.add(p)
		}
	}
	if len(r.patterns) == 0 {
		return above
	}
	return r
}

func (r *rules) add(p pattern) {
	at := len(r.patterns)
	r.patterns = append(r.patterns, p)
	suffix, starred := strings.CutPrefix(p.glob, "*")
	switch {
	case p.whole || strings.ContainsAny(suffix, `*?[\{`):
		r.globs = append(r.globs, at)
	case starred && p.dirOnly:
		r.globs = append(r.globs, at)
	case starred:
		r.suffixes[suffix] = at
	case p.dirOnly:
		// A name with and without a slash are different patterns.
		r.names[p.glob+"/"] = at
	default:
		r.names[p.glob] = at
	}
}

// parsePattern reads a line, false if it has no pattern.
func parsePattern(line string) (pattern, bool) {
	line = strings.TrimRight(line, "\r\n")
	for strings.HasSuffix(line, " ") && !strings.HasSuffix(line, `\ `) {
		line = line[:len(line)-1]
	}
	if line == "" || line[0] == '#' {
		return pattern{}, false
	}
	var p pattern
	line, p.negated = strings.CutPrefix(line, "!")
	line, p.dirOnly = strings.CutSuffix(line, "/")
	if p.whole = strings.Contains(line, "/"); p.whole {
		line = strings.TrimPrefix(line, "/")
		if strings.HasSuffix(line, "/**") {
			line += "/*" // what is in the folder, not the folder
		}
	}
	p.glob = strings.NewReplacer("{", `\{`, "}", `\}`).Replace(line)
	return p, line != "" && doublestar.ValidatePattern(p.glob)
}

// ignored tells whether a file or folder is left out. None of the folders
// above it is.
func (r *rules) ignored(path, name string, isDir bool) bool {
	for ; r != nil; r = r.above {
		if last := r.last(path, name, isDir); last >= 0 {
			return !r.patterns[last].negated
		}
	}
	return false
}

// last is the last pattern that matches, -1 if none does.
func (r *rules) last(path, name string, isDir bool) int {
	last := -1
	if at, ok := r.names[name]; ok {
		last = at
	}
	if isDir {
		if at, ok := r.names[name+"/"]; ok {
			last = max(last, at)
		}
	}
	for suffix, at := range r.suffixes {
		if at > last && strings.HasSuffix(name, suffix) {
			last = at
		}
	}
	for _, at := range r.globs {
		p := &r.patterns[at]
		if at < last || p.dirOnly && !isDir {
			continue
		}
		subject := name
		if p.whole {
			subject = filepath.ToSlash(strings.TrimPrefix(path, r.dir))
		}
		if doublestar.MatchUnvalidated(p.glob, subject) {
			last = at
		}
	}
	return last
}

// rulesAbove are the rules of the folders above a folder that belong to the
// same git repository, and of the repository itself.
func rulesAbove(dir string) *rules {
	repository := dir
	for {
		if _, err := os.Lstat(filepath.Join(repository, ".git")); err == nil {
			break
		}
		parent := filepath.Dir(repository)
		if parent == repository {
			return nil
		}
		repository = parent
	}
	r := readRules(nil, filepath.Join(repository, ".git", "info", "exclude"), repository)
	below, err := filepath.Rel(repository, dir)
	if err != nil || below == "." {
		return r
	}
	for part := range strings.SplitSeq(below, string(filepath.Separator)) {
		r = readRules(r, filepath.Join(repository, ".gitignore"), repository)
		repository = filepath.Join(repository, part)
	}
	return r
}

func withSeparator(dir string) string {
	if strings.HasSuffix(dir, string(filepath.Separator)) {
		return dir
	}
	return dir + string(filepath.Separator)
}
