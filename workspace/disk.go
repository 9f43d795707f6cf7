package workspace

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"sync"
	"time"

	"github.com/flyte-lsp/flyte-lsp/parser"
)

// maxSize is the size in bytes from which on a file on disk isn't read: no
// one writes such a workflow file, and it would cost gigabytes to parse.
const maxSize = 16 << 20

var errNotRegular = errors.New("not a file that can be read")

// diskCache remembers what files on disk define, as long as their size and
// time of change stay the same.
type diskCache struct {
	mu    sync.Mutex
	files map[string]diskFile
}

type diskFile struct {
	size    int64
	changed time.Time
	file    *File
}

func (c *diskCache) file(path string) (*File, error) {
	language, ok := parser.LanguageOf(path)
	if !ok {
		return nil, fmt.Errorf("%s is neither a Python nor a Go file", path)
	}
	info, err := os.Stat(path)
	if err != nil {
		c.forget(path)
		return nil, fmt.Errorf("find the workflow file: %w", err)
	}
	c.mu.Lock()
	cached, ok := c.files[path]
	c.mu.Unlock()
	if ok && cached.size == info.Size() && cached.changed.Equal(info.ModTime()) {
		return cached.file, nil
	}
	switch {
	case !info.Mode().IsRegular():
		// A named pipe would never end.
		return nil, &fs.PathError{Op: "read the workflow file", Path: path, Err: errNotRegular}
	case info.Size() > maxSize:
		return nil, fmt.Errorf("%s has %d MB: files above %d MB aren't read", path, info.Size()>>20, maxSize>>20)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		c.forget(path)
		return nil, fmt.Errorf("read the workflow file: %w", err)
	}
	tree := parser.Parse(language, text)
	defer tree.Close()
	file := newFile(path, tree.Module())
	file.Lenses = rows(file.Module)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.files[path] = diskFile{size: info.Size(), changed: info.ModTime(), file: file}
	return file, nil
}

func (c *diskCache) forget(path string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.files, path)
}
