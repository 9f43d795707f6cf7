// Package lspclient is a client of the Language Server Protocol as an editor
// is one, for the demo, the tests and the benchmarks.
package lspclient

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"go.lsp.dev/jsonrpc2"
	"go.lsp.dev/protocol"
)

// Client is one connection to a server. What the server sends on its own is
// kept, and Wait waits for it.
type Client struct {
	conn jsonrpc2.Conn
	stop func() error
	pid  int // 0 where the server is no child

	// Answer, if set, chooses the answer to window/showMessageRequest.
	Answer func(message string, actions []string) (chosen string)
	// Settings, if set, are what the server gets when it asks for the section
	// "flyte"; without, the client can't be asked. Set it before Initialize.
	Settings func() map[string]any
	// Adjust, if set, changes what the client says that it can. Set it before
	// Initialize.
	Adjust func(textDocument, workspace map[string]any)
	// PositionEncodings, if set, are what the server may count positions in, best
	// first. Set them before Initialize.
	PositionEncodings []string
	// PositionEncoding is what the server has chosen, "" for "utf-16".
	PositionEncoding string

	mu       sync.Mutex
	received []Message
	arrived  chan struct{} // closed and replaced at each message
}

var errGone = errors.New("the server went away")

// Message is a notification or request that the server sent.
type Message struct {
	Method string
	Params json.RawMessage
	At     time.Time
}

// Start starts a server as an editor does, as a child that speaks over stdin
// and stdout, and initializes it. Its stderr goes to stderr.
func Start(ctx context.Context, command []string, env []string, stderr io.Writer, root string, settings map[string]any) (*Client, error) {
	cmd := exec.Command(command[0], command[1:]...)
	cmd.Env = append(os.Environ(), env...)
	cmd.Stderr = stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("start the server: %w", err)
	}
	client := New(ctx, pipe{out, in})
	client.stop, client.pid = cmd.Wait, cmd.Process.Pid
	if err := client.Initialize(ctx, root, settings); err != nil {
		return nil, errors.Join(err, client.Close(ctx))
	}
	return client, nil
}

type pipe struct {
	io.ReadCloser
	io.WriteCloser
}

func (p pipe) Close() error { return errors.Join(p.WriteCloser.Close(), p.ReadCloser.Close()) }

// New makes a client of the server at the other end of the stream, which
// isn't initialized yet.
func New(ctx context.Context, stream io.ReadWriteCloser) *Client {
	c := &Client{conn: jsonrpc2.NewConn(jsonrpc2.NewStream(stream)), arrived: make(chan struct{}), stop: func() error { return nil }}
	c.conn.Go(context.WithoutCancel(ctx), c.handle) // Close ends it, also when ctx has ended
	return c
}

// Initialize performs the handshake with an editor's capabilities.
func (c *Client) Initialize(ctx context.Context, root string, settings map[string]any) error {
	canAsk := c.Settings != nil
	textDocument := map[string]any{
		"publishDiagnostics": map[string]any{
			"relatedInformation": true, "versionSupport": true, "codeDescriptionSupport": true, "dataSupport": true,
			"tagSupport": map[string]any{"valueSet": []int{1, 2}},
		},
		"completion": map[string]any{
			"completionItem": map[string]any{"snippetSupport": true, "insertReplaceSupport": true},
		},
		"signatureHelp": map[string]any{
			"signatureInformation": map[string]any{"parameterInformation": map[string]any{"labelOffsetSupport": true}},
		},
		"rename": map[string]any{"prepareSupport": true},
		"codeAction": map[string]any{
			"isPreferredSupport": true, "dataSupport": true,
			"resolveSupport": map[string]any{"properties": []string{"edit"}},
		},
	}
	workspace := map[string]any{
		"workspaceEdit": map[string]any{
			"documentChanges": true, "resourceOperations": []string{"create", "rename", "delete"},
			"changeAnnotationSupport": map[string]any{"groupsOnLabel": true},
		},
		"fileOperations":         map[string]any{"willRename": true},
		"codeLens":               map[string]any{"refreshSupport": true},
		"configuration":          canAsk,
		"didChangeConfiguration": map[string]any{"dynamicRegistration": canAsk},
	}
	if c.Adjust != nil {
		c.Adjust(textDocument, workspace)
	}
	params := map[string]any{
		"processId": os.Getpid(), "rootUri": URI(root),
		"workspaceFolders":      []any{map[string]any{"uri": URI(root), "name": filepath.Base(root)}},
		"initializationOptions": map[string]any{"flyte": settings},
		"capabilities": map[string]any{
			"general":      map[string]any{"positionEncodings": c.PositionEncodings},
			"window":       map[string]any{"workDoneProgress": true, "showDocument": map[string]any{"support": true}},
			"textDocument": textDocument,
			"workspace":    workspace,
			"experimental": map[string]any{"flyteGraph": map[string]any{"refreshSupport": true}},
		},
	}
	var result struct {
		Capabilities struct {
			PositionEncoding string `json:"positionEncoding"`
		} `json:"capabilities"`
	}
	if err := c.Call(ctx, "initialize", params, &result); err != nil {
		return fmt.Errorf("initialize: %w", err)
	}
	c.PositionEncoding = result.Capabilities.PositionEncoding
	return c.Notify(ctx, "initialized", map[string]any{})
}

