package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/textproto"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/flyte-lsp/flyte-lsp/internal/bench/project"
	"github.com/flyte-lsp/flyte-lsp/internal/lspclient"
)

const (
	cancelRounds = 20
	// cancelAfter is how long a request runs until it is cancelled.
	cancelAfter = 3 * time.Millisecond
	// requestCancelled is the code of RequestCancelled (LSP, error codes).
	requestCancelled = -32800
)

// A frame is a message of the server, as far as it matters here.
type frame struct {
	ID     any
	Method string
	Params json.RawMessage
	Error  *struct{ Code int }
}

// wire is a client that sees the answer to a request that it has cancelled:
// lspclient drops it, as editors do.
type wire struct {
	in     *textproto.Reader
	out    io.Writer
	frames chan frame // closed at the server's end
}

// read hands over what the server sends.
func (w *wire) read() {
	defer close(w.frames)
	for {
		header, err := w.in.ReadMIMEHeader()
		if err != nil {
			return
		}
		length, err := strconv.Atoi(header.Get("Content-Length"))
		if err != nil {
			return
		}
		text := make([]byte, length)
		var message frame
		if _, err := io.ReadFull(w.in.R, text); err != nil || json.Unmarshal(text, &message) != nil {
			return
		}
		w.frames <- message
	}
}

func (w *wire) send(message map[string]any) error {
	message["jsonrpc"] = "2.0"
	text, err := json.Marshal(message)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(w.out, "Content-Length: %d\r\n\r\n%s", len(text), text)
	return err
}

// wait returns the first message for which match is true.
func (w *wire) wait(ctx context.Context, match func(frame) bool) (frame, error) {
	ctx, done := context.WithTimeout(ctx, indexTimeout)
	defer done()
	for {
		select {
		case message, open := <-w.frames:
			if !open {
				return frame{}, errors.New("the server went away")
			}
			if match(message) {
				return message, nil
			}
		case <-ctx.Done():
			return frame{}, ctx.Err()
		}
	}
}

// cancellations asks for the references of a task that all the modules of a
// workspace may use, cancels, and waits for the answer.
func (b *bench) cancellations(ctx context.Context, report *report) (err error) {
	root := filepath.Join(b.dir, "cancellations")
	if _, err := project.Write(root, workspaceModules); err != nil {
		return err
	}
	cmd := exec.CommandContext(ctx, b.binary, "serve")
	cmd.Env, cmd.Stderr = append(os.Environ(), b.env()...), b.stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		return err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	w := &wire{in: textproto.NewReader(bufio.NewReader(out)), out: in, frames: make(chan frame, 1)}
	go w.read()
	defer func() {
		_ = in.Close() // the server ends, and says that nobody asked it to
		for range w.frames {
		}
		_ = cmd.Wait()
	}()
	answered := func(id int) func(frame) bool {
		return func(f frame) bool { return f.Method == "" && f.ID == float64(id) }
	}
	path := filepath.Join(root, "region_0", "shop_0.py")
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	if err := w.send(map[string]any{"id": 0, "method": "initialize", "params": map[string]any{
		"rootUri": lspclient.URI(root), "capabilities": map[string]any{}, "initializationOptions": b.settings(),
	}}); err != nil {
		return err
	}
	if _, err := w.wait(ctx, answered(0)); err != nil {
		return err
	}
	if err := errors.Join(
		w.send(map[string]any{"method": "initialized", "params": map[string]any{}}),
		w.send(map[string]any{"method": "textDocument/didOpen", "params": map[string]any{"textDocument": map[string]any{
			"uri": lspclient.URI(path), "languageId": "python", "version": 1, "text": string(text),
		}}}),
	); err != nil {
		return err
	}
	if _, err := w.wait(ctx, func(f frame) bool { return strings.Contains(string(f.Params), "workflow files found") }); err != nil {
		return err
	}
	at := endOf(string(text), "def total")
	var took samples
	for round := 1; round <= cancelRounds; round++ {
		// An interface changes, so that nothing of the last round is known any more.
		if err := errors.Join(
			w.send(map[string]any{"method": "textDocument/didChange", "params": map[string]any{
				"textDocument":   map[string]any{"uri": lspclient.URI(path), "version": round + 1},
				"contentChanges": []any{map[string]any{"text": fmt.Sprintf("%s\n\n@task\ndef more_%d() -> int:\n    return 1\n", text, round)}},
			}}),
			w.send(map[string]any{"id": round, "method": "textDocument/references", "params": map[string]any{
				"textDocument": map[string]any{"uri": lspclient.URI(path)}, "position": at, "context": map[string]any{"includeDeclaration": true},
			}}),
		); err != nil {
			return err
		}
		time.Sleep(cancelAfter)
		begin := time.Now()
		if err := w.send(map[string]any{"method": "$/cancelRequest", "params": map[string]any{"id": round}}); err != nil {
			return err
		}
		answer, err := w.wait(ctx, answered(round))
		if err != nil {
			return err
		}
		if answer.Error != nil && answer.Error.Code == requestCancelled {
			took = append(took, time.Since(begin))
		}
		tick()
	}
	if len(took) == 0 {
		return fmt.Errorf("all %d requests were answered before they could be cancelled", cancelRounds)
	}
	p95 := took.quantile(0.95)
	report.goal(p95 < 100*time.Millisecond, "a cancelled request is answered within 100 ms at the 95th percentile of %d: %s", len(took), milliseconds(p95))
	return nil
}
