package engine

import (
	"bytes"
	"errors"
	"fmt"

	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/core"
	"github.com/vmihailenco/msgpack/v5"
	"google.golang.org/protobuf/types/known/structpb"

	"github.com/flyte-lsp/flyte-lsp/sandbox/closure"
)

// resolve makes the literals of bindings from the outputs of the nodes that
// they name, which have ended.
func (s *scope) resolve(bindings []*core.Binding) (*core.LiteralMap, error) {
	literals := &core.LiteralMap{Literals: map[string]*core.Literal{}}
	for _, binding := range bindings {
		literal, err := s.resolveData(binding.GetBinding())
		if err != nil {
			return nil, failed(systemError, "BindingResolutionFailure", "binding of %s: %v", binding.GetVar(), err)
		}
		literals.Literals[binding.GetVar()] = literal
	}
	return literals, nil
}

func (s *scope) resolveData(data *core.BindingData) (*core.Literal, error) {
	switch value := data.GetValue().(type) {
	case *core.BindingData_Scalar:
		return &core.Literal{Value: &core.Literal_Scalar{Scalar: value.Scalar}}, nil
	case *core.BindingData_Promise:
		return s.promised(value.Promise)
	case *core.BindingData_Collection:
		items := make([]*core.Literal, 0, len(value.Collection.GetBindings()))
		for i, item := range value.Collection.GetBindings() {
			literal, err := s.resolveData(item)
			if err != nil {
				return nil, fmt.Errorf("item %d: %w", i, err)
			}
			items = append(items, literal)
		}
		return collection(items), nil
	case *core.BindingData_Map:
		entries := make(map[string]*core.Literal, len(value.Map.GetBindings()))
		for key, item := range value.Map.GetBindings() {
			literal, err := s.resolveData(item)
			if err != nil {
				return nil, fmt.Errorf("key %s: %w", key, err)
			}
			entries[key] = literal
		}
		return &core.Literal{Value: &core.Literal_Map{Map: &core.LiteralMap{Literals: entries}}}, nil
	}
	return nil, errors.New("it has no value")
}

func collection(items []*core.Literal) *core.Literal {
	return &core.Literal{Value: &core.Literal_Collection{Collection: &core.LiteralCollection{Literals: items}}}
}

// none is the literal of a missing value.
func none() *core.Literal {
	return &core.Literal{Value: &core.Literal_Scalar{Scalar: &core.Scalar{Value: &core.Scalar_NoneType{NoneType: &core.Void{}}}}}
}

func (s *scope) promised(promise *core.OutputReference) (*core.Literal, error) {
	id := promise.GetNodeId()
	if id == "" {
		id = closure.StartNode
	}
	source := s.results[id]
	if source == nil {
		return nil, fmt.Errorf("node %s isn't in this workflow", id)
	}
	literal := source.outputs.GetLiterals()[promise.GetVar()]
	if literal == nil {
		return nil, fmt.Errorf("node %s has no output %s", id, promise.GetVar())
	}
	return attribute(literal, promise.GetAttrPath())
}

// attribute follows a path of list indices and map keys into a literal, and on
// into a dataclass (propeller controller/nodes/attr_path_resolver.go).
func attribute(literal *core.Literal, path []*core.PromiseAttribute) (*core.Literal, error) {
	for i, step := range path {
		switch value := literal.GetValue().(type) {
		case *core.Literal_Map:
			next := value.Map.GetLiterals()[step.GetStringValue()]
			if next == nil {
				return nil, fmt.Errorf("key %q isn't in the map", step.GetStringValue())
			}
			literal = next
		case *core.Literal_Collection:
			items, index := value.Collection.GetLiterals(), int(step.GetIntValue())
			if index < 0 || index >= len(items) {
				return nil, fmt.Errorf("index %d is out of range of a list of %d", index, len(items))
			}
			literal = items[index]
		default:
			return attributeOfScalar(literal, path[i:])
		}
	}
	return literal, nil
}

func attributeOfScalar(literal *core.Literal, path []*core.PromiseAttribute) (*core.Literal, error) {
	switch scalar := literal.GetScalar().GetValue().(type) {
	case *core.Scalar_Union:
		return attribute(scalar.Union.GetValue(), path)
	case *core.Scalar_Generic:
		value, err := dig(scalar.Generic.AsMap(), path)
		if err != nil {
			return nil, err
		}
		return fromStruct(value)
	case *core.Scalar_Binary:
		return attributeOfBinary(scalar.Binary, path)
	}
	return literal, nil
}

