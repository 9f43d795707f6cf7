package listing

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"

	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"

	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/parser"
)

// Of lists what a module makes, in the order of the lines. Of definitions that
// replace each other only the last is listed; what replaces none, and has lost
// its name all the same, is registered without one.
func Of(m *model.Module, text *parser.Source, file string) ([]Entity, error) {
	entities := []Entity{}
	for _, e := range listed(m.Entities) {
		entity, err := describe(m, e)
		if err != nil {
			return nil, fmt.Errorf("list %s in %s: %w", e.Name, file, err)
		}
		entity.File, entity.Line = file, text.Position(e.Definition).Line+1
		entities = append(entities, entity)
	}
	return entities, nil
}

// key is what definitions that replace each other have in common.
type key struct {
	kind     model.Kind
	fullName string
}

// listed are the entities that count: those with a name, the last of each, and
// those that are registered without.
func listed(all []*model.Entity) []*model.Entity {
	taken, names := map[key]bool{}, map[string]bool{}
	counts := make([]bool, len(all))
	for i, e := range slices.Backward(all) {
		if e.Name != "" && !e.Shadowed && !names[e.Name] {
			counts[i], names[e.Name] = true, true
			taken[key{e.Kind, e.FullName}] = true
		}
	}
	for i, e := range slices.Backward(all) {
		k := key{e.Kind, e.FullName}
		if !counts[i] && e.Registered() && e.FullName != "" && !taken[k] {
			counts[i], taken[k] = true, true
		}
	}
	var list []*model.Entity
	for i, e := range all {
		if counts[i] {
			list = append(list, e)
		}
	}
	return list
}

func describe(m *model.Module, e *model.Entity) (Entity, error) {
	entity := Entity{
		Name: e.Name, FullName: e.FullName, Kind: e.Kind, Class: e.Class,
		Inputs: []Input{}, Outputs: []Output{}, Reason: reason(e),
	}
	if e.Shadowed {
		entity.Name = ""
	}
	if e.Loader[0] != "" {
		entity.Loader = []string{"task-module", e.Loader[0], "task-name", e.Loader[1]}
	}
	for _, v := range e.Inputs {
		input := Input{Name: v.Name, PythonType: v.Type, Required: v.Required}
		if e.Opaque != "" {
			input.Type, input.Default, input.Reason = null, null, e.Opaque
			entity.Inputs = append(entity.Inputs, input)
			continue
		}
		var err error
		input.Assumed = m.Assumed(v)
		if input.Type, input.Reason, err = answer(m.LiteralType(v)); err != nil {
			return entity, err
		}
		var unknown string
		if input.Default, unknown, err = answer(m.Default(v)); err != nil {
			return entity, err
		}
		if input.Reason == "" {
			input.Reason = unknown
		}
		entity.Inputs = append(entity.Inputs, input)
	}
	for _, v := range e.Outputs {
		output := Output{Name: v.Name, PythonType: v.Type}
		if e.Opaque != "" {
			output.Type, output.Reason = null, e.Opaque
			entity.Outputs = append(entity.Outputs, output)
			continue
		}
		var err error
		output.Assumed = m.Assumed(v)
		if output.Type, output.Reason, err = answer(m.LiteralType(v)); err != nil {
			return entity, err
		}
		entity.Outputs = append(entity.Outputs, output)
	}
	return entity, nil
}

// reason says why the entity isn't known in all parts.
func reason(e *model.Entity) string {
	for _, reason := range []string{e.NameUnknown, e.InputsUnknown, e.OutputsUnknown, e.Opaque} {
		if reason != "" {
			return reason
		}
	}
	return ""
}

// null is what is unknown or absent.
var null = json.RawMessage("null")

// answer is a type or a literal as JSON, null where it is none or unknown for
// the reason.
func answer[M proto.Message](message M, unknown error) (text json.RawMessage, reason string, err error) {
	if unknown != nil {
		return null, unknown.Error(), nil
	}
	if !message.ProtoReflect().IsValid() {
		return null, "", nil
	}
	// protojson puts spaces at random, so that nobody compares its text.
	loose, err := protojson.Marshal(message)
	if err != nil {
		return nil, "", fmt.Errorf("write it as JSON: %w", err)
	}
	var compact bytes.Buffer
	if err := json.Compact(&compact, loose); err != nil {
		return nil, "", fmt.Errorf("write it as JSON: %w", err)
	}
	return compact.Bytes(), "", nil
}
