package literal

import (
	"cmp"
	"slices"

	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/core"
	"google.golang.org/protobuf/proto"
)

// TypeOf is the type that the backend takes a literal to have
// (flytepropeller/pkg/compiler/validators/utils.go:LiteralTypeForLiteral); nil if
// it takes it to have none.
func TypeOf(l *core.Literal) *core.LiteralType {
	switch v := l.GetValue().(type) {
	case *core.Literal_Scalar:
		return ScalarType(v.Scalar)
	case *core.Literal_Collection:
		return &core.LiteralType{Type: &core.LiteralType_CollectionType{CollectionType: commonType(v.Collection.GetLiterals())}}
	case *core.Literal_Map:
		var values []*core.Literal
		for _, value := range v.Map.GetLiterals() {
			values = append(values, value)
		}
		return &core.LiteralType{Type: &core.LiteralType_MapValueType{MapValueType: commonType(values)}}
	case *core.Literal_OffloadedMetadata:
		return v.OffloadedMetadata.GetInferredType()
	}
	return nil
}

// ScalarType is TypeOf a scalar.
func ScalarType(scalar *core.Scalar) *core.LiteralType {
	switch v := scalar.GetValue().(type) {
	case *core.Scalar_Primitive:
		return PrimitiveType(v.Primitive)
	case *core.Scalar_Blob:
		if v.Blob.GetMetadata() == nil {
			return nil
		}
		return &core.LiteralType{Type: &core.LiteralType_Blob{Blob: v.Blob.GetMetadata().GetType()}}
	case *core.Scalar_Binary:
		if v.Binary.GetTag() == "msgpack" {
			return simple(core.SimpleType_STRUCT)
		}
		return simple(core.SimpleType_BINARY)
	case *core.Scalar_Schema:
		return &core.LiteralType{Type: &core.LiteralType_Schema{Schema: v.Schema.GetType()}}
	case *core.Scalar_StructuredDataset:
		return &core.LiteralType{Type: &core.LiteralType_StructuredDatasetType{
			StructuredDatasetType: v.StructuredDataset.GetMetadata().GetStructuredDatasetType(),
		}}
	case *core.Scalar_NoneType:
		return simple(core.SimpleType_NONE)
	case *core.Scalar_Error:
		return simple(core.SimpleType_ERROR)
	case *core.Scalar_Generic:
		return simple(core.SimpleType_STRUCT)
	case *core.Scalar_Union:
		return &core.LiteralType{Type: &core.LiteralType_UnionType{
			UnionType: &core.UnionType{Variants: []*core.LiteralType{v.Union.GetType()}},
		}}
	}
	return nil
}

// PrimitiveType is TypeOf a primitive.
func PrimitiveType(primitive *core.Primitive) *core.LiteralType {
	switch primitive.GetValue().(type) {
	case *core.Primitive_Integer:
		return simple(core.SimpleType_INTEGER)
	case *core.Primitive_FloatValue:
		return simple(core.SimpleType_FLOAT)
	case *core.Primitive_StringValue:
		return simple(core.SimpleType_STRING)
	case *core.Primitive_Boolean:
		return simple(core.SimpleType_BOOLEAN)
	case *core.Primitive_Datetime:
		return simple(core.SimpleType_DATETIME)
	case *core.Primitive_Duration:
		return simple(core.SimpleType_DURATION)
	}
	return simple(core.SimpleType_NONE)
}

func simple(t core.SimpleType) *core.LiteralType {
	return &core.LiteralType{Type: &core.LiteralType_Simple{Simple: t}}
}

// commonType is the type of elements: that of all, a union, or none's. An empty
// list counts only among its like.
func commonType(elements []*core.Literal) *core.LiteralType {
	var types []*core.LiteralType
	var empty *core.LiteralType
	for _, element := range elements {
		t := TypeOf(element)
		if list := element.GetCollection(); list != nil && list.GetLiterals() == nil {
			empty = t
			continue
		}
		if !slices.ContainsFunc(types, func(other *core.LiteralType) bool { return proto.Equal(t, other) }) {
			types = append(types, t)
		}
	}
	switch {
	case len(types) == 1:
		return types[0]
	case len(types) == 0 && empty != nil:
		return empty
	case len(types) == 0:
		return simple(core.SimpleType_NONE)
	}
	slices.SortFunc(types, func(a, b *core.LiteralType) int { return cmp.Compare(a.String(), b.String()) })
	var variants []*core.LiteralType
	nested := false
	for _, t := range types {
		if union := t.GetCollectionType().GetUnionType(); union != nil {
			nested = true
			variants = append(variants, union.GetVariants()...)
		} else {
			variants = append(variants, t)
		}
	}
	union := &core.LiteralType{Type: &core.LiteralType_UnionType{UnionType: &core.UnionType{Variants: variants}}}
	if nested {
		return &core.LiteralType{Type: &core.LiteralType_CollectionType{CollectionType: union}}
	}
	return union
}
