package literal

import (
	"slices"
	"strings"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/structpb"
)

// jsonSchema is a JSON schema, or a part of the whole that its references are
// looked up in.
type jsonSchema struct {
	root *structpb.Struct
	*structpb.Struct
}

// maxSchemaDepth bounds how deep schemas are compared: one may hold itself.
const maxSchemaDepth = 60

// refuses tells that propeller finds the schema, which is wanted, not to be a part of what
// another one describes, as the library does that it compares them with
// (gitlab.com/yvesf/json-schema-compare). That library calls some keywords "not
// implemented", which propeller lets pass; unequal tells that it stumbled over
// one, so that the schemas don't count as the same. Keywords that flytekit
// doesn't write aren't compared.
func (s *jsonSchema) refuses(had *jsonSchema, depth int) (refused, unequal bool) {
	s, had = s.resolved(), had.resolved()
	if depth > maxSchemaDepth {
		return false, false
	}
	types, hadTypes := s.texts("type"), had.texts("type")
	missing := func(in []string) func(string) bool {
		return func(t string) bool { return !slices.Contains(in, t) }
	}
	if slices.ContainsFunc(types, missing(hadTypes)) {
		return true, true
	}
	if slices.ContainsFunc(hadTypes, func(t string) bool {
		return !slices.Contains(types, t) && (t != "object" || len(types) > 0)
	}) {
		return true, true
	}
	if slices.Contains(types, "string") && (!s.same(had, "format") || s.lacksValue(had)) {
		return true, true
	}
	if slices.Contains(types, "array") {
		refused, unequal = s.refusesItems(had, depth)
	}
	if slices.Contains(types, "object") || len(types) == 0 {
		r, u := s.refusesFields(had, depth)
		refused, unequal = refused || r, unequal || u
	}
	for _, key := range []string{"allOf", "anyOf", "oneOf"} {
		refused = refused || s.refusesChoice(had, key, depth)
	}
	if value := s.GetFields()["const"]; value != nil && !proto.Equal(value, had.GetFields()["const"]) {
		refused = true
	}
	return refused, unequal || refused
}

// refusesFields compares the fields of objects.
func (s *jsonSchema) refusesFields(had *jsonSchema, depth int) (refused, unequal bool) {
	unequal = s.GetFields()["additionalProperties"] != nil || had.GetFields()["additionalProperties"] != nil
	required := had.texts("required")
	for _, name := range s.texts("required") {
		refused = refused || !slices.Contains(required, name)
	}
	fields, hadFields := s.part("properties"), had.part("properties")
	for name := range fields.GetFields() {
		field, hadField := fields.part(name), hadFields.part(name)
		if hadField.Struct == nil {
			return true, true
		}
		r, u := field.refuses(hadField, depth+1)
		refused, unequal = refused || r, unequal || u
	}
	return refused, unequal
}

// refusesItems compares the elements of arrays.
func (s *jsonSchema) refusesItems(had *jsonSchema, depth int) (refused, unequal bool) {
	unequal = s.GetFields()["additionalItems"] != nil || had.GetFields()["additionalItems"] != nil
	switch items, hadItems := s.part("items"), had.part("items"); {
	case s.GetFields()["items"] == nil:
		return false, unequal
	case had.GetFields()["items"] == nil:
		return true, true
	case items.Struct == nil || hadItems.Struct == nil:
		return false, true // lists of schemas, which flytekit writes of no type that travels
	default:
		refused, u := items.refuses(hadItems, depth+1)
		return refused, unequal || u
	}
}

// refusesChoice compares allOf, anyOf, oneOf: each alternative that the other
// has must be s.
func (s *jsonSchema) refusesChoice(had *jsonSchema, key string, depth int) bool {
	choices, hadChoices := s.parts(key), had.parts(key)
	if len(choices) == 0 || len(hadChoices) == 0 {
		return len(choices) != len(hadChoices)
	}
	return slices.ContainsFunc(hadChoices, func(hadChoice *jsonSchema) bool {
		return !slices.ContainsFunc(choices, func(choice *jsonSchema) bool {
			_, unequal := choice.refuses(hadChoice, depth+1)
			return !unequal
		})
	})
}

// lacksValue tells that the other enum has a value that isn't s.
func (s *jsonSchema) lacksValue(had *jsonSchema) bool {
	if s.GetFields()["enum"] == nil {
		return false
	}
	values := s.texts("enum")
	return slices.ContainsFunc(had.texts("enum"), func(value string) bool { return !slices.Contains(values, value) })
}

// resolved is the schema that a reference stands for.
func (s *jsonSchema) resolved() *jsonSchema {
	for range maxSchemaDepth {
		path, ok := strings.CutPrefix(s.GetFields()["$ref"].GetStringValue(), "#/")
		if !ok {
			return s
		}
		next := &jsonSchema{s.root, s.root}
		for name := range strings.SplitSeq(path, "/") {
			next = next.part(name)
		}
		s = next
	}
	return s
}

// part is the schema, or map of schemas, at a key.
func (s *jsonSchema) part(key string) *jsonSchema {
	return &jsonSchema{s.root, s.GetFields()[key].GetStructValue()}
}

func (s *jsonSchema) parts(key string) []*jsonSchema {
	var all []*jsonSchema
	for _, value := range s.GetFields()[key].GetListValue().GetValues() {
		all = append(all, &jsonSchema{s.root, value.GetStructValue()})
	}
	return all
}

// texts are the strings at a key: one or a list.
func (s *jsonSchema) texts(key string) []string {
	value := s.GetFields()[key]
	if list := value.GetListValue(); list != nil {
		var all []string
		for _, one := range list.GetValues() {
			all = append(all, one.GetStringValue())
		}
		return all
	}
	if text := value.GetStringValue(); text != "" {
		return []string{text}
	}
	return nil
}

func (s *jsonSchema) same(had *jsonSchema, key string) bool {
	return s.GetFields()[key].GetStringValue() == had.GetFields()[key].GetStringValue()
}
