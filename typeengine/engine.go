// Package typeengine tells the Flyte types and literals that flytekit's
// TypeEngine (core/type_engine.py) makes of Python's, from what pyeval knows of
// them: exactly the same, or unknown with a reason.
package typeengine

import (
	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/core"

	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

// UnknownError says why a type or a literal can't be told from the source. It
// is no mistake of the user's.
type UnknownError struct{ Reason string }

func (e *UnknownError) Error() string { return e.Reason }

// RejectedError is what flytekit would reject, with flytekit's words.
type RejectedError struct{ Message string }

func (e *RejectedError) Error() string { return e.Message }

// Engine makes Flyte types and literals. It is safe for concurrent use.
type Engine struct{}

// LiteralType is the LiteralType of a Python type (TypeEngine.to_literal_type),
// with an *UnknownError or a *RejectedError where there is none. The frame is
// used to look into classes.
func (e *Engine) LiteralType(f *pyeval.Frame, t pyeval.Value) (*core.LiteralType, error) {
	return nil, &UnknownError{Reason: "not told"}
}

// Literal is the Literal that TypeEngine.to_literal makes of a value for an
// input of a Python type, with errors as LiteralType has them.
func (e *Engine) Literal(f *pyeval.Frame, t, value pyeval.Value) (*core.Literal, error) {
	return nil, &UnknownError{Reason: "not told"}
}
