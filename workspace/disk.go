package workspace

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"
	"unicode/utf8"
	"weak"

	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyte-lsp/flyte-lsp/parser/notebook"
	"github.com/flyte-lsp/flyte-lsp/pyeval"
	"github.com/flyte-lsp/flyte-lsp/workspace/imports"
)

// maxSize is the size in bytes from which on a file on disk isn't read: no
// one writes such a workflow file, and it would cost gigabytes to parse.
const maxSize = 16 << 20

var errNotRegular = errors.New("not a file that can be read")

// diskFiles are the files on disk as a snapshot sees them: each is read once,
// when it is asked for, and stays as it was read. It is safe for concurrent
// use.
type diskFiles struct {
	mu    sync.RWMutex
	files map[string]*diskFile
}

func newDiskFiles() *diskFiles { return &diskFiles{files: map[string]*diskFile{}} }

// file is the one at a path, which may not have been read.
func (d *diskFiles) file(path string) *diskFile {
	d.mu.RLock()
	found := d.files[path]
	d.mu.RUnlock()
	if found != nil {
		return found
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if found = d.files[path]; found == nil {
		found = &diskFile{path: path, serial: serials.Add(1)}
		d.files[path] = found
	}
	return found
}

// all are those at paths.
func (d *diskFiles) all(paths []string) []*diskFile {
	made := make([]diskFile, len(paths)) // in one piece: there are thousands
	found := make([]*diskFile, len(paths))
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.files) == 0 {
		d.files = make(map[string]*diskFile, len(paths))
	}
	for i, path := range paths {
		if found[i] = d.files[path]; found[i] == nil {
			found[i] = &made[i]
			found[i].path, found[i].serial = path, serials.Add(1)
			d.files[path] = found[i]
		}
	}
	return found
}

// without are the files but those at paths, or in folders at these paths,
// which are read again.
func (d *diskFiles) without(paths []string) *diskFiles {
	d.mu.RLock()
	next := &diskFiles{files: maps.Clone(d.files)}
	d.mu.RUnlock()
	for _, path := range paths {
		if next.files[path] != nil {
			delete(next.files, path)
			continue
		}
		if _, ok := parser.LanguageOf(path); ok {
			continue
		}
		below := withSeparator(path)
		maps.DeleteFunc(next.files, func(path string, _ *diskFile) bool { return strings.HasPrefix(path, below) })
	}
	return next
}

// renamed are the same files, whose modules have other names.
func (d *diskFiles) renamed() *diskFiles {
	d.mu.RLock()
	defer d.mu.RUnlock()
	next := newDiskFiles()
	for path, file := range d.files {
		next.files[path] = file.again()
	}
	return next
}

// known are the paths of the files that were asked for.
func (d *diskFiles) known() map[string]*diskFile {
	d.mu.RLock()
	defer d.mu.RUnlock()
	return maps.Clone(d.files)
}

// diskFile is a file on disk. What is made of its text is kept as long as
// someone else holds it.
type diskFile struct {
	path string

	mu      sync.Mutex
	stamp   stamp
	text    []byte         // nil if only its imports were read
	cells   notebook.Cells // of a notebook
	err     error
	refused error                // why Python can't decode it
	errors  []parser.SyntaxError // of the text that source is made of
	scanned bool
	imports []imports.Import
	// resolved: imported are the workspace's modules that imports may import.
	resolved bool
	imported []string
	// serial is another one for each state of the file.
	serial uint64
	file   weak.Pointer[File]
	source weak.Pointer[pyeval.Source]
}

var serials atomic.Uint64

// stamp tells whether a file changed.
type stamp struct {
	size    int64
	changed time.Time
}

func (s stamp) equal(other stamp) bool { return s.size == other.size && s.changed.Equal(other.changed) }

// stampAt is that of the file at a path, zero if there is none.
func stampAt(path string) stamp {
	info, err := os.Stat(path)
	if err != nil {
		return stamp{}
	}
	return stampOf(info)
}

func stampOf(info fs.FileInfo) stamp { return stamp{info.Size(), info.ModTime()} }

