package local

import (
	"context"
	"log/slog"
	"path/filepath"
	"strings"
	"sync"
)

// mostWorkers bounds the idle Pythons, which hold some 90 MB each.
const mostWorkers = 3

// Pool keeps a warm worker for each interpreter and environment: flytekit
// reads much of its environment while it is imported.
type Pool struct {
	log *slog.Logger

	mu      sync.Mutex
	workers map[string]*worker
	used    []string // keys of workers, the last used last
	running sync.WaitGroup
	closed  bool
}

// NewPool makes a pool without workers; they start with the first job.
func NewPool(log *slog.Logger) *Pool {
	return &Pool{log: log, workers: map[string]*worker{}}
}

// Close ends all workers and their jobs, and waits for their end.
func (p *Pool) Close() {
	p.mu.Lock()
	p.closed = true
	for _, w := range p.workers {
		w.close()
	}
	p.mu.Unlock()
	p.running.Wait()
}

// Warm starts the worker for jobs without an own Env ahead of the first one.
// Errors are those of Run that don't concern a job.
func (p *Pool) Warm(ctx context.Context, python string) error {
	_, err := p.worker(ctx, python, nil)
	return err
}

// worker returns a worker that is ready for a job.
func (p *Pool) worker(ctx context.Context, python string, env []string) (*worker, error) {
	w, err := p.find(python, env)
	if err != nil {
		return nil, err
	}
	if err := w.wait(ctx); err != nil {
		return nil, err
	}
	return w, nil
}

// find returns the worker of a key, a new one where the old one died or where
// packages were installed since.
func (p *Pool) find(python string, env []string) (*worker, error) {
	python, err := absolute(python)
	if err != nil {
		return nil, err
	}
	key := python + "\x00" + strings.Join(env, "\x00")
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return nil, &WorkerError{Problem: "the server is shutting down"}
	}
	w := p.workers[key]
	if w != nil && !w.usable() {
		w.retire()
		w = nil
	}
	if w == nil {
		if w, err = startWorker(p.log, python, env); err != nil {
			return nil, err
		}
		p.workers[key] = w
		p.running.Go(w.run)
	}
	p.touch(key)
	return w, nil
}

// touch notes the use of a key and lets go of workers that are used least.
func (p *Pool) touch(key string) {
	kept := p.used[:0]
	for _, other := range p.used {
		if other != key {
			kept = append(kept, other)
		}
	}
	p.used = append(kept, key)
	for len(p.used) > mostWorkers {
		p.workers[p.used[0]].retire()
		delete(p.workers, p.used[0])
		p.used = p.used[1:]
	}
}

// absolute keeps a symbolic link as it is: Python finds its virtual
// environment by the name it was started with.
func absolute(python string) (string, error) {
	if !strings.ContainsRune(python, filepath.Separator) {
		return python, nil // looked up on PATH
	}
	return filepath.Abs(python)
}