// Close shuts the server down and waits for it.
func (c *Client) Close(ctx context.Context) error {
	err := c.Call(ctx, "shutdown", nil, nil)
	if err == nil {
		err = c.Notify(ctx, "exit", nil)
	}
	if err != nil {
		err = errors.Join(err, c.conn.Close())
	}
	<-c.conn.Done() // the server closes the connection, which ends ours
	return errors.Join(err, c.stop())
}

// Hangup ends the connection without a word, as an editor that crashed.
func (c *Client) Hangup() error { return errors.Join(c.conn.Close(), c.stop()) }

// PID is the process of a server that Start started.
func (c *Client) PID() int { return c.pid }

// Call sends a request and waits for its answer; result may be nil. When ctx
// ends, the server is told to stop. It fails when the connection ends.
func (c *Client) Call(ctx context.Context, method string, params, result any) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	go func() {
		select {
		case <-c.conn.Done():
			cancel(errGone)
		case <-ctx.Done():
		}
	}()
	err := protocol.Call(ctx, c.conn, method, params, result)
	if err != nil && context.Cause(ctx) == errGone {
		return errGone
	}
	return err
}

// Notify sends a notification.
func (c *Client) Notify(ctx context.Context, method string, params any) error {
	return c.conn.Notify(ctx, method, params)
}

func (c *Client) handle(ctx context.Context, reply jsonrpc2.Replier, req jsonrpc2.Request) error {
	c.mu.Lock()
	c.received = append(c.received, Message{Method: req.Method(), Params: slices.Clone(req.Params()), At: time.Now()})
	close(c.arrived)
	c.arrived = make(chan struct{})
	c.mu.Unlock()
	// Not from here: a server that doesn't read while it writes would wait for
	// us, and we for it. A failed answer means that the connection ends, which
	// its users notice.
	go func() { _ = reply(ctx, c.answer(req), nil) }()
	return nil
}

// answer is what an editor says to a request.
func (c *Client) answer(req jsonrpc2.Request) any {
	switch req.Method() {
	case protocol.MethodWorkspaceConfiguration:
		if c.Settings == nil {
			return []any{nil}
		}
		return []any{c.Settings()}
	case "window/showDocument":
		return map[string]any{"success": true}
	case protocol.MethodWindowShowMessageRequest:
		var asked protocol.ShowMessageRequestParams
		if json.Unmarshal(req.Params(), &asked) != nil || c.Answer == nil {
			return nil
		}
		titles := make([]string, len(asked.Actions))
		for i, action := range asked.Actions {
			titles[i] = action.Title
		}
		if chosen := c.Answer(asked.Message, titles); chosen != "" {
			return protocol.MessageActionItem{Title: chosen}
		}
	}
	return nil
}

// Mark is a moment in what was received.
func (c *Client) Mark() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.received)
}

// Received are the messages since a mark.
func (c *Client) Received(since int) []Message {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.received[since:])
}

// Wait returns the first message since a mark for which match is true. It ends
// with an error when the connection or ctx does.
func (c *Client) Wait(ctx context.Context, since int, match func(Message) bool) (Message, error) {
	for {
		c.mu.Lock()
		received, arrived := c.received[since:], c.arrived
		c.mu.Unlock()
		for _, message := range received {
			if match(message) {
				return message, nil
			}
		}
		since += len(received)
		select {
		case <-arrived:
		case <-c.conn.Done():
			return Message{}, fmt.Errorf("the server went away: %w", c.conn.Err())
		case <-ctx.Done():
			return Message{}, ctx.Err()
		}
	}
}

