package lsp

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"testing"

	"go.lsp.dev/jsonrpc2"
	"go.lsp.dev/protocol"

	"github.com/flyte-lsp/flyte-lsp/workspace"
)

// A request is answered as soon as it is cancelled, also while its method
// doesn't notice. The method's own answer is dropped, and the server waits for
// it before it ends.
func TestCancelledRequestIsAnsweredAtOnce(t *testing.T) {
	s := &Server{workspace: workspace.New(), ctx: t.Context(), log: slog.New(slog.DiscardHandler)}
	s.phase.Store(phaseInitialized)
	d := s.newDispatcher()
	end := make(chan struct{})
	d.methods = map[string]method{"busy": {handle: func(*Server, context.Context, *workspace.Snapshot, json.RawMessage) (any, error) {
		<-end
		return "too late", nil
	}}}
	answers := make(chan error, 2)
	reply := func(_ context.Context, _ any, err error) error {
		answers <- err
		return nil
	}
	call, err := jsonrpc2.NewCall(jsonrpc2.NewNumberID(7), "busy", nil)
	if err != nil {
		t.Fatal(err)
	}
	cancel, err := jsonrpc2.NewNotification("$/cancelRequest", map[string]any{"id": 7})
	if err != nil {
		t.Fatal(err)
	}
	for _, message := range []jsonrpc2.Request{call, cancel} {
		if err := d.handle(t.Context(), reply, message); err != nil {
			t.Fatal(err)
		}
	}
	if err := <-answers; !errors.Is(err, protocol.ErrRequestCancelled) {
		t.Errorf("the answer is %v, want RequestCancelled", err)
	}
	close(end)
	s.tasks.Wait()
	if len(answers) > 0 {
		t.Errorf("a second answer: %v", <-answers)
	}
}

// Edits for a document that was edited meanwhile are refused where the client
// couldn't tell.
func TestStaleEditsAreRefused(t *testing.T) {
	for _, versioned := range []bool{false, true} {
		s := &Server{workspace: workspace.New(), log: slog.New(slog.DiscardHandler)}
		s.capabilities.Workspace.WorkspaceEdit.DocumentChanges = versioned
		s.workspace.Open("/flow.py", 1, []byte("x = 1\n"))
		d := s.newDispatcher()
		change := false
		slow := edits(method{handle: func(s *Server, _ context.Context, _ *workspace.Snapshot, _ json.RawMessage) (any, error) {
			if change {
				return "edits", s.workspace.Change("/flow.py", 2, []workspace.Change{{Text: ""}})
			}
			return "edits", nil
		}})
		call, err := jsonrpc2.NewCall(jsonrpc2.NewNumberID(1), "slow", nil)
		if err != nil {
			t.Fatal(err)
		}
		if result, err := d.call(t.Context(), slow, s.workspace.Snapshot(), call); result != "edits" || err != nil {
			t.Errorf("without a change: %v, %v", result, err)
		}
		change = true
		result, err := d.call(t.Context(), slow, s.workspace.Snapshot(), call)
		var coded *jsonrpc2.Error
		if refused := errors.As(err, &coded) && coded.Code == protocol.CodeContentModified; refused == versioned {
			t.Errorf("with a change, to a client that takes versions (%t): %v, %v", versioned, result, err)
		}
	}
}
