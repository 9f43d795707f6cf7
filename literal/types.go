package literal

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/core"
)

var simpleTypes = map[core.SimpleType]string{
	core.SimpleType_NONE:     "None",
	core.SimpleType_INTEGER:  "int",
	core.SimpleType_FLOAT:    "float",
	core.SimpleType_STRING:   "str",
	core.SimpleType_BOOLEAN:  "bool",
	core.SimpleType_DATETIME: "datetime",
	core.SimpleType_DURATION: "timedelta",
	core.SimpleType_BINARY:   "binary",
	core.SimpleType_ERROR:    "FlyteError",
	core.SimpleType_STRUCT:   "dict",
}

// TypeText returns a type as a user of flytekit writes it: List[str],
// Optional[int], FlyteFile[csv], and a dataclass by its name. An enum's name
// isn't part of its type: it is shown as Literal["a", "b"].
func TypeText(t *core.LiteralType) string {
	switch v := t.GetType().(type) {
	case *core.LiteralType_Simple:
		if v.Simple == core.SimpleType_STRUCT {
			return structType(t)
		}
		if text, ok := simpleTypes[v.Simple]; ok {
			return text
		}
		return strings.ToLower(v.Simple.String())
	case *core.LiteralType_CollectionType:
		return "List[" + TypeText(v.CollectionType) + "]"
	case *core.LiteralType_MapValueType:
		return "Dict[str, " + TypeText(v.MapValueType) + "]"
	case *core.LiteralType_UnionType:
		return unionType(v.UnionType)
	case *core.LiteralType_Blob:
		return blobType(t, v.Blob)
	case *core.LiteralType_Schema:
		return "FlyteSchema"
	case *core.LiteralType_StructuredDatasetType:
		return "StructuredDataset"
	case *core.LiteralType_EnumType:
		return enumType(v.EnumType)
	default:
		return "unknown"
	}
}

// structType finds a dataclass's name in the JSON schema that flytekit puts
// into the type's metadata: mashumaro's has a title, marshmallow's a reference
// to its first definition; a protobuf message has its Python path instead
// (core/type_engine.py, DataclassTransformer and ProtobufTransformer).
func structType(t *core.LiteralType) string {
	fields := t.GetMetadata().GetFields()
	if title := fields["title"].GetStringValue(); title != "" {
		return title
	}
	if ref := fields["$ref"].GetStringValue(); ref != "" {
		name := ref[strings.LastIndex(ref, "/")+1:]
		return strings.TrimSuffix(strings.TrimSuffix(name, "Schema"), "schema")
	}
	if path := fields["pb_type"].GetStringValue(); path != "" {
		return lastPart(path)
	}
	return simpleTypes[core.SimpleType_STRUCT]
}

func unionType(u *core.UnionType) string {
	var variants []string
	optional := false
	for _, variant := range u.GetVariants() {
		if simple, ok := variant.GetType().(*core.LiteralType_Simple); ok && simple.Simple == core.SimpleType_NONE {
			optional = true
			continue
		}
		variants = append(variants, TypeText(variant))
	}
	switch {
	case optional && len(variants) == 1:
		return "Optional[" + variants[0] + "]"
	case optional:
		variants = append(variants, "None")
	}
	return "Union[" + strings.Join(variants, ", ") + "]"
}

func blobType(t *core.LiteralType, b *core.BlobType) string {
	if b.GetFormat() == pickleFormat {
		return pickleType(t)
	}
	text := "FlyteFile"
	if b.GetDimensionality() == core.BlobType_MULTIPART {
		text = "FlyteDirectory"
	}
	if b.GetFormat() == "" {
		return text
	}
	return fmt.Sprintf("%s[%s]", text, b.GetFormat())
}

// pickleType reads the class from the metadata, where flytekit puts Python's
// own text of it, "<class 'module.Name'>" or "typing.Any".
func pickleType(t *core.LiteralType) string {
	class := t.GetMetadata().GetFields()["python_class_name"].GetStringValue()
	class = strings.TrimSuffix(strings.TrimPrefix(class, "<class '"), "'>")
	if class == "" {
		return "FlytePickle"
	}
	if strings.Contains(class, "[") {
		return strings.ReplaceAll(class, "typing.", "")
	}
	return lastPart(class)
}

func enumType(e *core.EnumType) string {
	quoted := make([]string, len(e.GetValues()))
	for i, v := range e.GetValues() {
		quoted[i] = strconv.Quote(v)
	}
	return "Literal[" + strings.Join(quoted, ", ") + "]"
}

func lastPart(dotted string) string { return dotted[strings.LastIndex(dotted, ".")+1:] }
