// Package sandbox is a Flyte backend in one process, for one user's machine:
// flyteadmin's gRPC services on loopback, an engine that walks compiled
// workflows, tasks as local processes through flytekit's own entry points,
// state in SQLite and data in a folder. It isn't for more than one user: who
// can reach its port can run code as the user who started it.
//
// One process serves all editors of the user. Start finds or starts it, Serve
// is that process's body, and it ends itself once it has been idle.
package sandbox

import (
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"time"

	"github.com/flyte-lsp/flyte-lsp/internal/state"
	"github.com/flyte-lsp/flyte-lsp/sandbox/engine"
)

// PythonAnnotation is the annotation of an execution that names the interpreter
// for its tasks.
const PythonAnnotation = engine.PythonAnnotation

// DefaultIdleAfter is how long a sandbox without calls and without running
// executions stays.
const DefaultIdleAfter = time.Hour

// Options say how a sandbox runs. The zero value is the user's own sandbox.
type Options struct {
	// Dir holds everything the sandbox keeps; "" is the folder "sandbox" in
	// the user's state folder.
	Dir string
	// Port is the gRPC port on 127.0.0.1; 0 takes the one of the last start
	// if it is free, else any.
	Port int
	// HTTPPort is the port of the object store and the console; 0 as in Port.
	HTTPPort int
	// Python runs the tasks of executions that name no interpreter in their
	// PythonAnnotation; "" looks for one in VIRTUAL_ENV and PATH.
	Python string
	// IdleAfter is how long it stays idle before it ends; 0 is
	// DefaultIdleAfter, below 0 never ends.
	IdleAfter time.Duration
	// Log gets what the sandbox has to tell; nil is slog.Default().
	Log *slog.Logger
	// Ready, if set, is called by Serve once the sandbox answers.
	Ready func(Status)
}

// Status tells of a sandbox.
type Status struct {
	Running bool `json:"running"`
	PID     int  `json:"pid,omitempty"`
	// Endpoint is the gRPC address, "127.0.0.1:<port>".
	Endpoint string `json:"endpoint,omitempty"`
	// HTTP is the root URL of the object store and the console.
	HTTP   string `json:"http,omitempty"`
	Python string `json:"python,omitempty"`
	Dir    string `json:"dir"`
	// ConfigFile is what FLYTECTL_CONFIG is to be set to.
	ConfigFile string    `json:"configFile"`
	LogFile    string    `json:"logFile"`
	Started    time.Time `json:"started,omitzero"`
	// Active counts the executions that haven't ended.
	Active int `json:"active"`
}

// ErrRunning is returned by Serve where another process serves the folder.
var ErrRunning = errors.New("a sandbox runs already in this folder")

// DefaultDir is the folder of the user's own sandbox; it isn't made.
func DefaultDir() (string, error) {
	dir, err := state.Dir()
	if err != nil {
		return "", fmt.Errorf("the sandbox's folder: %w", err)
	}
	return filepath.Join(dir, "sandbox"), nil
}

func (o Options) filled() (Options, error) {
	dir, err := resolveDir(o.Dir)
	if err != nil {
		return o, err
	}
	o.Dir = dir
	if o.IdleAfter == 0 {
		o.IdleAfter = DefaultIdleAfter
	}
	if o.Log == nil {
		o.Log = slog.Default()
	}
	return o, nil
}

func resolveDir(dir string) (string, error) {
	if dir == "" {
		return DefaultDir()
	}
	return filepath.Abs(dir)
}

func configFile(dir string) string { return filepath.Join(dir, "config.yaml") }
func logFile(dir string) string    { return filepath.Join(dir, "sandbox.log") }
