package local

import (
	"fmt"
	"strings"

	"github.com/flyte-lsp/flyte-lsp/internal/state"
)

// MinFlytekit is the oldest flytekit that the worker works with.
const MinFlytekit = "1.10.0"

// NoInterpreterError tells that no Python was found.
type NoInterpreterError struct {
	// Looked lists the places that were tried.
	Looked []string
}

func (e *NoInterpreterError) Error() string {
	return fmt.Sprintf("no Python found: looked at %s; install Python 3.9 or newer, or set flyte.python to an interpreter",
		strings.Join(e.Looked, ", "))
}

// NoFlytekitError tells that an interpreter works but has no flytekit.
type NoFlytekitError struct {
	Python string
	// InstallHint is the command that installs it.
	InstallHint string
}

func (e *NoFlytekitError) Error() string {
	return fmt.Sprintf("%s has no flytekit: run `%s`, or set flyte.python to an interpreter that has it", e.Python, e.InstallHint)
}

// OldFlytekitError tells that an interpreter's flytekit is older than MinFlytekit.
type OldFlytekitError struct {
	Python, Version string
	// InstallHint is the command that brings a newer one.
	InstallHint string
}

func (e *OldFlytekitError) Error() string {
	return fmt.Sprintf("%s has flytekit %s, but %s or newer is needed: run `%s`", e.Python, e.Version, MinFlytekit, e.InstallHint)
}

// InterpreterError tells that an interpreter can't be used.
type InterpreterError struct {
	Python, Problem string
	// Err is the cause, or what the interpreter printed; nil if there is none.
	Err error
}

func (e *InterpreterError) Error() string {
	if e.Err == nil {
		return fmt.Sprintf("the interpreter %s: %s", e.Python, e.Problem)
	}
	return fmt.Sprintf("the interpreter %s: %s: %v", e.Python, e.Problem, e.Err)
}

// Unwrap gives the cause.
func (e *InterpreterError) Unwrap() error { return e.Err }

// InputError is a user's mistake in an input: it is unknown, missing, or can't
// be turned into its type. Nothing was run.
type InputError struct {
	Entity, Input, Problem string
}

func (e *InputError) Error() string {
	return fmt.Sprintf("input %s of %s: %s", e.Input, e.Entity, e.Problem)
}

// Failure tells that the user's code, or flytekit on its behalf, raised an exception.
type Failure struct {
	// Type is the exception's class without its module, Message its own text
	// without what flytekit puts around it.
	Type, Message string
	// Traceback is the text that Python prints for it, without flytekit's
	// frames where flytekit only passed it on.
	Traceback string
	// Frames are the traceback's places outside of flytekit, the outermost
	// first; of a syntax error the last is where it is.
	Frames []Frame
}

// Frame is one place of a traceback.
type Frame struct {
	// File is absolute, except for code that is in no file, for example "<string>".
	File     string
	Line     int // 1-based
	Function string
	// Text is the source line, without its indentation.
	Text string
}

func (e *Failure) Error() string {
	if e.Message == "" {
		return e.Type
	}
	return e.Type + ": " + e.Message
}

// WorkerError tells that the process that did the job died, or that the worker
// did. The next run starts another.
type WorkerError struct {
	Problem string
	// Tail is the end of what the process printed.
	Tail string
}

func (e *WorkerError) Error() string {
	if e.Tail == "" {
		return e.Problem
	}
	return e.Problem + "; its last output: " + e.Tail
}

// LogError tells that a job's log can't be written.
type LogError struct {
	Path string
	Err  error
}

func (e *LogError) Error() string {
	return fmt.Sprintf("the run's log can't be written: %v: free some space, or set %s to a folder on another disk", e.Err, state.EnvDir)
}

// Unwrap gives the cause.
func (e *LogError) Unwrap() error { return e.Err }
