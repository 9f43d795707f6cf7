// Package local runs tasks, workflows and launch plans on this machine, in
// the user's own Python, and compiles them for a backend with their flytekit.
package local

import (
	"context"
	"errors"
	"log/slog"
)

// MinFlytekit is the oldest flytekit that the worker works with.
const MinFlytekit = "1.10.0"

// Pool keeps a warm worker for each interpreter.
type Pool struct {
	log *slog.Logger
}

// NewPool makes a pool without workers; they start with the first job.
func NewPool(log *slog.Logger) *Pool { return &Pool{log: log} }

// Close ends all workers and their jobs.
func (p *Pool) Close() {}

// Warm starts the interpreter's worker ahead of the first job.
func (p *Pool) Warm(ctx context.Context, python string) error { return errors.New("not built yet") }
