package runs

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"slices"
	"sync"
	"time"

	"github.com/flyte-lsp/flyte-lsp/local"
	"github.com/flyte-lsp/flyte-lsp/parser"
)

// Settings are what a user has chosen about runs.
type Settings struct {
	// Python is the interpreter to use; empty: it is looked for.
	Python string
	// Config is Flyte's configuration file, or SandboxConfig; empty: it is
	// looked for as flytekit does, and where there is none the sandbox is used.
	Config string
	// Project and Domain are where a remote run is registered; empty: the
	// configuration's, else flytesnacks and development as in flytekit.
	Project, Domain string
}

// SandboxConfig is the Settings.Config that sends remote runs to the sandbox,
// whatever configuration there is.
const SandboxConfig = "sandbox"

// Options are what a Manager works with.
type Options struct {
	Store *Store
	Pool  *local.Pool
	Log   *slog.Logger
	// Executable is the flyte-lsp binary, which a sandbox is started from.
	Executable string
	// ConfirmSandbox is asked before a sandbox is started because there is no
	// configuration. Nil: it is started.
	ConfirmSandbox func(ctx context.Context) (bool, error)
}

// Manager starts, watches and cancels runs. It owns their goroutines.
type Manager struct {
	options Options

	mu      sync.Mutex
	active  map[string]*active
	closing bool
	wg      sync.WaitGroup
}

// active is a run that goes on. Its state is changed by its own goroutine
// only, through update.
type active struct {
	observe func(Run)
	cancel  context.CancelCauseFunc
	done    chan struct{}

	mu  sync.Mutex
	run Run
}

// errCancelled is the cause of a context that a person cancelled, errClosing
// that of one that ends with the server.
var (
	errCancelled = errors.New("cancelled")
	errClosing   = errors.New("the server ends")
)

// NewManager returns a manager without runs.
func NewManager(options Options) *Manager {
	return &Manager{options: options, active: map[string]*active{}}
}

// Start begins a run and returns its first state. Each later state goes to
// observe, in order and one at a time; the last one is Done. The run goes on
// when ctx ends.
func (m *Manager) Start(ctx context.Context, request Request, settings Settings, observe func(Run)) (Run, error) {
	if parser.IsNotebook(request.File) {
		return Run{}, fmt.Errorf("%s is a notebook, which flytekit can't import: call %s in one of its cells, or move it to a Python file", request.File, request.Entity)
	}
	inputs := make(map[string]json.RawMessage, len(request.Inputs))
	for name, value := range request.Inputs {
		text, err := json.Marshal(value)
		if err != nil {
			return Run{}, fmt.Errorf("input %s: %w", name, err)
		}
		inputs[name] = text
	}
	id := time.Now().UTC().Format("20060102-150405-") + rand.Text()[:8]
	run := Run{
		ID: id, File: request.File, Entity: request.Entity, Target: request.Target,
		State: Running, Phase: "starting", Inputs: inputs, InputsFrom: request.InputsFrom,
		Started: time.Now(), Log: m.options.Store.LogPath(id), SourceHash: request.SourceHash,
	}
	// The log is there from the start, so that it can be opened and followed.
	logErr := os.WriteFile(run.Log, nil, 0o600)
	body := func(ctx context.Context, a *active) error {
		if logErr != nil {
			return &local.LogError{Path: run.Log, Err: logErr}
		}
		if request.Target == Remote {
			return m.runRemote(ctx, a, request, settings)
		}
		return m.runLocal(ctx, a, request, settings)
	}
	if err := m.begin(context.WithoutCancel(ctx), run, observe, body); err != nil {
		return Run{}, err
	}
	return run, nil
}

