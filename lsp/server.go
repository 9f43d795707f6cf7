// Package lsp is the language server: it translates between the Language
// Server Protocol and the packages that know Flyte. Each feature has a file.
//
// Notifications are applied in the order in which they arrive. Requests are
// answered concurrently, each on the snapshot that was current when it
// arrived, and stop when they are cancelled.
package lsp

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"os"
	"sync"
	"sync/atomic"

	"go.lsp.dev/jsonrpc2"
	"go.lsp.dev/protocol"

	"github.com/flyte-lsp/flyte-lsp/editing/complete"
	"github.com/flyte-lsp/flyte-lsp/editing/navigate"
	"github.com/flyte-lsp/flyte-lsp/local"
	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyte-lsp/flyte-lsp/runs"
	"github.com/flyte-lsp/flyte-lsp/workspace"
)

// Options are what a server is made with.
type Options struct {
	// Version is shown to clients.
	Version string
	// StateDir holds the history of runs.
	StateDir string
	// Executable is the flyte-lsp binary, which a sandbox is started from.
	Executable string
	// Log gets what isn't for the user; the client's log gets it too.
	Log *slog.Logger
}

// Server serves one client.
type Server struct {
	options   Options
	client    *client
	log       *slog.Logger
	workspace *workspace.Workspace
	inputs    inputsDocuments
	listing   navigate.Listing // of the workspace's entities
	notebooks openNotebooks
	settings  atomic.Pointer[Settings]

	phase        atomic.Int32 // of the connection's life, see lifecycle.go
	ready        atomic.Bool  // the client has the answer to initialize: it may be spoken to
	capabilities clientCapabilities
	encoding     parser.Encoding // of positions, both ways
	folders      folders

	pool  *local.Pool
	store *runs.Store
	runs  *runs.Manager
	// troubles are what the user is told once the client can be spoken to.
	troubles []string
	// temporary is the folder of a history that isn't kept, "" as a rule.
	temporary string

	diagnostics        publisher
	refreshDiagnostics refresher
	// pulledWorkspace: the client has asked for the diagnostics of all files.
	pulledWorkspace atomic.Bool
	panics          panics
	refresh         refresher // of lenses
	refreshHints    refresher
	refreshGraph    refresher
	graphs          graphs
	indexer         indexer
	words           complete.Words // of the workspace's files, which completion offers
	names           backendNames

	// ctx ends with the connection; tasks counts the goroutines that it owns.
	ctx   context.Context
	tasks sync.WaitGroup
}

// ErrNoShutdown is returned by Serve when the client went away without the
// shutdown request: the process then exits with code 1 (LSP, exit
// notification).
var ErrNoShutdown = errors.New("the client went away without shutdown")

// Serve speaks the protocol over stream until the client says exit or goes
// away, or ctx ends.
func Serve(ctx context.Context, stream io.ReadWriteCloser, options Options) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	conn := jsonrpc2.NewConn(newStream(stream))
	s := &Server{
		options:   options,
		client:    &client{conn: conn},
		workspace: workspace.New(),
		ctx:       ctx,
	}
	s.log = slog.New(&clientLog{client: s.client, next: options.Log.Handler(), open: &s.ready})
	s.settings.Store(DefaultSettings())
	if err := s.openRuns(ctx); err != nil {
		return err
	}
	s.diagnostics.init(s)
	s.panics.server = s
	s.refresh.init(s, protocol.MethodCodeLensRefresh, func(c *clientCapabilities) bool { return c.Workspace.CodeLens.RefreshSupport })
	s.refreshHints.init(s, "workspace/inlayHint/refresh", func(c *clientCapabilities) bool { return c.Workspace.InlayHint.RefreshSupport })
	s.refreshGraph.init(s, "flyte/graph/refresh", s.showsGraph)
	s.refreshDiagnostics.init(s, "workspace/diagnostic/refresh", (*clientCapabilities).pulls)
	s.indexer.init(s)
	s.workspace.SetInterpreter(s.chooseInterpreter)
	conn.Go(ctx, s.newDispatcher().handle)
	select {
	case <-conn.Done():
	case <-ctx.Done():
		_ = conn.Close() // what it was for has ended
	}
	cancel()
	s.runs.Close()
	s.pool.Close()
	s.tasks.Wait()
	if err := s.closeRuns(); err != nil {
		return err
	}
	if s.phase.Load() != phaseShutDown {
		return ErrNoShutdown
	}
	return nil
}

// openRuns opens the history and makes what runs need. A history that can't
// be used costs the memory of runs, not the server.
func (s *Server) openRuns(ctx context.Context) error {
	store, err := runs.OpenStore(ctx, s.options.StateDir)
	if err != nil {
		s.troubles = append(s.troubles, err.Error())
	}
	if store == nil {
		temporary, dirErr := os.MkdirTemp("", "flyte-lsp-")
		if dirErr != nil {
			return errors.Join(err, dirErr)
		}
		s.temporary = temporary
		if store, dirErr = runs.OpenStore(ctx, temporary); dirErr != nil {
			return errors.Join(err, dirErr, os.RemoveAll(temporary))
		}
		s.troubles = append(s.troubles, "Runs are remembered only until the editor closes.")
	}
	s.store = store
	s.pool = local.NewPool(s.log)
	s.runs = runs.NewManager(runs.Options{
		Store: store, Pool: s.pool, Log: s.log,
		Executable: s.options.Executable, ConfirmSandbox: s.confirmSandbox,
	})
	return nil
}

// closeRuns closes the history, once all that uses it has ended.
func (s *Server) closeRuns() error {
	err := s.store.Close()
	if s.temporary != "" {
		err = errors.Join(err, os.RemoveAll(s.temporary))
	}
	return err
}

// background runs f in a goroutine that Serve waits for. Its context ends
// with the connection.
func (s *Server) background(f func(ctx context.Context)) {
	s.tasks.Go(func() {
		f(s.ctx)
	})
}
