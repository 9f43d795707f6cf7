package lsp_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"strconv"
	"syscall"
	"testing"

	"github.com/flyte-lsp/flyte-lsp/internal/state"
	"github.com/flyte-lsp/flyte-lsp/lsp"
	"github.com/flyte-lsp/flyte-lsp/sandbox"
)

// envServe makes a process of the test binary a server over stdin and stdout
// whose history is in the folder that it names. envFileLimit limits how large
// its files may get, in bytes: as if the disk were full.
const (
	envServe     = "LSP_TEST_SERVE"
	envFileLimit = "LSP_TEST_FILE_LIMIT"
)

// TestMain gives all tests one sandbox of their own, which the first that
// needs it starts.
func TestMain(m *testing.M) {
	if dir := os.Getenv(envServe); dir != "" {
		os.Exit(serve(dir))
	}
	code, err := withState(m.Run)
	if err != nil {
		fmt.Fprintln(os.Stderr, "the tests' sandbox:", err)
		code = 1
	}
	os.Exit(code)
}

func withState(run func() int) (int, error) {
	dir, err := os.MkdirTemp("", "state")
	if err != nil {
		return 1, err
	}
	// What a developer has configured is nothing to the tests.
	for _, name := range []string{"FLYTECTL_CONFIG", "UCTL_CONFIG", "VIRTUAL_ENV"} {
		if err := os.Unsetenv(name); err != nil {
			return 1, err
		}
	}
	if err := os.Setenv(state.EnvDir, dir); err != nil {
		return 1, err
	}
	code := run()
	return code, errors.Join(sandbox.Stop(context.Background(), ""), os.RemoveAll(dir))
}

// serve is the process that envServe asks for.
func serve(dir string) int {
	if limit := os.Getenv(envFileLimit); limit != "" {
		bytes, err := strconv.ParseUint(limit, 10, 64)
		if err != nil {
			panic(err)
		}
		signal.Ignore(syscall.SIGXFSZ)
		if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: bytes, Max: bytes}); err != nil {
			panic(err)
		}
	}
	stdio := struct {
		io.Reader
		io.WriteCloser
	}{os.Stdin, os.Stdout}
	err := lsp.Serve(context.Background(), stdio, lsp.Options{Version: "test", StateDir: dir, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}
