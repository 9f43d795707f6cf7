//go:build unix

// Package vscode has the test of the VS Code extension beside it, in a real
// VS Code.
package vscode

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/flyte-lsp/flyte-lsp/internal/testenv"
)

// mistakes has one that a save mends, and one that stays marked.
const mistakes = "from flytekit import task\n\n\n@task(disable_deck=True)\ndef half(number) -> int:\n    return number // 2\n"

// typing is a workflow in which a call is to be typed next.
const typing = "from flytekit import task, workflow\n\n\n@task\ndef half(number: int) -> int:\n    return number // 2\n\n\n@workflow\ndef flow(number: int) -> int:\n    "

// cells are a notebook with a mistake in a call of what another cell defines.
const cells = `{"nbformat": 4, "nbformat_minor": 5, "metadata": {"language_info": {"name": "python"}}, "cells": [
	{"id": "a", "cell_type": "code", "execution_count": null, "metadata": {}, "outputs": [],
	 "source": ["from flytekit import task, workflow\n", "\n", "@task\n", "def half(number: int) -> int:\n", "    return number // 2"]},
	{"id": "b", "cell_type": "code", "execution_count": null, "metadata": {}, "outputs": [],
	 "source": ["@workflow\n", "def flow(number: int) -> int:\n", "    return half(count=number)"]}]}`

// A user installs the extension, opens the quickstart, presses "Run locally",
// restarts the server, reads the result in the hover, saves a file with
// mistakes, completes a call, opens a notebook with mistakes, and names a server that doesn't exist.
func TestQuickstart(t *testing.T) {
	// A socket of VS Code lies below it, whose path must be short.
	home, err := os.MkdirTemp("", "vscode")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(home) })
	folder := filepath.Join(home, "quickstart")
	settings := filepath.Join(home, "data", "Machine", "settings.json")
	for _, dir := range []string{folder, filepath.Dir(settings)} {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	source, err := os.ReadFile(testenv.Quickstart(t))
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"workflow.py": string(source), "mistakes.py": mistakes, "typing.py": typing, "cells.ipynb": cells} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}

	ctx, cancel := context.WithTimeout(t.Context(), 4*time.Minute)
	defer cancel()
	env := append(os.Environ(), "HOME="+home, "XDG_CONFIG_HOME="+home, "XDG_DATA_HOME="+home, "XDG_RUNTIME_DIR="+home,
		"FLYTE_LSP_STATE_DIR="+filepath.Join(home, "state"))
	extension := filepath.Join(testenv.Root(t), "editors", "vscode")
	vsix := filepath.Join(home, "flyte-lsp.vsix")
	run(t, command(ctx, extension, os.Environ(), "node", "scripts/package.mjs", "--binary", testenv.Binary(t), "--out", vsix))

	codeServer := []string{
		testenv.CodeServer(t), "--user-data-dir", filepath.Join(home, "data"), "--extensions-dir", filepath.Join(home, "extensions"),
	}
	run(t, command(ctx, folder, env, "node", append(codeServer, "--install-extension", vsix)...))
	address := serve(t, command(ctx, folder, env, "node", append(codeServer, "--bind-addr", "127.0.0.1:0", "--auth", "none",
		"--disable-telemetry", "--disable-update-check", "--disable-workspace-trust")...))

	text := run(t, command(ctx, extension, append(os.Environ(),
		"TEST_ADDRESS="+address, "TEST_FOLDER="+folder, "TEST_SETTINGS="+settings, "TEST_PYTHON="+testenv.Python(t),
		"TEST_CHROMIUM="+testenv.Chromium(t), "TEST_SCREENSHOT="+testenv.Output(t, "vscode-quickstart.png"),
	), "node", "test/quickstart.mjs"))
	var shown struct{ Lens, Hover, Message string }
	if err := json.Unmarshal(text, &shown); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	if !strings.Contains(shown.Lens, "→ Rating(") {
		t.Errorf("the lens doesn't tell the result: %s", shown.Lens)
	}
	for _, want := range []string{"workflow product_rating(limit: int = 4) -> Rating", "succeeded", "0.5"} {
		if !strings.Contains(strings.ReplaceAll(shown.Hover, "\u00a0", " "), want) {
			t.Errorf("the hover lacks %q:\n%s", want, shown.Hover)
		}
	}
	for _, want := range []string{"can't be started", "/nowhere/flyte-lsp", "Open settings"} {
		if !strings.Contains(shown.Message, want) {
			t.Errorf("the message about a server that isn't there lacks %q:\n%s", want, shown.Message)
		}
	}
}

// command is one whose processes, all of them, end with the context.
func command(ctx context.Context, dir string, env []string, name string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir, cmd.Env = dir, env
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	cmd.WaitDelay = 10 * time.Second
	return cmd
}

// run returns what the command prints on stdout.
func run(t *testing.T, cmd *exec.Cmd) []byte {
	t.Helper()
	output, err := cmd.Output()
	if err != nil {
		var exit *exec.ExitError
		if errors.As(err, &exit) {
			output = append(output, exit.Stderr...)
		}
		t.Fatalf("%s: %v\n%s", strings.Join(cmd.Args, " "), err, output)
	}
	return output
}

var listening = regexp.MustCompile(`HTTP server listening on (http://\S+)`)

// serve starts code-server, and returns its address once it listens there. The
// test's end stops it with all that it started.
func serve(t *testing.T, cmd *exec.Cmd) string {
	t.Helper()
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
		cmd.Wait()
	})
	var output strings.Builder
	for lines := bufio.NewScanner(stdout); lines.Scan(); {
		output.WriteString(lines.Text() + "\n")
		if match := listening.FindStringSubmatch(lines.Text()); match != nil {
			go io.Copy(io.Discard, stdout) // ends with the process
			return strings.TrimRight(match[1], "/")
		}
	}
	t.Fatalf("code-server ended before it listened:\n%s", &output)
	return ""
}
