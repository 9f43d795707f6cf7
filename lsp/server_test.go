package lsp_test

import (
	"context"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/flyte-lsp/flyte-lsp/internal/lspclient"
	"github.com/flyte-lsp/flyte-lsp/lsp"
)

// testTimeout bounds what a test waits for, so that none hangs.
const testTimeout = time.Minute

// session is a server in this process, and its client at the other end of a
// pipe.
type session struct {
	*lspclient.Client
	t      *testing.T
	ctx    context.Context
	root   string
	state  string
	served chan error
}

// connect starts a server whose state is in stateDir, and doesn't initialize
// it.
func connect(t *testing.T, root, stateDir, executable string) *session {
	t.Helper()
	// Not the test's context, which ends before the server is shut down.
	ctx, cancel := context.WithTimeout(context.Background(), testTimeout)
	t.Cleanup(cancel)
	ours, served := start(ctx, t, stateDir, executable)
	return &session{t: t, ctx: ctx, root: root, state: stateDir, served: served, Client: lspclient.New(ctx, ours)}
}

// start starts a server and returns the client's end of its connection, and
// what Serve will return.
func start(ctx context.Context, t *testing.T, stateDir, executable string) (net.Conn, chan error) {
	t.Helper()
	ours, theirs := connection(t)
	served := make(chan error, 1)
	go func() {
		served <- lsp.Serve(ctx, theirs, lsp.Options{
			Version: "test", StateDir: stateDir, Executable: executable,
			Log: slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelWarn})),
		})
	}()
	return ours, served
}

// connection is both ends of a connection that the system buffers, as it does
// an editor's pipes.
func connection(t *testing.T) (ours, theirs net.Conn) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	if ours, err = net.Dial("tcp", listener.Addr().String()); err != nil {
		t.Fatal(err)
	}
	if theirs, err = listener.Accept(); err != nil {
		t.Fatal(err)
	}
	return ours, theirs
}

// open starts and initializes a server for a workspace folder.
func open(t *testing.T, root string, settings map[string]any) *session {
	t.Helper()
	return openWith(t, root, t.TempDir(), "", settings)
}

// openWith is open with a state folder and a binary that sandboxes are started
// from.
func openWith(t *testing.T, root, stateDir, executable string, settings map[string]any) *session {
	t.Helper()
	s := connect(t, root, stateDir, executable)
	s.must(s.Initialize(s.ctx, root, settings))
	t.Cleanup(s.close)
	return s
}

// close shuts the server down, once.
func (s *session) close() {
	s.t.Helper()
	if s.served == nil {
		return
	}
	s.must(s.Close(context.WithoutCancel(s.ctx)))
	s.must(<-s.served)
	s.served = nil
}

func (s *session) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

// write makes a file of the workspace and returns its path.
func write(t *testing.T, root, name, text string) string {
	t.Helper()
	path := filepath.Join(root, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}
