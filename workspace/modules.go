package workspace

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"

	"golang.org/x/sync/errgroup"

	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyte-lsp/flyte-lsp/parser/notebook"
	"github.com/flyte-lsp/flyte-lsp/workspace/walk"
)

// Listed is a workflow file of those that were asked for.
type Listed struct {
	Path string
	// Name is how the file is called in a listing: the path as it was given, or
	// relative to the given folder that it was found in. Typed is what a person
	// who gave that path would type for the file.
	Name, Typed string
	// Module is what it defines, and Source its text: both nil with an error
	// that says which file, or folder, can't be read.
	Module *model.Module
	Source *parser.Source
	// Cells are the places of a notebook's cells in it; nil of any other file.
	Cells notebook.Cells
	Err   error
}

// batch is how many modules are evaluated before they are told of.
const batch = 64

// Modules tells what workflow files define: those at paths, and those below
// paths that are folders, in the order of the paths and then of their names.
// visit is called for one at a time, and ends the listing by an error. Other
// errors are the context's, or that a path isn't there.
func (s *Snapshot) Modules(ctx context.Context, paths []string, visit func(Listed) error) error {
	files, err := List(ctx, paths)
	if err != nil {
		return err
	}
	for some := range slices.Chunk(files, batch) {
		group, ctx := errgroup.WithContext(ctx)
		group.SetLimit(runtime.GOMAXPROCS(0))
		for i := range some {
			group.Go(func() error {
				some[i].read(ctx, s)
				return ctx.Err()
			})
		}
		if err := group.Wait(); err != nil {
			return err
		}
		for i := range some {
			if err := visit(some[i]); err != nil {
				return err
			}
			some[i].Module, some[i].Source = nil, nil // of thousands of files not all are kept
		}
	}
	return nil
}

func (l *Listed) read(ctx context.Context, s *Snapshot) {
	if l.Err != nil {
		return
	}
	if l.Module, l.Err = s.Module(ctx, l.Path); l.Err != nil {
		return
	}
	if l.Module.Module != nil && !parser.IsNotebook(l.Path) {
		l.Source = l.Module.Text
		return
	}
	var file *File
	if file, l.Err = s.file(l.Path); l.Err == nil {
		l.Source, l.Cells = file.Source, file.Cells
	}
}

// List names the workflow files at paths, and those below paths that are
// folders, in the order of the paths and then of their names. They aren't
// read; a folder that can't be is among them. Errors are the context's, or that a path isn't there.
func List(ctx context.Context, paths []string) ([]Listed, error) {
	var files []Listed
	for _, path := range paths {
		found, err := listed(ctx, path)
		if err != nil {
			return nil, err
		}
		files = append(files, found...)
	}
	return files, nil
}

// listed are the files that a path stands for.
func listed(ctx context.Context, path string) ([]Listed, error) {
	full, err := filepath.Abs(path)
	if err != nil {
		return nil, fmt.Errorf("find %s: %w", path, err)
	}
	info, err := os.Stat(full)
	if err != nil {
		return nil, fmt.Errorf("find workflow files: %w", err)
	}
	if !info.IsDir() {
		return []Listed{{Path: full, Name: path, Typed: path}}, nil
	}
	found, err := walk.Files(ctx, []string{full}, isWorkflowFile)
	if err != nil {
		return nil, fmt.Errorf("look for workflow files: %w", err)
	}
	var files []Listed
	for _, err := range found.Skipped {
		files = append(files, Listed{Path: full, Name: path, Typed: path, Err: err})
	}
	for _, file := range found.Files {
		name, err := filepath.Rel(full, file)
		if err != nil {
			return nil, err
		}
		files = append(files, Listed{Path: file, Name: name, Typed: filepath.Join(path, name)})
	}
	return files, nil
}
