// Package literal turns Flyte's values and types into text and JSON.
package literal

import (
	"encoding/json"
	"errors"

	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/core"
)

// JSON returns the value as JSON.
func JSON(l *core.Literal) (json.RawMessage, error) { return nil, errors.New("not there yet") }

// MapJSON returns the values as a JSON object with sorted keys.
func MapJSON(m *core.LiteralMap) (json.RawMessage, error) { return nil, errors.New("not there yet") }

// Text returns the value on one short line, cut with "…".
func Text(l *core.Literal) string { return "" }

// TextLimit is Text with a limit of its own, in runes.
func TextLimit(l *core.Literal, limit int) string { return "" }

// TypeText returns a type as a flytekit user would write it.
func TypeText(t *core.LiteralType) string { return "" }
