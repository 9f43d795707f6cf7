package engine

import (
	"context"
	"errors"
	"fmt"

	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/core"
	"google.golang.org/protobuf/types/known/timestamppb"
)

// failure is why a node or an execution failed.
type failure struct {
	*core.ExecutionError
	// recoverable failures are tried again.
	recoverable bool
	// timedOut ends the node as TIMED_OUT instead of FAILED.
	timedOut bool
}

func (f *failure) Error() string { return f.GetCode() + ": " + f.GetMessage() }

const (
	userError   = core.ExecutionError_USER
	systemError = core.ExecutionError_SYSTEM
)

func failed(kind core.ExecutionError_ErrorKind, code, format string, args ...any) *failure {
	return &failure{ExecutionError: &core.ExecutionError{
		Code: code, Message: fmt.Sprintf(format, args...), Kind: kind, Timestamp: timestamppb.Now(),
	}}
}

func (f *failure) retryable() *failure {
	f.recoverable = true
	return f
}

// asFailure turns any error into a failure; what isn't one already is the
// sandbox's own fault.
func asFailure(err error) *failure {
	var f *failure
	if errors.As(err, &f) {
		return f
	}
	return failed(systemError, "SandboxError", "%v", err)
}

// The reasons for which work is cancelled, as causes of contexts.
var (
	// errStopping: the sandbox ends; its state stays, and the next start goes
	// on from there.
	errStopping = errors.New("the sandbox stops")
	// errSibling: another node of the workflow failed.
	errSibling = errors.New("another node of the workflow failed")
)

// aborted: a person or a parent execution terminates the execution.
type aborted struct{ cause, principal string }

func (a *aborted) Error() string { return "aborted: " + a.cause }

// stopping tells whether ctx ended because the sandbox ends.
func stopping(ctx context.Context) bool { return errors.Is(context.Cause(ctx), errStopping) }

// codeStopped marks attempts that the end of the sandbox interrupted. They
// don't count against a task's retries.
const codeStopped = "SandboxStopped"
