package workspace

import (
	"context"
	"maps"
	"path/filepath"
	"runtime"
	"slices"
	"sync"

	"golang.org/x/sync/errgroup"
)

// Changed says that something may have changed on disk at these paths: files
// or folders that were written, came or went. Documents that are open are as
// they are in the editor. It returns true if Index has to be called again, as
// files that aren't named may have come or gone.
func (w *Workspace) Changed(paths []string) (reindex bool) {
	cleaned := make([]string, len(paths))
	for i, path := range paths {
		cleaned[i] = filepath.Clean(path)
	}
	w.update(func(next *Snapshot) {
		if next.changed(cleaned); w.indexing > 0 {
			w.whileIndexing = append(w.whileIndexing, cleaned...)
		}
	})
	return slices.ContainsFunc(cleaned, func(path string) bool {
		return filepath.Base(path) == ".gitignore" || kindOf(path) == aFolder
	})
}

func (s *Snapshot) changed(paths []string) {
	isOpen := func(path string) bool { return s.open[path] != nil }
	layout := s.layout.after(paths, isOpen)
	if interpreters := s.layout.settings.interpreters; interpreters.touched(paths) && interpreters.changed() {
		layout = layout.copy()
		layout.settings.interpreters = interpreters.again()
	}
	s.base = &base{layout: s.layout, disk: s.disk.without(paths), index: s.index.after(paths, s.layout)}
	s.interfaces++
	s.setLayout(layout)
}

// Refresh looks at what is known of the disk and takes in what changed since,
// for clients that watch no files. It tells whether something has. The error
// is the context's.
func (w *Workspace) Refresh(ctx context.Context) (bool, error) {
	last := w.Snapshot()
	if last.layout.settings.interpreters.changed() {
		w.configure(func(s *settings) { s.interpreters = s.interpreters.again() })
	}
	var mu sync.Mutex
	var changed []string
	note := func(paths ...string) {
		mu.Lock()
		defer mu.Unlock()
		changed = append(changed, paths...)
	}
	group, ctx := errgroup.WithContext(ctx)
	// Asking for files' states waits for the disk more than it computes.
	group.SetLimit(4 * runtime.GOMAXPROCS(0))
	for chunk := range slices.Chunk(slices.Collect(maps.Values(last.disk.known())), 64) {
		group.Go(func() error {
			for _, file := range chunk {
				if !file.fresh() {
					note(file.path)
				}
			}
			return ctx.Err()
		})
	}
	for dir, known := range last.layout.known() {
		group.Go(func() error {
			note(known.difference(dir, last.open)...)
			return ctx.Err()
		})
	}
	if err := group.Wait(); err != nil {
		return false, err
	}
	for _, project := range last.layout.knownProjects() {
		note(project.changed()...)
	}
	if len(changed) > 0 {
		w.Changed(changed)
	}
	return len(changed) > 0 || last.layout.settings.interpreters != w.Snapshot().layout.settings.interpreters, nil
}

// known are the folders that were read.
func (l *layout) known() map[string]*listing {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return maps.Clone(l.folders)
}

// knownProjects are the projects that were looked into.
func (l *layout) knownProjects() map[string]project {
	l.mu.RLock()
	defer l.mu.RUnlock()
	projects := map[string]project{}
	for _, p := range l.projects {
		if p.dir != "" {
			projects[p.dir] = p
		}
	}
	return projects
}

// difference are the paths in a folder that came or went since it was read.
func (l *listing) difference(dir string, open map[string]*File) []string {
	var paths []string
	current := readListing(dir)
	for name, kind := range current.names {
		if l.names[name] != kind {
			paths = append(paths, filepath.Join(dir, name))
		}
	}
	for name := range l.names {
		path := filepath.Join(dir, name)
		if current.names[name] == none && open[path] == nil && l.names[name] != none {
			paths = append(paths, path)
		}
	}
	return paths
}
