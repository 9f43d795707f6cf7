package typeengine

import (
	"strings"

	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

// FieldMistake is a value that an object of a dataclass holds and that can't be
// read back for the type of its field.
type FieldMistake struct {
	Field string
	Value pyeval.Value
	Type  pyeval.Value
}

// Unreadable are the values of a dataclass's object that flytekit writes into a
// literal and fails to read from it: mashumaro converts what it reads with int
// and float, which take no None, no list and no text without a digit.
func (e *Engine) Unreadable(f *pyeval.Frame, v *pyeval.Instance) []FieldMistake {
	c := &conversion{Engine: e, frame: f}
	class, ok := c.resolve(v.Class).(*pyeval.Class)
	if !ok || !c.isDataclass(class) {
		return nil
	}
	fields, err := c.fields(class)
	if err != nil {
		return nil
	}
	var found []FieldMistake
	for _, field := range fields {
		name := nativeName(field.of)
		if name != "builtins.int" && name != "builtins.float" || field.metadata != nil || field.pseudo {
			continue
		}
		value, err := c.fieldValue(v, class, fields, field)
		if err != nil {
			continue
		}
		switch value := value.(type) {
		case pyeval.None, *pyeval.List, *pyeval.Dict:
		case pyeval.Str:
			if text := strings.ToLower(string(value)); strings.ContainsAny(text, "0123456789") || strings.Contains(text, "nan") || strings.Contains(text, "inf") || !isASCII(text) {
				continue
			}
		default:
			continue
		}
		found = append(found, FieldMistake{field.name, value, field.of})
	}
	return found
}

func isASCII(text string) bool {
	for i := range len(text) {
		if text[i] >= 0x80 {
			return false
		}
	}
	return true
}
