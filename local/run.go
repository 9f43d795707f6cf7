package local

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/core"
	"google.golang.org/protobuf/proto"
)

// Job is a run of one entity of a file.
type Job struct {
	// File is the module's path. Entity is the name of the variable that holds
	// a task, workflow or launch plan.
	File, Entity string
	// Inputs are values as YAML or JSON give them. A string where the type
	// wants another is converted as `pyflyte run` does.
	Inputs map[string]any
	// WorkDir is the folder the code runs in; empty means the file's.
	WorkDir string
	// Env holds KEY=VALUE pairs that are added to the environment. Each set
	// of them has a worker of its own.
	Env []string
	// Log is the file that stdout and stderr are appended to while they are
	// made; empty drops them.
	Log string
}

// Event tells how far a run is.
type Event struct {
	// Kind is "loaded" (the module is imported) or "node" (a task, or a
	// workflow in the workflow, starts or ends).
	Kind string
	// Node is the name of the task's or workflow's function, and Call the
	// number of the call in the run, from 1: a function may be called often.
	Node string
	Call int
	// Phase is running, succeeded or failed.
	Phase string
	// Seconds is how long the step took, 0 while it runs.
	Seconds float64
	// At is where the entity's own function makes the call; nil if another one
	// does, and at its end.
	At *Place
	// Outputs is what a call that the entity's own function makes has given, at
	// its end, without what is large.
	Outputs *core.LiteralMap
}

// Place is where a function makes a call.
type Place struct {
	// Line is the call's first line, counted from the function's first one, that
	// of its first decorator, which is 0.
	Line int `json:"line"`
	// Last is the call's last line, and Column the byte of that line at which the
	// call ends, 0 where Python doesn't tell (before 3.11).
	Last   int `json:"last,omitempty"`
	Column int `json:"column,omitempty"`
}

// Result is what a run gave.
type Result struct {
	// Outputs are in the order of the interface.
	Outputs []Output
	// Seconds is the time from the call of Run to its end.
	Seconds float64
	// LogProblem tells why a part of what the run printed is missing from its
	// log, for example a full disk. Empty if nothing is.
	LogProblem string
}

// Output is one output of a run.
type Output struct {
	// Name is the output's name in the interface, Type its Python type.
	Name, Type string
	// Value is nil where the output has no JSON form, or one above 1 MB.
	Value json.RawMessage
	// Text is the value in one line of at most 200 characters.
	Text string
}

// Run runs a job and returns once its process ended. onEvent may be nil; it is
// called while Run waits. Errors are *InputError, *Failure, *WorkerError,
// *LogError, those of the interpreter (*NoFlytekitError, *OldFlytekitError,
// *InterpreterError), or ctx.Err(), which is returned at once while the
// process group gets SIGTERM and two seconds later SIGKILL.
func (p *Pool) Run(ctx context.Context, python string, job Job, onEvent func(Event)) (*Result, error) {
	started := time.Now()
	var result *Result
	var logProblem string
	what := order{Kind: "run", File: job.File, Entity: job.Entity, WorkDir: job.WorkDir, Inputs: job.Inputs}
	err := p.do(ctx, python, job.Env, job.Log, what, func(m message) (*reply, error) {
		switch m.Kind {
		case "loaded", "node":
			if onEvent != nil {
				onEvent(Event{
					Kind: m.Kind, Node: m.Node, Call: m.Call, Phase: m.Phase, Seconds: m.Seconds,
					At: m.At, Outputs: literals(m.Literals),
				})
			}
		case "log":
			logProblem = (&LogError{Path: job.Log, Err: errors.New(m.Problem)}).Error()
			p.log.Warn(logProblem, "log", job.Log)
		case "result":
			result = &Result{Outputs: outputs(m)}
		}
		return nil, nil
	})
	if err != nil {
		return nil, err
	}
	result.Seconds = time.Since(started).Seconds()
	result.LogProblem = logProblem
	return result, nil
}

// literals reads what the worker sends of a call's outputs; what can't be read
// is left out.
func literals(sent map[string][]byte) *core.LiteralMap {
	if len(sent) == 0 {
		return nil
	}
	read := &core.LiteralMap{Literals: map[string]*core.Literal{}}
	for name, data := range sent {
		literal := &core.Literal{}
		if proto.Unmarshal(data, literal) == nil {
			read.Literals[name] = literal
		}
	}
	return read
}

func outputs(m message) []Output {
	list := make([]Output, len(m.Outputs))
	for i, o := range m.Outputs {
		list[i] = Output{Name: o.Name, Type: o.Type, Text: o.Text}
		if o.JSON != nil {
			list[i].Value = json.RawMessage(*o.JSON)
		}
	}
	return list
}
