package literal

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/core"
	"google.golang.org/protobuf/types/known/structpb"
)

// pickleFormat marks the blob of a value that flytekit pickled
// (flytekit/types/pickle/pickle.py, PYTHON_PICKLE_FORMAT).
const pickleFormat = "PythonPickle"

// A value is nil, bool, int64, uint64, float64, string, []byte, []any,
// *object, bare or unshowable: what literals, structs and msgpack have in
// common.
type value any

// object keeps the order of its fields: a dataclass's is its author's.
type object struct {
	keys   []string
	values []value
}

// bare is a word that stands without quotes in a text, and is a string in
// JSON.
type bare struct{ text, json string }

// unshowable describes what has no JSON form.
type unshowable string

func fromLiteral(l *core.Literal) value {
	switch v := l.GetValue().(type) {
	case *core.Literal_Scalar:
		return fromScalar(v.Scalar)
	case *core.Literal_Collection:
		items := make([]any, len(v.Collection.GetLiterals()))
		for i, item := range v.Collection.GetLiterals() {
			items[i] = fromLiteral(item)
		}
		return items
	case *core.Literal_Map:
		entries := v.Map.GetLiterals()
		out := &object{}
		for _, key := range slices.Sorted(maps.Keys(entries)) {
			out.add(key, fromLiteral(entries[key]))
		}
		return out
	case *core.Literal_OffloadedMetadata:
		return unshowable(fmt.Sprintf("a value of %s kept at %s", sizeText(v.OffloadedMetadata.GetSizeBytes()), v.OffloadedMetadata.GetUri()))
	default:
		return unshowable("a literal without a value")
	}
}

func fromScalar(s *core.Scalar) value {
	switch v := s.GetValue().(type) {
	case *core.Scalar_Primitive:
		return fromPrimitive(v.Primitive)
	case *core.Scalar_NoneType:
		return nil
	case *core.Scalar_Blob:
		uri := v.Blob.GetUri()
		if v.Blob.GetMetadata().GetType().GetFormat() == pickleFormat {
			return bare{text: "<pickled Python object at " + uri + ">", json: uri}
		}
		return bare{text: uri, json: uri}
	case *core.Scalar_Schema:
		return bare{text: v.Schema.GetUri(), json: v.Schema.GetUri()}
	case *core.Scalar_StructuredDataset:
		return bare{text: v.StructuredDataset.GetUri(), json: v.StructuredDataset.GetUri()}
	case *core.Scalar_Generic:
		return fromStruct(v.Generic)
	case *core.Scalar_Binary:
		return fromBinary(v.Binary)
	case *core.Scalar_Union:
		return fromLiteral(v.Union.GetValue())
	case *core.Scalar_Error:
		out := &object{}
		out.add("message", v.Error.GetMessage())
		out.add("failed_node_id", v.Error.GetFailedNodeId())
		return out
	default:
		return unshowable("a scalar of a kind that this version doesn't know")
	}
}

func fromPrimitive(p *core.Primitive) value {
	switch v := p.GetValue().(type) {
	case *core.Primitive_Integer:
		return v.Integer
	case *core.Primitive_FloatValue:
		return v.FloatValue
	case *core.Primitive_StringValue:
		return v.StringValue
	case *core.Primitive_Boolean:
		return v.Boolean
	case *core.Primitive_Datetime:
		text := v.Datetime.AsTime().Format(time.RFC3339Nano)
		return bare{text: text, json: text}
	case *core.Primitive_Duration:
		text := durationText(v.Duration.AsDuration())
		return bare{text: text, json: text}
	default:
		return unshowable("a primitive of a kind that this version doesn't know")
	}
}

func fromStruct(s *structpb.Struct) *object {
	out := &object{}
	for _, key := range slices.Sorted(maps.Keys(s.GetFields())) {
		out.add(key, fromStructValue(s.GetFields()[key]))
	}
	return out
}

func fromStructValue(v *structpb.Value) value {
	switch v := v.GetKind().(type) {
	case *structpb.Value_BoolValue:
		return v.BoolValue
	case *structpb.Value_StringValue:
		return v.StringValue
	case *structpb.Value_NumberValue:
		return structNumber(v.NumberValue)
	case *structpb.Value_StructValue:
		return fromStruct(v.StructValue)
	case *structpb.Value_ListValue:
		items := make([]any, len(v.ListValue.GetValues()))
		for i, item := range v.ListValue.GetValues() {
			items[i] = fromStructValue(item)
		}
		return items
	default:
		return nil
	}
}

// structNumber undoes what a struct does to integers: it has floats alone.
func structNumber(f float64) value {
	if f == math.Trunc(f) && math.Abs(f) < 1<<53 {
		return int64(f)
	}
	return f
}

func fromBinary(b *core.Binary) value {
	if b.GetTag() != "msgpack" {
		return unshowable(fmt.Sprintf("a binary value of %s with the tag %q", sizeText(uint64(len(b.GetValue()))), b.GetTag()))
	}
	v, err := decodeMsgpack(b.GetValue())
	if err != nil {
		return unshowable(fmt.Sprintf("a msgpack value of %s that doesn't decode (%v)", sizeText(uint64(len(b.GetValue()))), err))
	}
	return v
}

func (o *object) add(key string, v value) {
	o.keys = append(o.keys, key)
	o.values = append(o.values, v)
}

// durationText is Go's form without the zeros at its end: 1h30m, not 1h30m0s.
func durationText(d time.Duration) string {
	text := d.String()
	if strings.HasSuffix(text, "m0s") {
		text = strings.TrimSuffix(text, "0s")
	}
	if strings.HasSuffix(text, "h0m") {
		text = strings.TrimSuffix(text, "0m")
	}
	return text
}

func sizeText(bytes uint64) string {
	const step = 1000
	if bytes < step {
		return fmt.Sprintf("%d bytes", bytes)
	}
	size, unit := float64(bytes)/step, 0
	for size >= step && unit < 3 {
		size, unit = size/step, unit+1
	}
	return fmt.Sprintf("%.1f %cB", size, "kMGT"[unit])
}
