package local

import (
	"context"
	"encoding/json"
	"errors"
)

// Job is a run of one entity of a file.
type Job struct {
	// File is the module's path, Entity the name of its variable.
	File, Entity string
	// Inputs are values as YAML or JSON give them. A string where the type
	// wants another is converted as `pyflyte run` does.
	Inputs map[string]any
	// WorkDir is the folder the code runs in.
	WorkDir string
	// Env holds KEY=VALUE pairs that are added to the environment.
	Env []string
	// Log is the file that stdout and stderr go to while they are made.
	Log string
}

// Event tells how far a run is.
type Event struct {
	// Kind is "loaded" (the module is imported) or "node".
	Kind string
	// Node is the node's name, Phase its state: running, succeeded or failed.
	Node, Phase string
	// Seconds is how long the step took, 0 while it runs.
	Seconds float64
}

// Result is what a run gave.
type Result struct {
	Outputs []Output
	// Seconds is the time from the start of the job to its end.
	Seconds float64
}

// Output is one output of a run.
type Output struct {
	// Name is the output's name in the interface, Type its Python type.
	Name, Type string
	// Value is nil where the output has no JSON form, or a too large one.
	Value json.RawMessage
	// Text is the value in one short line.
	Text string
}

// Run runs a job. Its errors are *InputError, *Failure, *WorkerError,
// *NoFlytekitError, *OldFlytekitError, *InterpreterError, or ctx.Err().
func (p *Pool) Run(ctx context.Context, python string, job Job, onEvent func(Event)) (*Result, error) {
	return nil, errors.New("not built yet")
}
