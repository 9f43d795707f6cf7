package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/flyte-lsp/flyte-lsp/sandbox"
)

// sandboxCommand runs `flyte-lsp sandbox` in this process and returns what it
// printed and its exit code.
func sandboxCommand(ctx context.Context, args ...string) (string, int) {
	var out bytes.Buffer
	cmd := newSandboxCommand()
	cmd.SetArgs(args)
	cmd.SetOut(&out)
	cmd.SetErr(&out)
	cmd.SilenceErrors, cmd.SilenceUsage = true, true
	err := cmd.ExecuteContext(ctx)
	var coded *exitError
	switch {
	case err == nil:
		return out.String(), 0
	case errors.As(err, &coded):
		return out.String() + err.Error(), coded.code
	}
	return out.String() + err.Error(), exitFailed
}

// The commands tell where the sandbox is, in words, for shells and as JSON, and
// that none runs by their exit codes.
func TestSandboxCommands(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy", "grpc_proxy"} {
		t.Setenv(name, "")
	}
	expect := func(wantCode int, want string, args ...string) string {
		t.Helper()
		out, code := sandboxCommand(t.Context(), append(args, "--dir", dir)...)
		if code != wantCode || !strings.Contains(out, want) {
			t.Errorf("%s: exit code %d, want %d: %s", strings.Join(args, " "), code, wantCode, out)
		}
		return out
	}
	expect(exitUnreachable, "No sandbox runs in "+dir, "status")
	expect(exitUnreachable, "start it with `flyte-lsp sandbox start`", "env")
	expect(exitFailed, "there is no log yet", "logs")

	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan int, 1)
	go func() {
		_, code := sandboxCommand(ctx, "start", "--foreground", "--dir", dir, "--idle-after", "-1s")
		ended <- code
	}()
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		if status, err := sandbox.Find(ctx, dir); err == nil && status.Running {
			break
		} else if time.Now().After(deadline) {
			t.Fatalf("it doesn't start: %+v %v", status, err)
		}
	}
	var status sandbox.Status
	if err := json.Unmarshal([]byte(expect(0, `"running": true`, "status", "--json")), &status); err != nil || status.PID != os.Getpid() {
		t.Errorf("%+v %v", status, err)
	}
	expect(0, "endpoint  "+status.Endpoint, "status")
	if out := expect(0, "", "env"); out != "export FLYTECTL_CONFIG='"+filepath.Join(dir, "config.yaml")+"'\n" {
		t.Errorf("env prints %q", out)
	}
	t.Setenv("HTTP_PROXY", "http://proxy.example")
	expect(0, "NO_PROXY", "env")
	expect(0, "pages     "+status.HTTP, "start") // the one that runs
	expect(exitUsage, "say so with --yes", "reset")
	stop()
	if code := <-ended; code != 0 {
		t.Errorf("it ended with %d", code)
	}
	expect(0, "", "reset", "--yes")
	expect(0, "", "stop")
	if _, err := os.Stat(filepath.Join(dir, "state.db")); !os.IsNotExist(err) {
		t.Errorf("the reset left the database: %v", err)
	}
}

// The log is followed over the moment when a start puts it aside.
func TestFollowedLog(t *testing.T) {
	path := filepath.Join(t.TempDir(), "log")
	write := func(text string) {
		t.Helper()
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("old\n")
	ctx, stop := context.WithCancel(t.Context())
	reader, writer, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- errors.Join(printLog(ctx, writer, path, true), writer.Close()) }()
	read := func(want string) {
		t.Helper()
		buffer := make([]byte, len(want))
		if _, err := reader.Read(buffer); err != nil || string(buffer) != want {
			t.Errorf("got %q (%v), want %q", buffer, err, want)
		}
	}
	read("old\n")
	if err := os.Rename(path, path+".1"); err != nil {
		t.Fatal(err)
	}
	write("new\n")
	read("new\n")
	stop()
	if err := errors.Join(<-ended, reader.Close()); err != nil {
		t.Error(err)
	}
}