func attributeOfBinary(binary *core.Binary, path []*core.PromiseAttribute) (*core.Literal, error) {
	if binary.GetTag() != "msgpack" {
		return nil, fmt.Errorf("a value in the format %q has no attributes", binary.GetTag())
	}
	decoder := msgpack.NewDecoder(bytes.NewReader(binary.GetValue()))
	decoder.SetMapDecoder(func(d *msgpack.Decoder) (any, error) { return d.DecodeUntypedMap() })
	value, err := decoder.DecodeInterface()
	if err != nil {
		return nil, fmt.Errorf("a dataclass that can't be read: %w", err)
	}
	value, err = dig(value, path)
	if err != nil {
		return nil, err
	}
	return fromMsgpack(value)
}

func dig(value any, path []*core.PromiseAttribute) (any, error) {
	for _, step := range path {
		switch holder := value.(type) {
		case map[string]any:
			next, found := holder[step.GetStringValue()]
			if !found {
				return nil, fmt.Errorf("attribute %q doesn't exist", step.GetStringValue())
			}
			value = next
		case map[any]any:
			next, found := holder[step.GetStringValue()]
			if !found {
				return nil, fmt.Errorf("attribute %q doesn't exist", step.GetStringValue())
			}
			value = next
		case []any:
			index := int(step.GetIntValue())
			if index < 0 || index >= len(holder) {
				return nil, fmt.Errorf("index %d is out of range of a list of %d", index, len(holder))
			}
			value = holder[index]
		default:
			return nil, fmt.Errorf("%v has no attributes", value)
		}
	}
	return value, nil
}

func primitive(p *core.Primitive) *core.Literal {
	return &core.Literal{Value: &core.Literal_Scalar{Scalar: &core.Scalar{Value: &core.Scalar_Primitive{Primitive: p}}}}
}

// fromStruct is the literal of a JSON value; its numbers are floats.
func fromStruct(value any) (*core.Literal, error) {
	switch v := value.(type) {
	case nil:
		return none(), nil
	case map[string]any:
		fields, err := structpb.NewStruct(v)
		if err != nil {
			return nil, err
		}
		return &core.Literal{Value: &core.Literal_Scalar{Scalar: &core.Scalar{Value: &core.Scalar_Generic{Generic: fields}}}}, nil
	case []any:
		items := make([]*core.Literal, len(v))
		for i, item := range v {
			literal, err := fromStruct(item)
			if err != nil {
				return nil, err
			}
			items[i] = literal
		}
		return collection(items), nil
	}
	return fromPrimitive(value)
}

// fromMsgpack is the literal of a decoded msgpack value: primitives as such, a
// list as a collection of binaries, the rest as a binary.
func fromMsgpack(value any) (*core.Literal, error) {
	if items, isList := value.([]any); isList {
		literals := make([]*core.Literal, len(items))
		for i, item := range items {
			literal, err := packed(item)
			if err != nil {
				return nil, err
			}
			literals[i] = literal
		}
		return collection(literals), nil
	}
	if literal, err := fromPrimitive(value); err == nil {
		return literal, nil
	}
	return packed(value)
}

func packed(value any) (*core.Literal, error) {
	data, err := msgpack.Marshal(value)
	if err != nil {
		return nil, err
	}
	return &core.Literal{Value: &core.Literal_Scalar{Scalar: &core.Scalar{Value: &core.Scalar_Binary{
		Binary: &core.Binary{Value: data, Tag: "msgpack"},
	}}}}, nil
}

func fromPrimitive(value any) (*core.Literal, error) {
	switch v := value.(type) {
	case string:
		return primitive(&core.Primitive{Value: &core.Primitive_StringValue{StringValue: v}}), nil
	case bool:
		return primitive(&core.Primitive{Value: &core.Primitive_Boolean{Boolean: v}}), nil
	case float64:
		return primitive(&core.Primitive{Value: &core.Primitive_FloatValue{FloatValue: v}}), nil
	case float32:
		return primitive(&core.Primitive{Value: &core.Primitive_FloatValue{FloatValue: float64(v)}}), nil
	}
	if whole, isInteger := integer(value); isInteger {
		return primitive(&core.Primitive{Value: &core.Primitive_Integer{Integer: whole}}), nil
	}
	return nil, fmt.Errorf("a value of type %T isn't a primitive", value)
}

func integer(value any) (int64, bool) {
	switch v := value.(type) {
	case int8:
		return int64(v), true
	case int16:
		return int64(v), true
	case int32:
		return int64(v), true
	case int64:
		return v, true
	case uint8:
		return int64(v), true
	case uint16:
		return int64(v), true
	case uint32:
		return int64(v), true
	case uint64:
		return int64(v), true
	}
	return 0, false
}
