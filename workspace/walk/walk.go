// Package walk goes through the folders that a user works in and finds the
// source files, without what is no part of the work: what .gitignore files
// name, virtual environments, caches, installed packages.
package walk

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"
)

// Result is what a walk found.
type Result struct {
	// Files are the files' paths, each below the folder that it was found in,
	// ordered.
	Files []string
	// Skipped are the folders that couldn't be read.
	Skipped []error
	// Truncated: there are more than Limit files, and the rest is left out.
	Truncated bool
}

// Limit is the number of files from which on a walk leaves out the rest: a
// folder with more, a user's home, isn't worked in as a whole.
const Limit = 100_000

// leftOut are folders that are no part of a user's work, by their names, as
// linters leave them out. Names that start with a dot are, too.
var leftOut = map[string]bool{
	"__pycache__": true, "__pypackages__": true, "node_modules": true, "site-packages": true, "dist-packages": true,
	"venv": true, "buck-out": true, "_build": true, "bower_components": true,
}

// Files finds the files below folders for which want, given a file's name, is
// true. Links to folders aren't followed, as git doesn't either; links to files
// are files. The error is the context's.
func Files(ctx context.Context, folders []string, want func(name string) bool) (*Result, error) {
	w := &walker{want: want}
	var level []folder
	for _, dir := range outermost(folders) {
		if _, err := os.Stat(dir); err != nil {
			w.result.Skipped = append(w.result.Skipped, err)
			continue
		}
		level = append(level, folder{path: dir, rules: rulesAbove(dir)})
	}
	for len(level) > 0 {
		read := make([]listing, len(level))
		// Reading folders waits for the disk more than it computes.
		group, ctx := errgroup.WithContext(ctx)
		group.SetLimit(4 * runtime.GOMAXPROCS(0))
		for i, dir := range level {
			group.Go(func() error {
				read[i] = w.read(dir)
				return ctx.Err()
			})
		}
		if err := group.Wait(); err != nil {
			return nil, err
		}
		level = w.collect(read)
	}
	slices.Sort(w.result.Files)
	return &w.result, nil
}

// outermost are the folders without those that lie in another one, cleaned.
func outermost(folders []string) []string {
	var dirs []string
	for _, dir := range folders {
		dirs = append(dirs, filepath.Clean(dir))
	}
	slices.Sort(dirs)
	dirs = slices.Compact(dirs)
	return slices.DeleteFunc(slices.Clone(dirs), func(dir string) bool {
		return slices.ContainsFunc(dirs, func(other string) bool {
			return other != dir && strings.HasPrefix(dir, withSeparator(other))
		})
	})
}

type walker struct {
	want   func(name string) bool
	result Result
}

type folder struct {
	path  string
	rules *rules
}

// listing is what one folder holds.
type listing struct {
	files   []string
	folders []folder
	err     error
}

// collect takes what was read into the result and returns the folders to read
// next.
func (w *walker) collect(read []listing) []folder {
	var next []folder
	for _, found := range read {
		if found.err != nil {
			w.result.Skipped = append(w.result.Skipped, found.err)
		}
		w.result.Files = append(w.result.Files, found.files...)
		next = append(next, found.folders...)
	}
	if len(w.result.Files) > Limit {
		w.result.Files, w.result.Truncated = w.result.Files[:Limit], true
		return nil
	}
	return next
}

func (w *walker) read(dir folder) listing {
	entries, err := os.ReadDir(dir.path)
	if errors.Is(err, fs.ErrNotExist) {
		err = nil // it has gone meanwhile
	}
	found := listing{err: err}
	if has(entries, "pyvenv.cfg") {
		return found
	}
	inside := dir.rules
	if has(entries, ".gitignore") {
		inside = readRules(dir.rules, filepath.Join(dir.path, ".gitignore"), dir.path)
	}
	below := withSeparator(dir.path)
	project := has(entries, "pyproject.toml") || has(entries, "setup.py") || has(entries, "setup.cfg")
	for _, entry := range entries {
		name := entry.Name()
		switch {
		case entry.IsDir():
			if name[0] == '.' || leftOut[name] || project && (name == "build" || name == "dist") {
				continue
			}
			if path := below + name; !inside.ignored(path, name, true) {
				found.folders = append(found.folders, folder{path: path, rules: inside})
			}
		case w.want(name):
			path := below + name
			regular := entry.Type().IsRegular() || entry.Type()&fs.ModeSymlink != 0 && isFile(path)
			if regular && !inside.ignored(path, name, false) {
				found.files = append(found.files, path)
			}
		}
	}
	return found
}

// has tells whether an entry of that name is among the entries of a folder,
// which are ordered.
func has(entries []os.DirEntry, name string) bool {
	_, found := slices.BinarySearchFunc(entries, name, func(entry os.DirEntry, name string) int {
		return strings.Compare(entry.Name(), name)
	})
	return found
}

func isFile(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular()
}

// Finds tells whether a walk of these folders finds a file at path, if there
// is one.
func Finds(folders []string, path string) bool {
	for _, root := range outermost(folders) {
		below, ok := strings.CutPrefix(path, withSeparator(root))
		if !ok {
			continue
		}
		parts := strings.Split(below, string(filepath.Separator))
		w := &walker{want: func(name string) bool { return name == parts[len(parts)-1] }}
		dir := folder{path: root, rules: rulesAbove(root)}
		for _, part := range parts[:len(parts)-1] {
			found := w.read(dir)
			at := slices.IndexFunc(found.folders, func(f folder) bool { return filepath.Base(f.path) == part })
			if at < 0 {
				return false
			}
			dir = found.folders[at]
		}
		return slices.Contains(w.read(dir).files, path)
	}
	return false
}