// again is the same file, of which nothing was made yet.
func (d *diskFile) again() *diskFile {
	d.mu.Lock()
	defer d.mu.Unlock()
	return &diskFile{path: d.path, serial: d.serial, stamp: d.stamp, text: d.text, cells: d.cells, err: d.err, refused: d.refused, scanned: d.scanned, imports: d.imports}
}

// fresh tells whether what was read is what is on disk, as far as its size
// and time tell. A file that wasn't read is.
func (d *diskFile) fresh() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.text == nil && d.err == nil && !d.scanned {
		return true
	}
	info, err := os.Stat(d.path)
	if d.err != nil || err != nil {
		return d.err != nil && err != nil
	}
	return d.stamp.equal(stampOf(info))
}

// read reads the text. d.mu is held.
func (d *diskFile) read() error {
	if d.text != nil || d.err != nil {
		return d.err
	}
	info, err := os.Stat(d.path)
	switch {
	case err != nil:
		err = fmt.Errorf("find the workflow file: %w", err)
	case !info.Mode().IsRegular():
		// A named pipe would never end.
		err = &fs.PathError{Op: "read the workflow file", Path: d.path, Err: errNotRegular}
	case info.Size() > maxSize:
		err = fmt.Errorf("%s has %d MB: files above %d MB aren't read", d.path, info.Size()>>20, maxSize>>20)
	default:
		var text []byte
		if text, err = os.ReadFile(d.path); err != nil {
			err = fmt.Errorf("read the workflow file: %w", err)
			break
		}
		d.stamp = stampOf(info)
		if parser.IsNotebook(d.path) {
			var read notebook.Text
			if read, err = notebook.Read(text); err != nil {
				err = fmt.Errorf("read the notebook %s: %w", d.path, err)
			}
			d.text, d.cells = append([]byte{}, read.Python...), read.Cells
		} else if d.text = text; filepath.Ext(d.path) != ".go" {
			// Of one that Python refuses the rest can be read all the same.
			d.text, _, d.refused = parser.Decode(text)
		}
	}
	d.err = err
	return err
}

// asFile is the file with all that its text defines.
func (d *diskFile) asFile(layout *layout) (*File, error) {
	language, ok := parser.LanguageOf(d.path)
	if !ok {
		return nil, fmt.Errorf("%s is neither a Python nor a Go file", d.path)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if file := d.file.Value(); file != nil {
		return file, nil
	}
	if err := d.read(); err != nil {
		return nil, err
	}
	file := newFile(d.path, d.parse(language), d.cells, layout)
	if source := d.source.Value(); source != nil {
		file.python = source
	} else if file.python != nil {
		d.source = weak.Make(file.python)
	}
	d.file = weak.Make(file)
	return file, nil
}

// parse is what the text says, which was read. d.mu is held.
func (d *diskFile) parse(language parser.Language) *parser.Module {
	if source := d.source.Value(); source != nil {
		return &parser.Module{Language: language, Source: source.Text, AST: source.AST, Errors: d.errors}
	}
	module := parser.ParseFile(language, d.text)
	if d.refused != nil {
		module.Errors = slices.Insert(module.Errors, 0, parser.SyntaxError{Span: undecoded(d.text), Message: d.refused.Error()})
	}
	d.errors = module.Errors
	return module
}

// undecoded is the first byte that is no UTF-8, else the text's first line.
func undecoded(text []byte) parser.Span {
	for offset := 0; offset < len(text); {
		r, size := utf8.DecodeRune(text[offset:])
		if r == utf8.RuneError && size == 1 {
			return parser.Span{Start: offset, End: offset + 1}
		}
		offset += size
	}
	return parser.Span{End: lineLength(text)}
}

// asSource is the file as the evaluator reads it. The file is Python's.
func (d *diskFile) asSource(layout *layout) (*pyeval.Source, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if source := d.source.Value(); source != nil {
		return source, nil
	}
	if err := d.read(); err != nil {
		return nil, err
	}
	source := newSource(d.path, d.parse(parser.Python), d.cells, layout)
	d.source = weak.Make(source)
	return source, nil
}
