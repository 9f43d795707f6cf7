package workspace

import (
	"context"
	"fmt"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"
	"golang.org/x/sys/unix"

	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyte-lsp/flyte-lsp/workspace/imports"
	"github.com/flyte-lsp/flyte-lsp/workspace/walk"
)

// index has the files below the workspace's folders, and which words their
// imports have. It is immutable; nil is that of a workspace that wasn't
// indexed.
type index struct {
	paths []string // ordered

	once  sync.Once
	words map[string][]string // the files whose imports have the word
}

// Indexed is what Workspace.Index found.
type Indexed struct {
	// Files counts the workflow files.
	Files int
	// Skipped are the folders that couldn't be read.
	Skipped []error
	// Truncated: there are too many files, and some are left out.
	Truncated bool
}

// Index finds the workflow files below the workspace's folders and reads what
// they import. It costs the reading of the files: they are parsed when they are
// looked into. progress, which may be nil, is told how many of the files are
// done, from one goroutine at a time. Snapshots have what was indexed when it
// is done. The error is the context's.
func (w *Workspace) Index(ctx context.Context, progress func(done, total int)) (*Indexed, error) {
	last, done := w.startIndex()
	defer done()
	found, err := walk.Files(ctx, last.layout.settings.folders, isWorkflowFile)
	if err != nil {
		return nil, fmt.Errorf("look for workflow files: %w", err)
	}
	files := last.disk.all(found.Files)
	var mu sync.Mutex
	read := 0
	var next atomic.Int64
	group, ctx := errgroup.WithContext(ctx)
	// Reading waits for the disk, too, where it is a slow one.
	for range 4 * runtime.GOMAXPROCS(0) {
		group.Go(func() error {
			var reader importReader
			for {
				start := min(int(next.Add(chunk))-chunk, len(files))
				some := files[start:min(start+chunk, len(files))]
				if len(some) == 0 {
					return nil
				}
				for _, file := range some {
					if err := ctx.Err(); err != nil {
						return err
					}
					file.scan(&reader)
				}
				mu.Lock()
				if read += len(some); progress != nil {
					progress(read, len(files))
				}
				mu.Unlock()
			}
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	w.update(func(next *Snapshot) {
		if slices.Equal(next.layout.settings.folders, last.layout.settings.folders) {
			indexed := (&index{paths: found.Files}).after(w.whileIndexing, next.layout)
			next.base = &base{layout: next.layout, disk: next.disk, index: indexed}
		}
	})
	return &Indexed{Files: len(found.Files), Skipped: found.Skipped, Truncated: found.Truncated}, nil
}

// chunk is how many files are read between words of progress.
const chunk = 64

// startIndex is the snapshot that an index starts from. What changes on disk
// until done is called is noted.
func (w *Workspace) startIndex() (last *Snapshot, done func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.indexing++
	return w.current.Load(), func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		if w.indexing--; w.indexing == 0 {
			w.whileIndexing = nil
		}
	}
}

// isWorkflowFile tells which files are found in folders: notebooks aren't, as no
// other file can import them.
func isWorkflowFile(name string) bool {
	_, ok := parser.LanguageOf(name)
	return ok && !parser.IsNotebook(name)
}

// importReader reads files' imports.
type importReader struct {
	imports.Reader
	buffer []byte
}

// read reads a file into the reader's buffer, with as few calls of the system
// as can be: thousands of files are read in a row.
func (r *importReader) read(path string) (text []byte, at stamp, err error) {
	fd, err := unix.Open(path, unix.O_RDONLY|unix.O_NONBLOCK|unix.O_CLOEXEC, 0)
	if err != nil {
		return nil, stamp{}, err
	}
	defer unix.Close(fd) //nolint:errcheck // it was only read
	var info unix.Stat_t
	if err := unix.Fstat(fd, &info); err != nil {
		return nil, stamp{}, err
	}
	if info.Mode&unix.S_IFMT != unix.S_IFREG || info.Size > maxSize {
		return nil, stamp{}, errNotRegular
	}
	if size := int(info.Size); cap(r.buffer) < size {
		r.buffer = make([]byte, size+size/2)
	}
	text = r.buffer[:info.Size]
	for done := 0; done < len(text); {
		n, err := unix.Read(fd, text[done:])
		if err == unix.EINTR {
			continue
		}
		if n <= 0 || err != nil {
			text = text[:done] // it became shorter
			break
		}
		done += n
	}
	return text, stamp{info.Size, time.Unix(info.Mtim.Unix())}, nil
}

// scan reads a file's imports, if that wasn't done. A file that can't be read
// has none.
func (d *diskFile) scan(reader *importReader) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.scanned || filepath.Ext(d.path) != ".py" {
		return
	}
	d.scanned = true
	text := d.text
	if text == nil {
		var err error
		if text, d.stamp, err = reader.read(d.path); err != nil {
			return
		}
	}
	d.imports = slices.Clone(reader.Scan(text))
}

// after is the index after something changed at paths.
func (i *index) after(paths []string, layout *layout) *index {
	if i == nil {
		return nil
	}
	next := &index{paths: slices.Clone(i.paths)}
	for _, path := range paths {
		if isWorkflowFile(path) {
			at, there := slices.BinarySearch(next.paths, path)
			exists := kindOf(path) == aFile
			switch {
			case there && !exists:
				next.paths = slices.Delete(next.paths, at, at+1)
			case !there && exists && walk.Finds(layout.settings.folders, path):
				next.paths = slices.Insert(next.paths, at, path)
			}
			continue
		}
		if kindOf(path) == none {
			below := withSeparator(path)
			next.paths = slices.DeleteFunc(next.paths, func(path string) bool { return strings.HasPrefix(path, below) })
		}
	}
	return next
}

// within is the part of the index below folders.
func (i *index) within(folders []string) *index {
	if i == nil {
		return nil
	}
	return &index{paths: slices.DeleteFunc(slices.Clone(i.paths), func(path string) bool {
		return !slices.ContainsFunc(folders, func(folder string) bool { return strings.HasPrefix(path, withSeparator(folder)) })
	})}
}

// mentions are the files whose imports have a word.
func (i *index) mentions(word string, disk *diskFiles) []string {
	if i == nil {
		return nil
	}
	i.once.Do(func() {
		i.words = map[string][]string{}
		var reader importReader
		for _, path := range i.paths {
			file := disk.file(path)
			file.scan(&reader)
			for word := range importedWords(path, file.imports) {
				i.words[word] = append(i.words[word], path)
			}
		}
	})
	return i.words[word]
}

// importedWords are the last components of the names of all modules that
// imports may import.
func importedWords(path string, found []imports.Import) map[string]bool {
	words := map[string]bool{}
	for _, statement := range found {
		for part := range strings.SplitSeq(statement.Module, ".") {
			words[part] = true
		}
		for _, name := range statement.Names {
			words[name] = true
		}
		if statement.Level > 0 {
			dir := filepath.Dir(path)
			for range statement.Level - 1 {
				dir = filepath.Dir(dir)
			}
			words[filepath.Base(dir)] = true
		}
	}
	return words
}
