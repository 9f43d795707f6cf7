// Package runs starts, watches, cancels and remembers the runs of entities,
// on this machine and on a Flyte backend.
package runs

import (
	"encoding/json"
	"time"

	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/core"

	"github.com/flyte-lsp/flyte-lsp/local"
	"github.com/flyte-lsp/flyte-lsp/remote"
)

// Target says where a run goes.
type Target string

// The targets of a run.
const (
	Local  Target = "local"
	Remote Target = "remote"
)

// State is a run's state. It is one of the constants below.
type State string

// The states of a run. A lost run is one whose server ended before the run
// did: how it went on can't be told.
const (
	Running   State = "running"
	Succeeded State = "succeeded"
	Failed    State = "failed"
	Cancelled State = "cancelled"
	Lost      State = "lost"
)

// Request asks for one run of one entity.
type Request struct {
	File   string // absolute path
	Entity string // the attribute of the module
	Target Target
	// Inputs are the values given, by input name; the others have their
	// defaults. A string is converted to the input's type as `pyflyte run`
	// converts it.
	Inputs map[string]any
	// InputsFrom is the file that the inputs were read from, if any.
	InputsFrom string
	// WorkDir is the folder that the code runs in.
	WorkDir string
	// SourceHash identifies the entity's source text, see HashSource.
	SourceHash string
}

// Output is one named output: its Flyte type, its value in JSON where it has
// such a form, and one line of text.
type Output = local.Output

// Frame is one line of a traceback.
type Frame = local.Frame

// Failure tells why a run failed.
type Failure struct {
	// Message is one or more sentences: what happened and, where it is known,
	// what to do.
	Message string `json:"message"`
	// Kind tells whose mistake it is.
	Kind FailureKind `json:"kind"`
	// Node is the workflow node that failed on the backend, if one did.
	Node string `json:"node,omitempty"`
	// Traceback is Python's own text.
	Traceback string `json:"traceback,omitempty"`
	// Frames are the traceback's lines in files of this machine, outermost
	// first.
	Frames []Frame `json:"frames,omitempty"`
}

// FailureKind tells whose mistake a failure is.
type FailureKind string

// The kinds of failures.
const (
	// FailureRun is an error that the user's code, flytekit or a task raised.
	FailureRun FailureKind = "run"
	// FailureInput is a mistake in what was asked for: an unknown entity, a
	// missing input, a value of the wrong type.
	FailureInput FailureKind = "input"
	// FailureBackend is a backend that can't be reached.
	FailureBackend FailureKind = "backend"
	// FailureSetup is a machine that lacks something: an interpreter, flytekit.
	FailureSetup FailureKind = "setup"
)

// Node is one node of a workflow as it ran.
type Node struct {
	ID      string  `json:"id,omitempty"`
	Name    string  `json:"name"`
	Phase   string  `json:"phase"`
	Seconds float64 `json:"seconds,omitempty"`
	// At is where the entity's own function makes the call, of a local run; nil
	// where another function does.
	At *local.Place `json:"at,omitempty"`
	// Outputs are what the node gave, as far as they were looked at: of a local
	// run those of nodes that have an At, of a remote one those of its top level.
	Outputs []Output `json:"outputs,omitempty"`
}

// Run is what is known of a run, at some moment. It is a value: a later state
// is another Run with the same ID.
type Run struct {
	ID         string                     `json:"id"`
	File       string                     `json:"file"`
	Entity     string                     `json:"entity"`
	Target     Target                     `json:"target"`
	State      State                      `json:"state"`
	Phase      string                     `json:"phase"` // what it is doing, or how it ended, in a few words
	Inputs     map[string]json.RawMessage `json:"inputs"`
	InputsFrom string                     `json:"inputsFrom,omitempty"`
	Outputs    []Output                   `json:"outputs"`
	Nodes      []Node                     `json:"nodes,omitempty"`
	Failure    *Failure                   `json:"failure,omitempty"`
	// Warning is what a run that succeeded has to tell all the same.
	Warning    string     `json:"warning,omitempty"`
	Started    time.Time  `json:"started"`
	Ended      time.Time  `json:"ended"`
	Log        string     `json:"log"`
	SourceHash string     `json:"sourceHash"`
	Execution  *Execution `json:"execution,omitempty"`
}

// Execution is a run's execution on a backend.
type Execution struct {
	// Config is the backend's, with the project and domain of the execution.
	Config  remote.Config `json:"config"`
	Name    string        `json:"name"`
	URL     string        `json:"url"`
	Version string        `json:"version"`
	// Registered is false where the backend had this version already.
	Registered bool `json:"registered"`
}

// ID identifies the execution on its backend.
func (e *Execution) ID() *core.WorkflowExecutionIdentifier {
	return &core.WorkflowExecutionIdentifier{Project: e.Config.Project, Domain: e.Config.Domain, Name: e.Name}
}

// Duration is how long the run took or, while it runs, has taken.
func (r *Run) Duration(now time.Time) time.Duration {
	if r.State == Running || r.Ended.IsZero() {
		return now.Sub(r.Started)
	}
	return r.Ended.Sub(r.Started)
}

// Done reports whether the run has ended.
func (r *Run) Done() bool { return r.State != Running }