// CellScheme is the scheme of the URIs of notebooks' cells, as VS Code has it.
const CellScheme = "vscode-notebook-cell"

// URI is the URI of a file. That of a cell is given, and stays.
func URI(path string) string {
	if strings.HasPrefix(path, CellScheme+":") {
		return path
	}
	return (&url.URL{Scheme: "file", Path: path}).String()
}

// Open opens a document with the text of its file.
func (c *Client) Open(ctx context.Context, path, language string) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	return c.OpenText(ctx, path, language, string(text))
}

// OpenText opens a document with a text.
func (c *Client) OpenText(ctx context.Context, path, language, text string) error {
	return c.Notify(ctx, "textDocument/didOpen", map[string]any{"textDocument": map[string]any{
		"uri": URI(path), "languageId": language, "version": 1, "text": text,
	}})
}

// Replace changes a range of an open document.
func (c *Client) Replace(ctx context.Context, path string, version int, at protocol.Range, text string) error {
	return c.Notify(ctx, "textDocument/didChange", map[string]any{
		"textDocument":   map[string]any{"uri": URI(path), "version": version},
		"contentChanges": []any{map[string]any{"range": at, "text": text}},
	})
}

// Lenses fetches a document's code lenses.
func (c *Client) Lenses(ctx context.Context, path string) ([]protocol.CodeLens, error) {
	var lenses []protocol.CodeLens
	err := c.Call(ctx, "textDocument/codeLens", document(path), &lenses)
	return lenses, err
}

// Hover fetches the hover at a position, "" if there is none.
func (c *Client) Hover(ctx context.Context, path string, at protocol.Position) (string, error) {
	params := document(path)
	params["position"] = at
	var hover *protocol.Hover
	if err := c.Call(ctx, "textDocument/hover", params, &hover); err != nil || hover == nil {
		return "", err
	}
	return hover.Contents.Value, nil
}

// Actions fetches the code actions at a range: those of a kind, or, if that is
// empty, those that a client offers unasked.
func (c *Client) Actions(ctx context.Context, path string, at protocol.Range, kind protocol.CodeActionKind) ([]protocol.CodeAction, error) {
	params := document(path)
	asked := map[string]any{"diagnostics": []any{}}
	if kind != "" {
		asked["only"] = []protocol.CodeActionKind{kind}
	}
	params["range"], params["context"] = at, asked
	var actions []protocol.CodeAction
	err := c.Call(ctx, "textDocument/codeAction", params, &actions)
	return actions, err
}

// Edit is the edit of a code action, which the server is asked for if it left
// it out.
func (c *Client) Edit(ctx context.Context, action protocol.CodeAction) (*protocol.WorkspaceEdit, error) {
	if action.Edit != nil {
		return action.Edit, nil
	}
	var resolved protocol.CodeAction
	err := c.Call(ctx, "codeAction/resolve", action, &resolved)
	return resolved.Edit, err
}

// Press executes a lens's command, as a click does; result may be nil.
func (c *Client) Press(ctx context.Context, lens protocol.CodeLens, result any) error {
	return c.Call(ctx, "workspace/executeCommand", map[string]any{
		"command": lens.Command.Command, "arguments": lens.Command.Arguments,
	}, result)
}

// Diagnostics waits for the diagnostics of a document's version, published
// since a mark.
func (c *Client) Diagnostics(ctx context.Context, since int, path string, version int) ([]protocol.Diagnostic, error) {
	var published protocol.PublishDiagnosticsParams
	_, err := c.Wait(ctx, since, func(message Message) bool {
		if message.Method != protocol.MethodTextDocumentPublishDiagnostics {
			return false
		}
		published = protocol.PublishDiagnosticsParams{}
		return json.Unmarshal(message.Params, &published) == nil &&
			string(published.URI) == URI(path) && int(published.Version) == version
	})
	return published.Diagnostics, err
}

func document(path string) map[string]any {
	return map[string]any{"textDocument": map[string]any{"uri": URI(path)}}
}
