package typeengine

import (
	"maps"

	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/core"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/structpb"

	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

// The messages that many types share. None is ever changed.
var (
	typeNone     = simple(core.SimpleType_NONE)
	typeInt      = simple(core.SimpleType_INTEGER)
	typeFloat    = simple(core.SimpleType_FLOAT)
	typeStr      = simple(core.SimpleType_STRING)
	typeBool     = simple(core.SimpleType_BOOLEAN)
	typeDatetime = simple(core.SimpleType_DATETIME)
	typeDuration = simple(core.SimpleType_DURATION)
	typeError    = simple(core.SimpleType_ERROR)
	typeStruct   = &core.LiteralType{
		Type:       &core.LiteralType_Simple{Simple: core.SimpleType_STRUCT},
		Annotation: cacheKeyMetadata,
	}
)

// cacheKeyMetadata tells that values of the type are serialised as msgpack
// (core/constants.py: CACHE_KEY_METADATA, SERIALIZATION_FORMAT).
var cacheKeyMetadata = &core.TypeAnnotation{Annotations: structOf(map[string]any{
	"cache-key-metadata": map[string]any{"serialization-format": "msgpack"},
})}

// Simple is the LiteralType of a type that needs no look at anything else: int,
// str. It is nil of others. Callers must not change it.
func Simple(t pyeval.Value) *core.LiteralType {
	native, ok := t.(*pyeval.Native)
	if !ok {
		return nil
	}
	return simpleTypes[native.Name]
}

// simpleTypes are the types of natives that need no look at anything else.
var simpleTypes = map[string]*core.LiteralType{
	"builtins.int":       typeInt,
	"builtins.float":     typeFloat,
	"builtins.str":       typeStr,
	"builtins.bool":      typeBool,
	"datetime.datetime":  typeDatetime,
	"datetime.date":      typeDatetime,
	"datetime.timedelta": typeDuration,
	"types.NoneType":     typeNone,
	"builtins.NoneType":  typeNone,
	"builtins.dict":      typeStruct,
}

func simple(s core.SimpleType) *core.LiteralType {
	return &core.LiteralType{Type: &core.LiteralType_Simple{Simple: s}}
}

func blob(format string, dimensionality core.BlobType_BlobDimensionality) *core.LiteralType {
	return &core.LiteralType{Type: &core.LiteralType_Blob{
		Blob: &core.BlobType{Format: format, Dimensionality: dimensionality},
	}}
}

func file(format string) *core.LiteralType { return blob(format, core.BlobType_SINGLE) }

func collection(of *core.LiteralType) *core.LiteralType {
	return &core.LiteralType{Type: &core.LiteralType_CollectionType{CollectionType: of}}
}

// structOf is a protobuf struct of what decoded JSON is made of; the callers
// give nothing else.
func structOf(fields map[string]any) *structpb.Struct {
	out := &structpb.Struct{Fields: make(map[string]*structpb.Value, len(fields))}
	for name, field := range fields {
		out.Fields[name] = structValue(field)
	}
	return out
}

func structValue(v any) *structpb.Value {
	switch v := v.(type) {
	case nil:
		return structpb.NewNullValue()
	case bool:
		return structpb.NewBoolValue(v)
	case int:
		return structpb.NewNumberValue(float64(v))
	case float64:
		return structpb.NewNumberValue(v)
	case string:
		return structpb.NewStringValue(v)
	case map[string]any:
		return structpb.NewStructValue(structOf(v))
	case []any:
		list := &structpb.ListValue{Values: make([]*structpb.Value, len(v))}
		for i, item := range v {
			list.Values[i] = structValue(item)
		}
		return structpb.NewListValue(list)
	case []string:
		list := &structpb.ListValue{Values: make([]*structpb.Value, len(v))}
		for i, item := range v {
			list.Values[i] = structpb.NewStringValue(item)
		}
		return structpb.NewListValue(list)
	default:
		return structpb.NewNullValue()
	}
}

// withTag is a copy of a type with the name of the transformer that made it, as
// the variants of a union have it (core/type_engine.py, _add_tag_to_type). It
// takes the place of a dataclass's structure.
func withTag(t *core.LiteralType, tag string) *core.LiteralType {
	return &core.LiteralType{
		Type:       t.Type,
		Metadata:   t.Metadata,
		Annotation: t.Annotation,
		Structure:  &core.TypeStructure{Tag: tag},
	}
}

// annotate adds the data of a FlyteAnnotation (TypeEngine.to_literal_type).
func (c *conversion) annotate(literalType *core.LiteralType, t pyeval.Value) (*core.LiteralType, error) {
	alias, ok := annotated(t)
	if !ok {
		return literalType, nil
	}
	var data *structpb.Struct
	for _, arg := range alias.Args[1:] {
		value, ok := c.flyteAnnotation(arg)
		if !ok {
			continue
		}
		if data != nil {
			return nil, rejectedType("type-annotation-conflict", t, "More than one FlyteAnnotation used within %s typehint. Flytekit requires a max of one.", c.reprOr(t))
		}
		dict, ok := c.resolve(value).(*pyeval.Dict)
		if !ok {
			return nil, unknown("the data of a FlyteAnnotation is %s", describe(value))
		}
		fields, err := c.json(dict)
		if err != nil {
			return nil, err
		}
		data = structOf(fields.(map[string]any))
	}
	if data == nil {
		return literalType, nil
	}
	if _, ok := data.Fields["cache-key-metadata"]; ok {
		return nil, rejectedType("type-annotation-conflict", t, "FlyteAnnotation cannot contain `cache-key-metadata`.")
	}
	maps.Copy(data.Fields, literalType.GetAnnotation().GetAnnotations().GetFields())
	out := proto.CloneOf(literalType)
	out.Annotation = &core.TypeAnnotation{Annotations: data}
	return out, nil
}

// flyteAnnotation is the data of a FlyteAnnotation, false if the value is none.
func (c *conversion) flyteAnnotation(v pyeval.Value) (pyeval.Value, bool) {
	instance, ok := c.resolve(v).(*pyeval.Instance)
	if !ok || !c.isInstanceOf(instance, "flytekit.core.annotation.FlyteAnnotation") {
		return nil, false
	}
	return argument(instance, 0, "data", pyeval.None{}), true
}

// argument is what an object was made with, at a position or by name.
func argument(i *pyeval.Instance, position int, name string, otherwise pyeval.Value) pyeval.Value {
	if position >= 0 && position < len(i.Args) {
		return i.Args[position]
	}
	for _, keyword := range i.Keywords {
		if keyword.Name == name {
			return keyword.Value
		}
	}
	return otherwise
}
