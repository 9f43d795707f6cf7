package lsp_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/textproto"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"go.lsp.dev/jsonrpc2"
	"go.lsp.dev/protocol"

	"github.com/flyte-lsp/flyte-lsp/internal/lspclient"
	"github.com/flyte-lsp/flyte-lsp/lsp"
)

// code is the code of an error that the server answered.
func code(err error) jsonrpc2.Code {
	var answered *jsonrpc2.Error
	if errors.As(err, &answered) {
		return answered.Code
	}
	return 0
}

func TestLifecycle(t *testing.T) {
	t.Parallel()
	s := connect(t, t.TempDir(), t.TempDir(), "")
	want := func(method string, params any, code_ jsonrpc2.Code) {
		t.Helper()
		if err := s.Call(s.ctx, method, params, nil); code(err) != code_ {
			t.Errorf("%s: %v, want the code %d", method, err, code_)
		}
	}
	want("textDocument/hover", map[string]any{}, jsonrpc2.ServerNotInitialized)
	want("shutdown", nil, jsonrpc2.ServerNotInitialized)
	s.must(s.Initialize(s.ctx, s.root, nil))
	want("initialize", map[string]any{"capabilities": map[string]any{}}, jsonrpc2.InvalidRequest)
	want("textDocument/inventNothing", nil, jsonrpc2.MethodNotFound)
	s.must(s.Notify(s.ctx, "$/unknownNotification", nil))
	want("workspace/executeCommand", map[string]any{"command": "flyte.unknown"}, jsonrpc2.InvalidParams)
	want("textDocument/hover", []any{1}, jsonrpc2.InvalidParams)
	want("flyte/run", nil, jsonrpc2.MethodNotFound)
	s.must(s.Call(s.ctx, "shutdown", nil, nil))
	want("textDocument/hover", map[string]any{}, jsonrpc2.InvalidRequest)
	want("shutdown", nil, jsonrpc2.InvalidRequest)
	s.must(s.Notify(s.ctx, "exit", nil))
	s.must(<-s.served)
}

func TestServerEndsWithItsClient(t *testing.T) {
	t.Parallel()
	for name, leave := range map[string]func(*session) error{
		"exit without shutdown":    func(s *session) error { return s.Notify(s.ctx, "exit", nil) },
		"hang-up":                  func(s *session) error { return s.Hangup() },
		"a frame without a length": nil,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if leave == nil {
				w := dial(t, t.TempDir())
				w.initialize()
				_, err := io.WriteString(w, "Content-Length: many\r\n\r\n{}")
				w.must(err)
				if err := <-w.served; !errors.Is(err, lsp.ErrNoShutdown) {
					t.Errorf("Serve returned %v, want ErrNoShutdown", err)
				}
				return
			}
			s := connect(t, t.TempDir(), t.TempDir(), "")
			s.must(s.Initialize(s.ctx, s.root, nil))
			s.must(leave(s))
			if err := <-s.served; !errors.Is(err, lsp.ErrNoShutdown) {
				t.Errorf("Serve returned %v, want ErrNoShutdown", err)
			}
		})
	}
}

// wire is a client that says what no client library would.
type wire struct {
	net.Conn
	t      *testing.T
	in     *textproto.Reader
	served chan error
}

func dial(t *testing.T, stateDir string) *wire {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), testTimeout)
	t.Cleanup(cancel)
	conn, served := start(ctx, t, stateDir, "")
	if err := conn.SetDeadline(time.Now().Add(time.Minute)); err != nil {
		t.Fatal(err)
	}
	return &wire{Conn: conn, t: t, in: textproto.NewReader(bufio.NewReader(conn)), served: served}
}

func (w *wire) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *wire) send(text string) {
	w.t.Helper()
	_, err := fmt.Fprintf(w, "Content-Length: %d\r\n\r\n%s", len(text), text)
	w.must(err)
}

// wireMessage is anything that the server sends.
type wireMessage struct {
	ID     any
	Method string
	Params json.RawMessage
	Result json.RawMessage
	Error  *struct {
		Code    jsonrpc2.Code
		Message string
	}
}

// receive returns the next message for which match is true.
func (w *wire) receive(match func(wireMessage) bool) wireMessage {
	w.t.Helper()
	for {
		header, err := w.in.ReadMIMEHeader()
		w.must(err)
		length, err := strconv.Atoi(header.Get("Content-Length"))
		w.must(err)
		body := make([]byte, length)
		_, err = io.ReadFull(w.in.R, body)
		w.must(err)
		var message wireMessage
		w.must(json.Unmarshal(body, &message))
		if match(message) {
			return message
		}
	}
}

