package local

import "fmt"

// NoInterpreterError tells that no Python was found.
type NoInterpreterError struct {
	// Looked lists the places that were tried.
	Looked []string
}

func (e *NoInterpreterError) Error() string {
	return fmt.Sprintf("no Python interpreter found (looked at %v)", e.Looked)
}

// NoFlytekitError tells that an interpreter works but can't import flytekit.
type NoFlytekitError struct {
	Python, InstallHint string
}

func (e *NoFlytekitError) Error() string {
	return fmt.Sprintf("%s has no flytekit: run `%s`", e.Python, e.InstallHint)
}

// OldFlytekitError tells that an interpreter's flytekit is older than we can work with.
type OldFlytekitError struct {
	Python, Version, InstallHint string
}

func (e *OldFlytekitError) Error() string {
	return fmt.Sprintf("%s has flytekit %s, older than %s: run `%s`", e.Python, e.Version, MinFlytekit, e.InstallHint)
}

// InterpreterError tells that an interpreter can't be started or doesn't answer.
type InterpreterError struct {
	Python, Problem string
	Err             error
}

func (e *InterpreterError) Error() string { return fmt.Sprintf("%s: %s", e.Python, e.Problem) }

// Unwrap gives the cause.
func (e *InterpreterError) Unwrap() error { return e.Err }

// InputError tells that a run can't start because of one of its inputs: it is
// unknown, missing, or can't be turned into its type.
type InputError struct {
	Entity, Input, Problem string
}

func (e *InputError) Error() string {
	return fmt.Sprintf("%s: input %s: %s", e.Entity, e.Input, e.Problem)
}

// Failure tells that the user's code, or flytekit on its behalf, raised an exception.
type Failure struct {
	// Type is the exception's class, Message its text.
	Type, Message string
	// Traceback is the text that Python prints for it.
	Traceback string
	// Frames are the traceback's places, the outermost first.
	Frames []Frame
}

// Frame is one place of a traceback.
type Frame struct {
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

// WorkerError tells that the process that ran the job died. The next run starts another.
type WorkerError struct {
	Problem string
	// Tail is the end of what the run printed.
	Tail string
}

func (e *WorkerError) Error() string {
	if e.Tail == "" {
		return e.Problem
	}
	return e.Problem + ": " + e.Tail
}
