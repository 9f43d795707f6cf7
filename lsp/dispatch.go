package lsp

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"runtime/debug"
	"slices"
	"sync"

	"go.lsp.dev/jsonrpc2"
	"go.lsp.dev/protocol"

	"github.com/flyte-lsp/flyte-lsp/workspace"
)

// A method answers one method of the protocol. Its result is of no interest
// for a notification.
type method struct {
	notification bool
	edits        bool // the answer has edits, see edits
	handle       func(s *Server, ctx context.Context, snapshot *workspace.Snapshot, params json.RawMessage) (any, error)
}

// methods are those that the server answers, in the specification's order.
var methods = map[string]method{
	"initialize":                          request((*Server).initialize),
	"initialized":                         notification((*Server).initialized),
	"shutdown":                            request((*Server).shutdown),
	"$/setTrace":                          notification((*Server).setTrace),
	"textDocument/didOpen":                notification((*Server).didOpen),
	"textDocument/didChange":              notification((*Server).didChange),
	"textDocument/didSave":                notification((*Server).didSave),
	"textDocument/didClose":               notification((*Server).didClose),
	"notebookDocument/didOpen":            notification((*Server).didOpenNotebook),
	"notebookDocument/didChange":          notification((*Server).didChangeNotebook),
	"notebookDocument/didSave":            notification((*Server).didSaveNotebook),
	"notebookDocument/didClose":           notification((*Server).didCloseNotebook),
	"textDocument/completion":             request((*Server).completion),
	"completionItem/resolve":              request((*Server).resolveCompletionItem),
	"textDocument/signatureHelp":          request((*Server).signatureHelp),
	"textDocument/hover":                  request((*Server).hover),
	"textDocument/declaration":            request((*Server).definition),
	"textDocument/definition":             request((*Server).definition),
	"textDocument/typeDefinition":         request((*Server).typeDefinition),
	"textDocument/implementation":         request((*Server).implementation),
	"textDocument/references":             request((*Server).references),
	"textDocument/documentHighlight":      request((*Server).documentHighlight),
	"textDocument/prepareCallHierarchy":   request((*Server).prepareCallHierarchy),
	"callHierarchy/incomingCalls":         request((*Server).incomingCalls),
	"callHierarchy/outgoingCalls":         request((*Server).outgoingCalls),
	"textDocument/documentSymbol":         request((*Server).documentSymbol),
	"textDocument/documentLink":           request((*Server).documentLink),
	"textDocument/codeLens":               request((*Server).codeLens),
	"textDocument/codeAction":             edits(request((*Server).codeAction)),
	"codeAction/resolve":                  edits(request((*Server).resolveCodeAction)),
	"textDocument/inlayHint":              request((*Server).inlayHint),
	"textDocument/inlineValue":            request((*Server).inlineValue),
	"textDocument/diagnostic":             request((*Server).documentDiagnostic),
	"workspace/symbol":                    request((*Server).workspaceSymbol),
	"workspace/diagnostic":                request((*Server).workspaceDiagnostic),
	"textDocument/prepareRename":          request((*Server).prepareRename),
	"textDocument/rename":                 edits(request((*Server).rename)),
	"workspace/willRenameFiles":           edits(request((*Server).willRenameFiles)),
	"workspace/didChangeConfiguration":    notification((*Server).didChangeConfiguration),
	"workspace/didChangeWorkspaceFolders": notification((*Server).didChangeWorkspaceFolders),
	"workspace/didChangeWatchedFiles":     notification((*Server).didChangeWatchedFiles),
	"flyte/graph":                         request((*Server).graph),
	"workspace/executeCommand":            request((*Server).executeCommand),
	"window/workDoneProgress/cancel":      notification((*Server).cancelProgress),
}

func request[P, R any](f func(*Server, context.Context, *workspace.Snapshot, *P) (R, error)) method {
	return method{handle: func(s *Server, ctx context.Context, snapshot *workspace.Snapshot, raw json.RawMessage) (any, error) {
		params, err := decode[P](raw)
		if err != nil {
			return nil, err
		}
		return f(s, ctx, snapshot, params)
	}}
}

// edits marks a method that answers with edits. A client that doesn't take their
// versions would make them at a wrong place in a document that it has edited
// meanwhile: it gets ContentModified.
func edits(m method) method {
	m.edits = true
	return m
}

func notification[P any](f func(*Server, context.Context, *P) error) method {
	return method{notification: true, handle: func(s *Server, ctx context.Context, _ *workspace.Snapshot, raw json.RawMessage) (any, error) {
		params, err := decode[P](raw)
		if err != nil {
			return nil, err
		}
		return nil, f(s, ctx, params)
	}}
}

// decode reads params, which may be absent or null for methods that have none.
func decode[P any](raw json.RawMessage) (*P, error) {
	params := new(P)
	if len(raw) == 0 {
		return params, nil
	}
	if err := json.Unmarshal(raw, params); err != nil {
		return nil, jsonrpc2.Errorf(jsonrpc2.InvalidParams, "the parameters can't be read: %s", err)
	}
	return params, nil
}

// A dispatcher hands the connection's messages to the methods. Its handle is
// called for one message after another: what it does itself happens in order.
// handle returns no error: jsonrpc2 takes one for the connection's end, which
// it then panics over when the connection really ends.
type dispatcher struct {
	server  *Server
	methods map[string]method

	mu      sync.Mutex
	running map[jsonrpc2.ID]context.CancelFunc
}

