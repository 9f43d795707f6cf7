package lsp

import (
	"context"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"time"

	"go.lsp.dev/protocol"

	"github.com/flyte-lsp/flyte-lsp/local"
	"github.com/flyte-lsp/flyte-lsp/parser"
)

// watchedFiles are those that decide about what a workflow file imports.
const watchedFiles = "**/{*.py,*.pyi,*.go,*.pth,.gitignore,pyproject.toml,setup.cfg,pyvenv.cfg}"

// An indexer keeps what the workspace knows of the disk current. One goroutine
// does the work, so that no message waits for a disk.
type indexer struct {
	server *Server
	// index and look wake it: to find the workspace's files, and to look at
	// those that are known.
	index, look chan struct{}
}

func (i *indexer) init(s *Server) {
	i.server = s
	i.index, i.look = make(chan struct{}, 1), make(chan struct{}, 1)
	s.background(i.work)
}

// wake has the indexer do one of its jobs, soon.
func wake(job chan struct{}) {
	select {
	case job <- struct{}{}:
	default: // it is to be done already
	}
}

func (i *indexer) work(ctx context.Context) {
	for {
		changed := false
		var err error
		select {
		case <-ctx.Done():
			return
		case <-i.index:
			changed, err = true, i.find(ctx)
		case <-i.look:
			changed, err = i.server.workspace.Refresh(ctx)
		}
		if err != nil && ctx.Err() == nil {
			i.server.log.Warn("the workspace can't be read: " + err.Error())
		}
		if changed {
			i.server.lookAgain()
		}
		files := i.server.workspace.Snapshot().WorkflowFiles()
		i.server.words.Keep(files)
		i.server.words.Update(ctx, files)
	}
}

// find indexes the workspace's folders.
func (i *indexer) find(ctx context.Context) error {
	begin := time.Now()
	indexed, err := i.server.workspace.Index(ctx, nil)
	if err != nil {
		return err
	}
	for _, skipped := range indexed.Skipped {
		i.server.log.Warn("not read: " + skipped.Error())
	}
	if indexed.Truncated {
		i.server.log.Warn("the workspace has too many files: what some of them import isn't known")
	}
	i.server.log.Info(fmt.Sprintf("%d workflow files found in %s", indexed.Files, time.Since(begin).Round(time.Millisecond)))
	return nil
}

// lookAgain has all that is shown made anew.
func (s *Server) lookAgain() {
	snapshot := s.workspace.Snapshot()
	for path := range openPaths(snapshot) {
		s.diagnostics.schedule(path)
	}
	s.diagnostics.schedule(slices.Collect(maps.Keys(s.inputs.openVersions()))...)
	s.diagnostics.sweepAll(snapshot)
	s.refresh.request()
	s.refreshHints.request()
	s.refreshGraph.request()
}

// didChangeWatchedFiles takes in what changed on disk, which the open files may
// import.
func (s *Server) didChangeWatchedFiles(_ context.Context, params *protocol.DidChangeWatchedFilesParams) error {
	var paths []string
	known := true // only files that were there already
	for _, change := range params.Changes {
		if path, ok := pathOf(string(change.URI)); ok {
			paths = append(paths, path)
			_, isWorkflow := parser.LanguageOf(path)
			known = known && isWorkflow && change.Type == protocol.FileChangeTypeChanged
		}
	}
	if s.workspace.Changed(paths) {
		wake(s.indexer.index)
	}
	s.background(func(ctx context.Context) { s.words.Update(ctx, paths) })
	if !known {
		s.lookAgain()
		return nil
	}
	for _, path := range paths {
		s.diagnostics.changed(path, true)
	}
	s.refresh.request()
	s.refreshHints.request()
	return nil
}

// watches tells whether the client says what changes on disk.
func (s *Server) watches() bool {
	return s.capabilities.Workspace.DidChangeWatchedFiles.DynamicRegistration
}

// chooseInterpreter is the interpreter of a folder's files, as a run of them
// chooses it.
func (s *Server) chooseInterpreter(dir string) (python, why string) {
	return local.InterpreterOf(dir, s.settings.Load().Python)
}

// sourceRoots are the setting's, as absolute paths.
func (s *Server) sourceRoots() []string {
	var roots []string
	for _, root := range s.settings.Load().SourceRoots {
		if filepath.IsAbs(root) {
			roots = append(roots, filepath.Clean(root))
			continue
		}
		for _, folder := range s.folders.all() {
			roots = append(roots, filepath.Join(folder, filepath.FromSlash(root)))
		}
	}
	return roots
}

// foldersChanged tells the workspace which folders the user works in.
func (s *Server) foldersChanged() {
	s.workspace.SetFolders(s.folders.all())
	s.workspace.SetSourceRoots(s.sourceRoots())
	wake(s.indexer.index)
}
