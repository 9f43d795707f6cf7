package literal

import (
	"slices"
	"strings"

	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/core"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/structpb"
)

// Castable tells whether the backend lets a promise of the source type stand
// for an input or output of the target type
// (flytepropeller/pkg/compiler/validators/typing.go:AreTypesCastable). Nil types
// fit nothing.
func Castable(source, target *core.LiteralType) bool {
	if source == nil || target == nil {
		return false
	}
	if variants := source.GetUnionType().GetVariants(); len(variants) == 1 && castable(variants[0], target) {
		return true
	}
	return castable(source, target)
}

func castable(source, target *core.LiteralType) bool {
	switch t := target.GetType().(type) {
	case *core.LiteralType_CollectionType:
		element := source.GetCollectionType()
		return IsNone(element) || element != nil && castable(element, t.CollectionType)
	case *core.LiteralType_MapValueType:
		value := source.GetMapValueType()
		return IsNone(value) || value != nil && castable(value, t.MapValueType)
	case *core.LiteralType_Blob:
		blob := source.GetBlob()
		return blob != nil && (blob.GetFormat() == "" || t.Blob.GetFormat() == "" || blob.GetFormat() == t.Blob.GetFormat())
	case *core.LiteralType_UnionType:
		return castableToUnion(source, t.UnionType)
	case *core.LiteralType_Schema:
		return castableToSchema(source, t.Schema)
	case *core.LiteralType_StructuredDatasetType:
		return castableToDataset(source, t.StructuredDatasetType)
	}
	if IsNone(target) {
		return IsNone(source)
	}
	return castableToSimple(source, target)
}

// IsNone tells whether a type is that of None.
func IsNone(t *core.LiteralType) bool {
	simple, ok := t.GetType().(*core.LiteralType_Simple)
	return ok && simple.Simple == core.SimpleType_NONE
}

// castableToSimple is that of simple types and enums.
func castableToSimple(source, target *core.LiteralType) bool {
	text := func(t *core.LiteralType) bool { return t.GetSimple() == core.SimpleType_STRING }
	if source.GetEnumType() != nil && text(target) || target.GetEnumType() != nil && text(source) {
		return true
	}
	if tag := source.GetStructure().GetTag(); tag != "" && tag != target.GetStructure().GetTag() {
		return false
	}
	if source.GetSimple() == core.SimpleType_STRUCT && target.GetSimple() == core.SimpleType_STRUCT {
		return castableStructs(source.GetMetadata(), target.GetMetadata())
	}
	return proto.Equal(unannotated(source), unannotated(target))
}

// unannotated is a type without what propeller doesn't compare.
func unannotated(t *core.LiteralType) *core.LiteralType { return &core.LiteralType{Type: t.GetType()} }

// castableStructs compares the JSON schemas of two structs. One without a schema
// fits all.
func castableStructs(source, target *structpb.Struct) bool {
	if source == nil || target == nil || proto.Equal(source, target) {
		return true
	}
	had, wanted := &jsonSchema{source, source}, &jsonSchema{target, target}
	refused, _ := wanted.refuses(had, 0)
	return !refused
}

// castableToUnion asks of another union that each of its variants has a home,
// and of other types that exactly one variant fits.
func castableToUnion(source *core.LiteralType, target *core.UnionType) bool {
	fits := func(variant *core.LiteralType) int {
		count := 0
		for _, t := range target.GetVariants() {
			if Castable(variant, t) {
				count++
			}
		}
		return count
	}
	if union := source.GetUnionType(); union != nil {
		return !slices.ContainsFunc(union.GetVariants(), func(v *core.LiteralType) bool { return fits(v) == 0 })
	}
	return fits(source) == 1
}

func castableToDataset(source *core.LiteralType, target *core.StructuredDatasetType) bool {
	if IsNone(source) {
		return true
	}
	if old := source.GetSchema(); old != nil {
		return isParquet(target.GetFormat()) && columnsFit(target.GetColumns(), old.GetColumns(), sameColumn)
	}
	dataset := source.GetStructuredDatasetType()
	if dataset == nil || dataset.GetFormat() != "" && target.GetFormat() != "" && !strings.EqualFold(dataset.GetFormat(), target.GetFormat()) {
		return false
	}
	return columnsFit(target.GetColumns(), dataset.GetColumns(), func(wanted, has *core.StructuredDatasetType_DatasetColumn) bool {
		return castable(has.GetLiteralType(), wanted.GetLiteralType())
	})
}

func castableToSchema(source *core.LiteralType, target *core.SchemaType) bool {
	if old := source.GetSchema(); old != nil {
		return columnsFit(target.GetColumns(), old.GetColumns(), func(wanted, has *core.SchemaType_SchemaColumn) bool {
			return wanted.GetType() == has.GetType()
		})
	}
	dataset := source.GetStructuredDatasetType()
	return dataset != nil && isParquet(dataset.GetFormat()) &&
		columnsFit(target.GetColumns(), dataset.GetColumns(), func(wanted *core.SchemaType_SchemaColumn, has *core.StructuredDatasetType_DatasetColumn) bool {
			return sameColumn(has, wanted)
		})
}

// isParquet tells whether a dataset may be a schema, which is always parquet.
func isParquet(format string) bool { return format == "" || strings.EqualFold(format, "parquet") }

// columnsFit tells that all columns that are wanted are there; without columns
// on either side all fits.
func columnsFit[W, H interface{ GetName() string }](wanted []W, has []H, fit func(W, H) bool) bool {
	if len(wanted) == 0 || len(has) == 0 {
		return true
	}
	byName := map[string]H{}
	for _, column := range has {
		byName[column.GetName()] = column
	}
	return !slices.ContainsFunc(wanted, func(column W) bool {
		found, ok := byName[column.GetName()]
		return !ok || !fit(column, found)
	})
}

// simpleColumns are the types of a schema's columns as a dataset has them.
var simpleColumns = map[core.SchemaType_SchemaColumn_SchemaColumnType]core.SimpleType{
	core.SchemaType_SchemaColumn_INTEGER:  core.SimpleType_INTEGER,
	core.SchemaType_SchemaColumn_FLOAT:    core.SimpleType_FLOAT,
	core.SchemaType_SchemaColumn_STRING:   core.SimpleType_STRING,
	core.SchemaType_SchemaColumn_BOOLEAN:  core.SimpleType_BOOLEAN,
	core.SchemaType_SchemaColumn_DATETIME: core.SimpleType_DATETIME,
	core.SchemaType_SchemaColumn_DURATION: core.SimpleType_DURATION,
}

func sameColumn(dataset *core.StructuredDatasetType_DatasetColumn, old *core.SchemaType_SchemaColumn) bool {
	simple, ok := simpleColumns[old.GetType()]
	return ok && dataset.GetLiteralType().GetSimple() == simple
}
