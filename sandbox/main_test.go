package sandbox_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/service"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"

	"github.com/flyte-lsp/flyte-lsp/internal/testenv"
	"github.com/flyte-lsp/flyte-lsp/sandbox"
)

// TestMain makes the test binary the executable that Start starts.
func TestMain(m *testing.M) {
	if len(os.Args) > 2 && os.Args[1] == "sandbox" && os.Args[2] == "start" {
		os.Exit(serveAsCommand(os.Args[3:]))
	}
	code := m.Run()
	if err := stopShared(); err != nil {
		fmt.Fprintln(os.Stderr, "the shared sandbox:", err)
		code = 1
	}
	os.Exit(code)
}

// envFileLimit limits, in a process that serves, how large files may get: as
// if the disk were full.
const envFileLimit = "SANDBOX_TEST_FILE_LIMIT"

// serveAsCommand does what `flyte-lsp sandbox start --foreground` does.
func serveAsCommand(args []string) int {
	var opts sandbox.Options
	flags := flag.NewFlagSet("start", flag.ExitOnError)
	flags.Bool("foreground", false, "")
	fd := flags.Int(sandbox.ReadyFD, 0, "")
	flags.StringVar(&opts.Dir, "dir", "", "")
	flags.IntVar(&opts.Port, "port", 0, "")
	flags.IntVar(&opts.HTTPPort, "http-port", 0, "")
	flags.StringVar(&opts.Python, "python", "", "")
	flags.DurationVar(&opts.IdleAfter, "idle-after", 0, "")
	_ = flags.Parse(args) // it exits on errors
	if limit := os.Getenv(envFileLimit); limit != "" {
		var bytes uint64
		if _, err := fmt.Sscan(limit, &bytes); err != nil {
			panic(err)
		}
		signal.Ignore(syscall.SIGXFSZ)
		if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: bytes, Max: bytes}); err != nil {
			panic(err)
		}
	}
	ready := os.NewFile(uintptr(*fd), "ready")
	opts.Ready = func(status sandbox.Status) {
		if err := errors.Join(json.NewEncoder(ready).Encode(status), ready.Close()); err != nil {
			panic(err)
		}
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	if err := sandbox.Serve(ctx, opts); err != nil {
		fmt.Fprintln(ready, err)
		return 1
	}
	return 0
}

// start starts a detached sandbox of the test's own.
func start(t *testing.T, opts sandbox.Options) sandbox.Status {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	if opts.Dir == "" {
		opts.Dir = t.TempDir()
	}
	status, err := sandbox.Start(t.Context(), exe, opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := sandbox.Stop(context.Background(), opts.Dir); err != nil {
			t.Error(err)
		}
	})
	return status
}

// shared is the one sandbox, in this process, of all tests that need no other.
var shared struct {
	once   sync.Once
	err    error
	status sandbox.Status
	dir    string
	stop   func()
	ended  chan error
	log    syncBuffer
}

// syncBuffer may be written to by several goroutines.
type syncBuffer struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (b *syncBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(p)
}

func (b *syncBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}

func running(t *testing.T) sandbox.Status {
	t.Helper()
	python := testenv.Python(t)
	shared.once.Do(func() {
		if shared.dir, shared.err = os.MkdirTemp("", "sandbox"); shared.err != nil {
			return
		}
		var ctx context.Context
		ctx, shared.stop = context.WithCancel(context.Background())
		shared.ended = make(chan error, 1)
		ready := make(chan sandbox.Status, 1)
		go func() {
			shared.ended <- sandbox.Serve(ctx, sandbox.Options{
				Dir: shared.dir, Python: python, IdleAfter: -1,
				Log:   slog.New(slog.NewTextHandler(&shared.log, nil)),
				Ready: func(s sandbox.Status) { ready <- s },
			})
		}()
		select {
		case shared.status = <-ready:
		case shared.err = <-shared.ended:
			shared.stop = nil
		}
	})
	if shared.err != nil {
		t.Fatal(shared.err)
	}
	return shared.status
}

func stopShared() error {
	if shared.stop == nil {
		return nil
	}
	shared.stop()
	return errors.Join(<-shared.ended, os.RemoveAll(shared.dir))
}

// clients are the gRPC clients of a sandbox.
type clients struct {
	service.AdminServiceClient
	data service.DataProxyServiceClient
}

func dial(t *testing.T, status sandbox.Status) clients {
	t.Helper()
	conn, err := grpc.NewClient(status.Endpoint, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := conn.Close(); err != nil {
			t.Error(err)
		}
	})
	return clients{service.NewAdminServiceClient(conn), service.NewDataProxyServiceClient(conn)}
}

// python runs a command of the virtual environment with flytekit, pointed at
// the sandbox as `sandbox env` tells, and returns what it printed.
func python(t *testing.T, status sandbox.Status, command string, args ...string) (stdout, all string, err error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, command, args...)
	cmd.Env = append(slices.DeleteFunc(os.Environ(), func(pair string) bool { return strings.HasPrefix(pair, "FLYTE") }),
		"FLYTECTL_CONFIG="+status.ConfigFile, "NO_PROXY=127.0.0.1", "no_proxy=127.0.0.1", "PYTHONPATH="+testdata(t))
	cmd.Dir = t.TempDir()
	var out bytes.Buffer
	var both syncBuffer
	cmd.Stdout, cmd.Stderr = io.MultiWriter(&out, &both), &both
	err = cmd.Run()
	return out.String(), both.String(), err
}

func testdata(t *testing.T) string {
	t.Helper()
	return filepath.Join(testenv.Root(t), "sandbox", "testdata")
}

// eventually waits until the condition holds.
func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		if holds() {
			return
		}
	}
	t.Fatalf("waited in vain until %s", what)
}