func (s *Server) newDispatcher() *dispatcher {
	return &dispatcher{server: s, methods: methods, running: map[jsonrpc2.ID]context.CancelFunc{}}
}

func (d *dispatcher) handle(ctx context.Context, reply jsonrpc2.Replier, req jsonrpc2.Request) error {
	s := d.server
	call, isCall := req.(*jsonrpc2.Call)
	switch req.Method() {
	case "exit":
		_ = s.client.conn.Close() // its end makes Serve return
		return nil
	case "$/cancelRequest":
		d.cancel(req.Params())
		return nil
	}
	if err := s.admits(req.Method(), isCall); err != nil {
		if !isCall {
			return nil // the specification has early notifications dropped
		}
		d.answer(ctx, reply, req, nil, err)
		return nil
	}
	m, known := d.methods[req.Method()]
	switch {
	case !known && isCall:
		d.answer(ctx, reply, req, nil, jsonrpc2.Errorf(jsonrpc2.MethodNotFound, "flyte-lsp doesn't have the method %s", req.Method()))
		return nil
	case !known:
		return nil // an unknown notification is of no consequence
	case !isCall || m.notification:
		if _, err := d.call(ctx, m, s.workspace.Snapshot(), req); err != nil {
			s.log.Error(err.Error(), "method", req.Method())
		}
		d.answer(ctx, reply, req, nil, nil) // which does nothing for a notification
		return nil
	case req.Method() == "initialize" || req.Method() == "shutdown":
		// What comes after these depends on them.
		result, err := d.call(ctx, m, s.workspace.Snapshot(), req)
		d.answer(ctx, reply, req, result, err)
		return nil
	}
	snapshot := s.workspace.Snapshot()
	callCtx, cancel := context.WithCancel(ctx)
	d.mu.Lock()
	d.running[call.ID()] = cancel
	d.mu.Unlock()
	type answer struct {
		result any
		err    error
	}
	answered := make(chan answer, 1)
	s.background(func(context.Context) {
		result, err := d.call(callCtx, m, snapshot, req)
		answered <- answer{result, err}
	})
	s.background(func(context.Context) {
		defer cancel()
		var made answer
		select {
		case made = <-answered:
		case <-callCtx.Done():
		}
		d.mu.Lock()
		delete(d.running, call.ID())
		d.mu.Unlock()
		if callCtx.Err() != nil {
			// At once, also if the method takes its time to notice.
			made = answer{err: protocol.ErrRequestCancelled}
		}
		d.answer(ctx, reply, req, made.result, made.err)
	})
	return nil
}

// answer replies to a request.
func (d *dispatcher) answer(ctx context.Context, reply jsonrpc2.Replier, req jsonrpc2.Request, result any, err error) {
	if err := reply(ctx, result, err); err != nil && ctx.Err() == nil {
		d.server.options.Log.Error("the answer can't be sent: "+err.Error(), "method", req.Method())
	}
}

// call calls the method; a panic in it costs this one answer.
func (d *dispatcher) call(ctx context.Context, m method, snapshot *workspace.Snapshot, req jsonrpc2.Request) (result any, err error) {
	defer func() {
		if cause := recover(); cause != nil {
			d.server.log.Error(fmt.Sprintf("panic in %s: %v\n%s", req.Method(), cause, debug.Stack()))
			result, err = nil, jsonrpc2.Errorf(jsonrpc2.InternalError, "flyte-lsp failed at %s: %v. Its log has the details", req.Method(), cause)
		}
	}()
	inputs := d.server.inputs.openVersions()
	if m.notification {
		result, err = m.handle(d.server, ctx, snapshot, req.Params())
	} else {
		result, err = d.server.throughCells(ctx, m, snapshot, req)
	}
	if err == nil && m.edits && !d.server.capabilities.Workspace.WorkspaceEdit.DocumentChanges && d.server.edited(snapshot, inputs) {
		return nil, jsonrpc2.NewError(protocol.CodeContentModified, "a document was edited meanwhile: ask again")
	}
	var coded *jsonrpc2.Error
	if err != nil && !errors.As(err, &coded) {
		err = jsonrpc2.NewError(codeRequestFailed, err.Error())
	}
	return result, err
}

// edited tells whether a document was edited since a snapshot, or since the inputs
// documents had these versions.
func (s *Server) edited(since *workspace.Snapshot, inputs map[string]int32) bool {
	return !maps.Equal(inputs, s.inputs.openVersions()) || slices.ContainsFunc(s.workspace.Snapshot().OpenFiles(), func(file *workspace.File) bool {
		return file.Version != since.Version(file.Path)
	})
}

// cancel ends the request that the parameters of $/cancelRequest name.
func (d *dispatcher) cancel(params json.RawMessage) {
	var named struct {
		ID jsonrpc2.ID `json:"id"`
	}
	if err := json.Unmarshal(params, &named); err != nil {
		d.server.log.Warn("$/cancelRequest names no request: " + err.Error())
		return
	}
	d.mu.Lock()
	cancel := d.running[named.ID]
	d.mu.Unlock()
	if cancel != nil {
		cancel()
	}
}
