package lsp

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"time"

	"go.lsp.dev/protocol"

	"github.com/flyte-lsp/flyte-lsp/codelens"
	"github.com/flyte-lsp/flyte-lsp/runs"
)

// createTimeout bounds the wait for a client to make a progress display: one
// that doesn't answer goes without.
const createTimeout = 3 * time.Second

// progressPrefix starts the progress tokens of runs; the run's id follows.
const progressPrefix = "flyte-run-"

// A follower shows one run to the client while it goes on, and how it ended.
// The run's goroutine leaves each state with observe and never waits for the
// client: of more than maxBehind states that the client hasn't taken, the
// oldest are skipped.
type follower struct {
	server *Server
	wake   chan struct{}

	mu     sync.Mutex
	states []runs.Run // not shown yet
}

const maxBehind = 32

// followRun shows a run that goes on, and returns what observes it.
func (s *Server) followRun(run runs.Run) (observe func(runs.Run)) {
	f := newFollower(s)
	s.background(func(ctx context.Context) { f.follow(ctx, run) })
	return f.observe
}

func newFollower(s *Server) *follower {
	return &follower{server: s, wake: make(chan struct{}, 1)}
}

func (f *follower) observe(run runs.Run) {
	f.mu.Lock()
	f.states = append(f.states[max(0, len(f.states)+1-maxBehind):], run)
	f.mu.Unlock()
	select {
	case f.wake <- struct{}{}:
	default: // it is awake
	}
}

// follow shows the run until it has ended or ctx ends. run is its first state.
func (f *follower) follow(ctx context.Context, run runs.Run) {
	s := f.server
	s.refresh.request()
	progress := s.beginProgress(ctx, &run)
	defer func() { progress.end(ctx, &run) }()
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for !run.Done() {
		select {
		case <-ctx.Done():
			return
		case <-tick.C: // the lens counts the seconds
		case <-f.wake:
			f.mu.Lock()
			states := f.states
			f.states = nil
			f.mu.Unlock()
			for _, run = range states {
				progress.report(ctx, &run)
			}
			s.refreshGraph.request()
		}
		s.refresh.request()
	}
	s.refreshHints.request()
	s.diagnostics.ran(ctx, &run)
	s.tell(ctx, &run)
}

// tell shows what a diagnostic or a lens doesn't.
func (s *Server) tell(ctx context.Context, run *runs.Run) {
	s.log.Info(fmt.Sprintf("%s run of %s: %s", run.Target, run.Entity, run.Phase), "run", run.ID, "log", run.Log)
	if run.Warning != "" {
		s.client.show(ctx, protocol.MessageTypeWarning, run.Warning)
	}
	if run.Failure != nil && run.Failure.Kind != runs.FailureRun {
		s.client.show(ctx, protocol.MessageTypeError, fmt.Sprintf("%s didn't run: %s", run.Entity, run.Failure.Message))
	}
}

// progress is the client's progress display of one run, nil if it has none.
type progress struct {
	client *client
	token  string
	phase  string
}

func (s *Server) beginProgress(ctx context.Context, run *runs.Run) *progress {
	if !s.capabilities.Window.WorkDoneProgress {
		return nil
	}
	token := progressPrefix + run.ID
	createCtx, done := context.WithTimeout(ctx, createTimeout)
	defer done()
	if err := s.client.call(createCtx, protocol.MethodWorkDoneProgressCreate, map[string]any{"token": token}, nil); err != nil {
		if ctx.Err() == nil {
			s.log.Warn("the client didn't make a progress display: " + err.Error())
		}
		return nil
	}
	p := &progress{client: s.client, token: token}
	p.send(ctx, protocol.WorkDoneProgressBegin{
		Kind: protocol.WorkDoneProgressKindBegin, Title: fmt.Sprintf("Flyte %s: %s", run.Target, run.Entity),
		Cancellable: true, Message: run.Phase,
	})
	return p
}

func (p *progress) report(ctx context.Context, run *runs.Run) {
	if p == nil || run.Phase == p.phase || run.Done() {
		return
	}
	p.phase = run.Phase
	p.send(ctx, protocol.WorkDoneProgressReport{Kind: protocol.WorkDoneProgressKindReport, Cancellable: true, Message: run.Phase})
}

func (p *progress) end(ctx context.Context, run *runs.Run) {
	if p == nil {
		return
	}
	message := run.Phase
	if run.Done() {
		message = codelens.Outcome(run, "", time.Now())
	}
	p.send(ctx, protocol.WorkDoneProgressEnd{Kind: protocol.WorkDoneProgressKindEnd, Message: message})
}

func (p *progress) send(ctx context.Context, value any) {
	// protocol.ProgressToken is written as {} where it is part of a value.
	p.client.notify(ctx, protocol.MethodProgress, map[string]any{"token": p.token, "value": value})
}

// cancelProgress cancels the run whose progress display the user cancelled.
func (s *Server) cancelProgress(_ context.Context, params *protocol.WorkDoneProgressCancelParams) error {
	if id, ok := strings.CutPrefix(params.Token.String(), progressPrefix); ok {
		s.runs.Cancel(id)
	}
	return nil
}
