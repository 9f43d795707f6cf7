package model

import (
	"slices"

	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/core"
	"google.golang.org/protobuf/types/known/structpb"

	"github.com/flyte-lsp/flyte-lsp/pyeval"
	"github.com/flyte-lsp/flyte-lsp/typeengine"
)

// transformerNatives know the type transformers that source registers: what
// they make of their type is told by their get_literal_type.
var transformerNatives = pyeval.Natives{
	"flytekit.core.type_engine.TypeTransformer":                     {Init: transformerInit},
	"flytekit.core.type_engine.TypeEngine.register":                 {Call: registerTransformer},
	"flytekit.core.type_engine.TypeEngine.register_restricted_type": {Call: registerTransformer},
}

// transformed is the type that a transformer is for.
type transformed struct{ pyType pyeval.Value }

// transformerInit is core/type_engine.py:TypeTransformer.__init__(name, t).
func transformerInit(f *pyeval.Frame, self *pyeval.Instance, c *pyeval.Call) {
	if t, ok := c.Arg(1, "t"); ok {
		self.Extra = transformed{f.Resolve(t.Value)}
	}
}

// registration is a type that a module registers a transformer for, which is
// nil of further types.
type registration struct {
	pyType      pyeval.Value
	transformer *pyeval.Instance
}

// registerTransformer is core/type_engine.py:TypeEngine.register(transformer,
// additional_types), or register_restricted_type(name, type).
func registerTransformer(f *pyeval.Frame, c *pyeval.Call) pyeval.Value {
	if given, ok := c.Arg(0, "transformer"); ok {
		if instance, ok := f.Resolve(given.Value).(*pyeval.Instance); ok {
			if t, ok := instance.Extra.(transformed); ok {
				f.Record(&registration{t.pyType, instance})
			}
		}
	}
	for _, name := range []string{"additional_types", "type"} {
		given, ok := c.Arg(1, name)
		if !ok {
			continue
		}
		types, several := f.Iterate(f.Resolve(given.Value))
		if !several {
			types = []pyeval.Value{f.Resolve(given.Value)}
		}
		for _, t := range types {
			f.Record(&registration{pyType: f.Resolve(t)})
		}
		break
	}
	return pyeval.None{}
}

// registered is the registration of a class: its module's, or that of the one
// that defines it; nil if there is none.
func (m *Module) registered(class *pyeval.Class) *registration {
	made := m.Made
	if class.Module != nil && class.Module != m.Module {
		made = slices.Concat(made, class.Module.Made)
	}
	for _, one := range made {
		if r, ok := one.(*registration); ok && pyeval.Same(r.pyType, class) {
			return r
		}
	}
	return nil
}

// ownType is what a transformer of the project's own makes of a type: known is
// false if there is none for it. In another type it isn't told.
func (m *Module) ownType(t pyeval.Value) (literalType *core.LiteralType, known bool, err error) {
	switch t := t.(type) {
	case *pyeval.Class:
		r := m.registered(t)
		if r == nil {
			return nil, false, nil
		}
		if literalType := m.transform(r, t); literalType != nil {
			return literalType, true, nil
		}
		return nil, true, unread(t)
	case *pyeval.Alias:
		if isNative(t.Origin, "typing.Annotated") && len(t.Args) > 0 && !slices.ContainsFunc(t.Args[1:], isFlyteAnnotation) {
			return m.ownType(t.Args[0])
		}
		return nil, false, m.within(append([]pyeval.Value{t.Origin}, t.Args...))
	case *pyeval.Union:
		return nil, false, m.within(t.Args)
	}
	return nil, false, nil
}

// isFlyteAnnotation tells of what is added to the LiteralType itself.
func isFlyteAnnotation(value pyeval.Value) bool {
	instance, ok := value.(*pyeval.Instance)
	return ok && isNative(instance.Class, "flytekit.core.annotation.FlyteAnnotation")
}

func unread(class *pyeval.Class) error {
	return &typeengine.UnknownError{Reason: "what the type transformer that is registered for " + class.Name + " makes of it isn't read"}
}

// within tells that one of the types has a transformer of the project's own.
func (m *Module) within(types []pyeval.Value) error {
	for _, t := range types {
		if class, ok := t.(*pyeval.Class); ok {
			if m.registered(class) != nil {
				return unread(class)
			}
		} else if _, _, err := m.ownType(t); err != nil {
			return err
		}
	}
	return nil
}

// transform is what the transformer's get_literal_type returns, if it is a
// simple type or a blob that is written out; nil otherwise.
func (m *Module) transform(r *registration, t pyeval.Value) *core.LiteralType {
	if r.transformer == nil {
		return nil
	}
	f := m.program.Frame(m.Module)
	made, ok := f.CallValue(f.Attr(r.transformer, "get_literal_type"), &pyeval.Call{Args: []pyeval.Named{{Value: t}}}).(*pyeval.Instance)
	if !ok || !isNative(made.Class, "flytekit.models.types.LiteralType") || made.Open || len(made.Args) > 0 {
		return nil
	}
	literalType := &core.LiteralType{}
	for _, keyword := range made.Keywords {
		switch value := f.Resolve(keyword.Value).(type) {
		case *pyeval.Native:
			number, ok := core.SimpleType_value[cut(value.Name, "flytekit.models.types.SimpleType.")]
			if keyword.Name != "simple" || !ok {
				return nil
			}
			literalType.Type = &core.LiteralType_Simple{Simple: core.SimpleType(number)}
		case *pyeval.Instance:
			blob := blobType(f, value)
			if keyword.Name != "blob" || blob == nil {
				return nil
			}
			literalType.Type = &core.LiteralType_Blob{Blob: blob}
		case *pyeval.Dict:
			if keyword.Name != "metadata" || value.Open || len(value.Items) > 0 {
				return nil
			}
			literalType.Metadata = &structpb.Struct{}
		default:
			return nil
		}
	}
	if literalType.GetType() == nil {
		return nil
	}
	return literalType
}

// blobType is a BlobType(format, dimensionality) (models/core/types.py).
func blobType(f *pyeval.Frame, value *pyeval.Instance) *core.BlobType {
	if !isNative(value.Class, "flytekit.models.core.types.BlobType") || value.Open {
		return nil
	}
	call := &pyeval.Call{Args: positional(value.Args), Keywords: value.Keywords}
	format, ok := f.Resolve(call.Value(0, "format", pyeval.None{})).(pyeval.Str)
	dimensionality, ok2 := f.Resolve(call.Value(1, "dimensionality", pyeval.None{})).(*pyeval.Native)
	if !ok || !ok2 {
		return nil
	}
	number, ok := core.BlobType_BlobDimensionality_value[cut(dimensionality.Name, "flytekit.models.core.types.BlobType.BlobDimensionality.")]
	if !ok {
		return nil
	}
	return &core.BlobType{Format: string(format), Dimensionality: core.BlobType_BlobDimensionality(number)}
}

func isNative(value pyeval.Value, name string) bool {
	native, ok := value.(*pyeval.Native)
	return ok && native.Name == name
}