// begin runs the body in a goroutine of its own and follows it to its end.
func (m *Manager) begin(ctx context.Context, run Run, observe func(Run), body func(context.Context, *active) error) error {
	ctx, cancel := context.WithCancelCause(ctx)
	a := &active{observe: observe, cancel: cancel, done: make(chan struct{}), run: run}
	m.mu.Lock()
	if m.closing {
		m.mu.Unlock()
		cancel(errClosing)
		return errClosing
	}
	m.active[run.ID] = a
	m.wg.Add(1)
	m.mu.Unlock()
	m.save(ctx, &run)
	go func() {
		defer m.wg.Done()
		defer close(a.done)
		defer cancel(nil)
		err := body(ctx, a)
		m.end(ctx, a, err)
		m.mu.Lock()
		delete(m.active, run.ID)
		m.mu.Unlock()
	}()
	return nil
}

// end records how the run ended, and tells.
func (m *Manager) end(ctx context.Context, a *active, err error) {
	cause := context.Cause(ctx)
	a.update(func(run *Run) {
		if errors.Is(cause, errClosing) && run.Target == Remote && run.Execution != nil && err != nil {
			return // the execution goes on: the next server takes the run over
		}
		run.Ended = time.Now()
		switch {
		case err == nil:
			run.State, run.Phase = Succeeded, "succeeded"
		case errors.Is(cause, errCancelled):
			run.State, run.Phase = Cancelled, "cancelled"
		case errors.Is(cause, errClosing):
			run.State, run.Phase = Lost, "the server ended before the run did"
		default:
			run.State, run.Phase = Failed, "failed"
			run.Failure = failureOf(err)
			run.Failure.Frames = asOpened(run.Failure.Frames, run.File)
		}
		m.save(context.WithoutCancel(ctx), run)
	})
}

// save remembers the run. A history that can't be written costs the memory of
// the run, never the run.
func (m *Manager) save(ctx context.Context, run *Run) {
	if err := m.options.Store.Save(ctx, run); err != nil {
		m.options.Log.Warn(err.Error(), "run", run.ID)
	}
}

// update changes the run's state and tells the observer.
func (a *active) update(change func(*Run)) {
	a.mu.Lock()
	defer a.mu.Unlock()
	change(&a.run)
	a.observe(a.run.clone())
}

func (a *active) snapshot() Run {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.run.clone()
}

// clone copies what update changes in place.
func (r *Run) clone() Run {
	run := *r
	run.Nodes = slices.Clone(r.Nodes)
	return run
}

// Cancel ends a run: a local one's process group is killed, a remote one's
// execution terminated. It returns at once, false if no such run goes on.
func (m *Manager) Cancel(id string) bool {
	m.mu.Lock()
	a := m.active[id]
	m.mu.Unlock()
	if a == nil {
		return false
	}
	a.cancel(errCancelled)
	return true
}

// Wait blocks until the run has ended, its last state has been observed, or
// ctx ends.
func (m *Manager) Wait(ctx context.Context, id string) error {
	m.mu.Lock()
	a := m.active[id]
	m.mu.Unlock()
	if a == nil {
		return nil
	}
	select {
	case <-a.done:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Get returns the run with this id as it is now, or nil.
func (m *Manager) Get(ctx context.Context, id string) (*Run, error) {
	m.mu.Lock()
	a := m.active[id]
	m.mu.Unlock()
	if a != nil {
		run := a.snapshot()
		return &run, nil
	}
	return m.options.Store.Get(ctx, id)
}

// Latest returns the newest run of each entity and target of the file, those
// that go on with their present state. Where the history can't be read, it is
// those that go on, and the error.
func (m *Manager) Latest(ctx context.Context, file string) ([]*Run, error) {
	latest, err := m.options.Store.Latest(ctx, file)
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, a := range m.active {
		run := a.snapshot()
		if run.File != file {
			continue
		}
		at := slices.IndexFunc(latest, func(other *Run) bool {
			return other.Entity == run.Entity && other.Target == run.Target
		})
		switch {
		case at < 0:
			latest = append(latest, &run)
		case !latest[at].Started.After(run.Started):
			latest[at] = &run
		}
	}
	return latest, err
}

// Close ends the local runs, leaves remote executions going, and waits for
// both. The pool and the store are the caller's.
func (m *Manager) Close() {
	m.mu.Lock()
	m.closing = true
	for _, a := range m.active {
		a.cancel(errClosing)
	}
	m.mu.Unlock()
	m.wg.Wait()
}
