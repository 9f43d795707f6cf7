package remote

import (
	"fmt"

	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/core"
	"google.golang.org/grpc/codes"
)

// UnreachableError tells that the backend, or its object store, didn't
// answer.
type UnreachableError struct {
	Endpoint, Call string
	Err            error
}

func (e *UnreachableError) Error() string { return fmt.Sprint(e.Endpoint, e.Call, e.Err) }

// Unwrap returns what the connection failed with.
func (e *UnreachableError) Unwrap() error { return e.Err }

// CallError is an answer of the backend other than success.
type CallError struct {
	Endpoint, Call string
	// Subject names what the call was about, "" if nothing in particular.
	Subject string
	Code    codes.Code
	// Message is the backend's own.
	Message string
	// AuthType is the configured kind of login.
	AuthType string
	Err      error
}

func (e *CallError) Error() string { return fmt.Sprint(e.Endpoint, e.Call, e.Message) }

// Unwrap returns the gRPC status.
func (e *CallError) Unwrap() error { return e.Err }

// ConflictError tells that an entity is registered already with the same
// version and another content.
type ConflictError struct {
	ID *core.Identifier
	// Difference is the backend's list of what differs, "" if it gave none.
	Difference string
	Err        error
}

func (e *ConflictError) Error() string { return fmt.Sprint(e.ID, e.Difference) }

// Unwrap returns the backend's answer.
func (e *ConflictError) Unwrap() error { return e.Err }
