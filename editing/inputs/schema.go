package inputs

import (
	"encoding/json"
	"strconv"

	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

// Schema is the JSON Schema (draft-07, which editors' YAML servers read) of the
// documents that give an entity its inputs. What isn't known of a type allows any
// value, and so do forms that only a text has.
func (s *Subject) Schema() map[string]any {
	w := &schemas{definitions: map[string]any{}, names: map[*Type]string{}}
	schema := w.object(s.Type)
	schema["$schema"] = "http://json-schema.org/draft-07/schema#"
	schema["title"] = s.Entity.Describe()
	if s.Entity.Doc != "" {
		schema["description"] = s.Entity.Doc
	}
	if len(w.definitions) > 0 {
		schema["definitions"] = w.definitions
	}
	return schema
}

// schemas writes the schemas of types: those of dataclasses once.
type schemas struct {
	definitions map[string]any
	names       map[*Type]string
}

// object is the schema of an Object's fields. A null stands for "not given".
func (w *schemas) object(t *Type) map[string]any {
	properties := map[string]any{}
	required := []string{}
	for _, field := range t.Fields {
		property := w.of(field.Type)
		property["title"] = field.Name + ": " + field.Type.Text
		if field.Doc != "" {
			property["description"] = field.Doc
		}
		if value, ok := constant(field.DefaultValue); ok {
			property["default"] = value
		}
		properties[field.Name] = property
		if field.Needed {
			required = append(required, field.Name)
		}
	}
	schema := map[string]any{"type": "object", "properties": properties}
	if len(required) > 0 {
		schema["required"] = required
	}
	if t.Exact {
		schema["additionalProperties"] = false
	}
	return schema
}

func (w *schemas) of(t *Type) map[string]any {
	switch t.Kind {
	case None:
		return map[string]any{"type": "null"}
	case Bool:
		return map[string]any{"type": []string{"boolean", "string"}}
	case Int:
		return map[string]any{"type": []string{"integer", "string"}}
	case Float:
		return map[string]any{"type": []string{"number", "string"}}
	case Str:
		if len(t.Values) > 0 {
			return map[string]any{"examples": t.Values}
		}
		return map[string]any{}
	case Enum:
		return map[string]any{"enum": t.Values}
	case List:
		return map[string]any{"type": []string{"array", "string"}, "items": w.of(t.Of)}
	case Dict:
		return map[string]any{"type": []string{"object", "string"}, "additionalProperties": w.of(t.Of)}
	case Object:
		if len(t.Fields) > 0 {
			return map[string]any{"anyOf": []any{map[string]any{"$ref": "#/definitions/" + w.defined(t)}, map[string]any{"type": "string"}}}
		}
	case Union:
		variants := []any{}
		for _, variant := range t.Variants {
			variants = append(variants, w.of(variant))
		}
		return map[string]any{"anyOf": variants}
	}
	return map[string]any{}
}

// defined is the name of a dataclass's definition, made if it isn't there: a class
// may hold itself.
func (w *schemas) defined(t *Type) string {
	if name, ok := w.names[t]; ok {
		return name
	}
	name := t.Text
	for i := 2; w.definitions[name] != nil; i++ {
		name = t.Text + strconv.Itoa(i)
	}
	w.names[t] = name
	w.definitions[name] = map[string]any{}
	definition := w.object(t)
	if t.Doc != "" {
		definition["description"] = t.Doc
	}
	w.definitions[name] = definition
	return name
}

// constant is a value as JSON has it; false of one that JSON hasn't.
func constant(value pyeval.Value) (any, bool) {
	switch v := value.(type) {
	case pyeval.Str:
		return string(v), true
	case pyeval.Int:
		return json.Number(v.String()), true
	case pyeval.Float:
		return float64(v), true
	case pyeval.Bool:
		return bool(v), true
	}
	return nil, false
}