func answers(id float64) func(wireMessage) bool {
	return func(m wireMessage) bool { return m.Method == "" && m.ID == id }
}

func (w *wire) initialize() {
	w.t.Helper()
	w.send(`{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"capabilities":{"window":{"showDocument":{"support":true}}}}}`)
	w.receive(answers(1))
	w.send(`{"jsonrpc":"2.0","method":"initialized","params":{}}`)
}

func (w *wire) shutdown() {
	w.t.Helper()
	w.send(`{"jsonrpc":"2.0","id":99,"method":"shutdown"}`)
	w.receive(answers(99))
	w.send(`{"jsonrpc":"2.0","method":"exit"}`)
	w.must(<-w.served)
}

// What is no JSON-RPC is answered with the id null, and the server reads on.
func TestBrokenMessages(t *testing.T) {
	t.Parallel()
	w := dial(t, t.TempDir())
	w.initialize()
	for _, broken := range []struct {
		text string
		code jsonrpc2.Code
	}{
		{`{"jsonrpc":"2.0","id":2,"method":`, jsonrpc2.ParseError},
		{"\xff\xfe", jsonrpc2.ParseError},
		{``, jsonrpc2.ParseError},
		{`[1, 2]`, jsonrpc2.InvalidRequest},
		{`{"hello": "world"}`, jsonrpc2.InvalidRequest},
		{`{"jsonrpc":"1.0","id":2,"method":"shutdown"}`, jsonrpc2.InvalidRequest},
	} {
		w.send(broken.text)
		answer := w.receive(func(m wireMessage) bool { return m.Method == "" && m.Error != nil })
		if answer.ID != nil || answer.Error.Code != broken.code {
			t.Errorf("%q: answer %v with %v, want id null and the code %d", broken.text, answer.ID, answer.Error, broken.code)
		}
	}
	w.shutdown()
}

// A cancelled request is answered as such, at once.
func TestCancelRequest(t *testing.T) {
	t.Parallel()
	w := dial(t, t.TempDir())
	w.initialize()
	path := write(t, t.TempDir(), "flow.py", "from flytekit import task\n\n@task\ndef double(x: int) -> int:\n    return 2 * x\n")
	w.send(fmt.Sprintf(`{"jsonrpc":"2.0","id":2,"method":"workspace/executeCommand","params":{"command":"flyte.openInputs","arguments":[{"uri":"file://%s","entity":"double"}]}}`, path))
	// The server waits for this answer, which doesn't come.
	w.receive(func(m wireMessage) bool { return m.Method == "window/showDocument" })
	w.send(`{"jsonrpc":"2.0","method":"$/cancelRequest","params":{"id":77}}`)
	w.send(`{"jsonrpc":"2.0","method":"$/cancelRequest","params":[]}`)
	w.send(`{"jsonrpc":"2.0","method":"$/cancelRequest","params":{"id":2}}`)
	answer := w.receive(answers(2))
	if answer.Error == nil || answer.Error.Code != -32800 {
		t.Errorf("answer %s %v, want the code -32800", answer.Result, answer.Error)
	}
	w.shutdown()
}

const double = `from flytekit import task


@task
def double(x: int = 2) -> int:
    return 2 * x
`

// titles are the titles of all lenses of a file.
func (s *session) titles(path string) []string {
	s.t.Helper()
	lenses, err := s.Lenses(s.ctx, path)
	s.must(err)
	titles := make([]string, len(lenses))
	for i, lens := range lenses {
		titles[i] = lens.Command.Title
	}
	return titles
}

func (s *session) wantTitles(path string, want ...string) {
	s.t.Helper()
	if got := s.titles(path); strings.Join(got, "|") != strings.Join(want, "|") {
		s.t.Errorf("lenses %q, want %q", got, want)
	}
}

// wait waits for a message of a method that has the part, sent since a mark,
// and returns its parameters.
func (s *session) wait(since int, method, part string) string {
	s.t.Helper()
	message, err := s.Wait(s.ctx, since, func(message lspclient.Message) bool {
		return message.Method == method && strings.Contains(string(message.Params), part)
	})
	if err != nil {
		s.t.Fatalf("waiting for %s with %q: %v", method, part, err)
	}
	return string(message.Params)
}

// refreshed waits until the server asks for the lenses again.
func (s *session) refreshed(since int) {
	s.t.Helper()
	s.wait(since, protocol.MethodCodeLensRefresh, "")
}

