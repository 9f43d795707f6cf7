// Package literal turns Flyte's values and types into what people and tools
// read: a short line for a lens or a hover, JSON for everything else, and a
// type as its author wrote it.
package literal

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/core"
)

// TextRunes is how long a [Text] gets at most.
const TextRunes = 200

// UnshowableError tells that a value, or a part of it, has no JSON form.
type UnshowableError struct {
	// Path leads to the part inside the value, such as [2].weights, "" for
	// the value itself.
	Path string
	// What describes the part, such as "a binary value with the tag x".
	What string
}

func (e *UnshowableError) Error() string {
	if e.Path == "" {
		return e.What + " can't be shown as JSON"
	}
	return e.Path + ": " + e.What + " can't be shown as JSON"
}

// JSON returns the value as JSON: files, schemas and datasets as their
// address, dates and durations as [Text] shows them, dataclasses as objects
// whose fields stand in the order in which they were sent, bytes in base64,
// nan, inf and -inf as strings. What has no JSON form gives an *UnshowableError.
func JSON(l *core.Literal) (json.RawMessage, error) {
	var out bytes.Buffer
	if err := writeJSON(&out, fromLiteral(l), ""); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// MapJSON returns the values as one JSON object with sorted keys. The errors
// of all values that have no JSON form are joined, each with its variable's
// name.
func MapJSON(m *core.LiteralMap) (json.RawMessage, error) {
	var out bytes.Buffer
	var problems []error
	out.WriteByte('{')
	for i, name := range slices.Sorted(maps.Keys(m.GetLiterals())) {
		if i > 0 {
			out.WriteByte(',')
		}
		writeJSONString(&out, name)
		out.WriteByte(':')
		if err := writeJSON(&out, fromLiteral(m.GetLiterals()[name]), ""); err != nil {
			problems = append(problems, fmt.Errorf("%s: %w", name, err))
		}
	}
	out.WriteByte('}')
	if len(problems) > 0 {
		return nil, errors.Join(problems...)
	}
	return out.Bytes(), nil
}

// Text returns the value on one line of at most [TextRunes] runes: strings in
// quotes, None, True and False as Python writes them, files as their address,
// dataclasses as objects, dates as RFC 3339 in UTC, durations as 1h30m. What
// can't be shown is described in angle brackets.
func Text(l *core.Literal) string { return TextLimit(l, TextRunes) }

// TextLimit is [Text] with a limit of its own, in runes; a longer text is cut
// and ends with "…".
func TextLimit(l *core.Literal, limit int) string {
	w := lineWriter{limit: limit}
	w.value(fromLiteral(l))
	return w.String()
}