// Each kind of lens and action has its switch, which the client sends at its
// start and whenever it changes; what it leaves out has its default.
func TestSwitches(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	path := write(t, root, "flow.py", double)
	s := open(t, root, map[string]any{"lenses": map[string]any{"run": false}})
	s.must(s.Open(s.ctx, path, "python"))
	s.wantTitles(path, "✎ Inputs")
	change := func(settings any) {
		t.Helper()
		mark := s.Mark()
		s.must(s.Notify(s.ctx, "workspace/didChangeConfiguration", map[string]any{"settings": settings}))
		s.refreshed(mark)
	}
	change(map[string]any{"flyte": map[string]any{"lenses": map[string]any{"inputs": false}}})
	s.wantTitles(path, "▶ Run locally", "▶ Run remote")
	actions := func() []string {
		return (&markedFile{session: s, path: path}).actions(4)
	}
	if got := actions(); len(got) != 4 {
		t.Errorf("code actions %q: the switches of lenses aren't theirs", got)
	}
	change(map[string]any{"codeActions": map[string]any{"run": false, "refactor": false}})
	s.wantTitles(path, "▶ Run locally", "▶ Run remote", "✎ Inputs")
	if got := actions(); len(got) != 0 {
		t.Errorf("code actions %q, want none", got)
	}
	// What can't be read is told and has its default; the rest counts.
	mark := s.Mark()
	change(map[string]any{"lenses": "none", "codeActions": map[string]any{"run": false, "refactor": false}})
	s.wait(mark, protocol.MethodWindowShowMessage, "flyte.lenses can't be a string")
	s.wantTitles(path, "▶ Run locally", "▶ Run remote", "✎ Inputs")
	if got := actions(); len(got) != 0 {
		t.Errorf("code actions %q, want none", got)
	}
	mark = s.Mark()
	s.must(s.Notify(s.ctx, "workspace/didChangeConfiguration", map[string]any{"settings": []any{}}))
	s.wait(mark, protocol.MethodWindowLogMessage, "the settings stay as they were")
	if got := actions(); len(got) != 0 {
		t.Errorf("code actions %q, want none", got)
	}
}

// Wrong settings at the start cost only themselves, and the user is told.
func TestWrongSettingsAtStart(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	path := write(t, root, "flow.py", double)
	s := open(t, root, map[string]any{"rules": "off", "lenses": map[string]any{"run": false}})
	s.wait(0, protocol.MethodWindowShowMessage, "flyte.rules can't be a string")
	s.wantTitles(path, "✎ Inputs")
}

// A client that can be asked for its settings is asked, at the start and when
// they change.
func TestPulledSettings(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	path := write(t, root, "flow.py", double)
	s := connect(t, root, t.TempDir(), "")
	var settings atomic.Value
	settings.Store(map[string]any{"lenses": map[string]any{"inputs": false}})
	s.Settings = func() map[string]any { return settings.Load().(map[string]any) }
	mark := s.Mark()
	s.must(s.Initialize(s.ctx, root, nil))
	t.Cleanup(s.close)
	s.wait(mark, protocol.MethodClientRegisterCapability, protocol.MethodWorkspaceDidChangeConfiguration)
	s.refreshed(mark)
	s.wantTitles(path, "▶ Run locally", "▶ Run remote")
	settings.Store(map[string]any{"lenses": map[string]any{"run": false}})
	mark = s.Mark()
	s.must(s.Notify(s.ctx, "workspace/didChangeConfiguration", map[string]any{"settings": nil}))
	s.refreshed(mark)
	s.wantTitles(path, "✎ Inputs")
}

// What isn't a file on this machine, or isn't there, costs one answer.
func TestDocumentsThatAreNone(t *testing.T) {
	t.Parallel()
	s := open(t, t.TempDir(), nil)
	s.must(s.Notify(s.ctx, "textDocument/didOpen", map[string]any{"textDocument": map[string]any{
		"uri": "untitled:Untitled-1", "languageId": "python", "version": 1, "text": double,
	}}))
	var lenses []protocol.CodeLens
	s.must(s.Call(s.ctx, "textDocument/codeLens", map[string]any{"textDocument": map[string]any{"uri": "untitled:Untitled-1"}}, &lenses))
	if len(lenses) != 0 {
		t.Errorf("lenses %v of a document that is no file", lenses)
	}
	missing := filepath.Join(s.root, "missing.py")
	if _, err := s.Lenses(s.ctx, missing); err == nil || !strings.Contains(err.Error(), missing) {
		t.Errorf("lenses of a file that isn't there: %v", err)
	}
	s.must(s.Replace(s.ctx, missing, 2, wholeText(""), "x")) // never opened
	path := write(t, s.root, "flow.py", double)
	s.wantTitles(path, "▶ Run locally", "▶ Run remote", "✎ Inputs")
}
