package literal_test

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/flyte-lsp/flyte-lsp/literal"
	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/core"
	"github.com/vmihailenco/msgpack/v5"
	"google.golang.org/protobuf/types/known/structpb"
)

func scalar(s *core.Scalar) *core.Literal {
	return &core.Literal{Value: &core.Literal_Scalar{Scalar: s}}
}

func text(s string) *core.Literal {
	return scalar(&core.Scalar{Value: &core.Scalar_Primitive{Primitive: &core.Primitive{Value: &core.Primitive_StringValue{StringValue: s}}}})
}

func binary(tag string, data []byte) *core.Literal {
	return scalar(&core.Scalar{Value: &core.Scalar_Binary{Binary: &core.Binary{Tag: tag, Value: data}}})
}

func list(items ...*core.Literal) *core.Literal {
	return &core.Literal{Value: &core.Literal_Collection{Collection: &core.LiteralCollection{Literals: items}}}
}

func packed(t *testing.T, v any) *core.Literal {
	t.Helper()
	data, err := msgpack.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return binary("msgpack", data)
}

// TestOtherValues shows what flytekit of today doesn't make, and other clients
// or older versions do.
func TestOtherValues(t *testing.T) {
	generic, err := structpb.NewStruct(map[string]any{"n": 3, "f": 0.5, "list": []any{nil, true, "x"}, "o": map[string]any{}})
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name       string
		literal    *core.Literal
		text, json string
	}{
		{"struct", scalar(&core.Scalar{Value: &core.Scalar_Generic{Generic: generic}}),
			`{"f": 0.5, "list": [None, True, "x"], "n": 3, "o": {}}`, `{"f":0.5,"list":[null,true,"x"],"n":3,"o":{}}`},
		{"schema", scalar(&core.Scalar{Value: &core.Scalar_Schema{Schema: &core.Schema{Uri: "s3://b/schema"}}}),
			"s3://b/schema", `"s3://b/schema"`},
		{"error", scalar(&core.Scalar{Value: &core.Scalar_Error{Error: &core.Error{Message: "boom", FailedNodeId: "n1"}}}),
			`{"message": "boom", "failed_node_id": "n1"}`, `{"message":"boom","failed_node_id":"n1"}`},
		{"bytes", packed(t, []byte("a\x00")), `b"a\x00"`, `"YQA="`},
		{"large unsigned", packed(t, uint64(1<<63)), "9223372036854775808", "9223372036854775808"},
		{"small unsigned", packed(t, uint64(7)), "7", "7"},
		{"msgpack time", packed(t, time.Unix(0, 0)), "1970-01-01T00:00:00Z", `"1970-01-01T00:00:00Z"`},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := literal.Text(test.literal); got != test.text {
				t.Errorf("text %q, want %q", got, test.text)
			}
			if got, err := literal.JSON(test.literal); err != nil || string(got) != test.json {
				t.Errorf("JSON %s, %v, want %s", got, err, test.json)
			}
		})
	}
}

func TestWhatHasNoJSON(t *testing.T) {
	offloaded := &core.Literal{Value: &core.Literal_OffloadedMetadata{OffloadedMetadata: &core.LiteralOffloadedMetadata{Uri: "s3://b/big", SizeBytes: 12_345_678}}}
	for _, test := range []struct {
		name    string
		literal *core.Literal
		what    string
	}{
		{"offloaded", offloaded, "a value of 12.3 MB kept at s3://b/big"},
		{"unknown tag", binary("avro", []byte("abc")), `a binary value of 3 bytes with the tag "avro"`},
		{"broken msgpack", binary("msgpack", []byte{0x92, 0x01}), "a msgpack value of 2 bytes that doesn't decode (EOF)"},
		{"endless msgpack", binary("msgpack", bytes.Repeat([]byte{0x91}, 1<<20)), "a msgpack value of 1.0 MB that doesn't decode (it is nested more than 500 levels deep)"},
		{"empty", &core.Literal{}, "a literal without a value"},
		{"nil", nil, "a literal without a value"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got, want := literal.Text(test.literal), "<"+test.what+">"; got != want {
				t.Errorf("text %q, want %q", got, want)
			}
			_, err := literal.JSON(list(text("fine"), test.literal))
			var unshowable *literal.UnshowableError
			if !errors.As(err, &unshowable) || unshowable.Path != "[1]" || unshowable.What != test.what {
				t.Errorf("JSON of a list with it: %v", err)
			}
		})
	}
}

func TestMapJSON(t *testing.T) {
	values := map[string]*core.Literal{"b": text("<2>"), "a": text("1")}
	got, err := literal.MapJSON(&core.LiteralMap{Literals: values})
	if want := `{"a":"1","b":"<2>"}`; err != nil || string(got) != want {
		t.Errorf("got %s, %v, want %s", got, err, want)
	}
	values["model"] = binary("avro", nil)
	_, err = literal.MapJSON(&core.LiteralMap{Literals: values})
	if err == nil || !strings.HasPrefix(err.Error(), "model: a binary value") {
		t.Errorf("the error doesn't name the variable: %v", err)
	}
	if got, err := literal.MapJSON(nil); err != nil || string(got) != "{}" {
		t.Errorf("no outputs: %s, %v", got, err)
	}
}

func TestTextIsBounded(t *testing.T) {
	many := make([]*core.Literal, 100_000)
	for i := range many {
		many[i] = text("é")
	}
	for name, value := range map[string]*core.Literal{
		"long string": text(strings.Repeat("é", 1<<20)),
		"long list":   list(many...),
		"long file":   scalar(&core.Scalar{Value: &core.Scalar_Blob{Blob: &core.Blob{Uri: strings.Repeat("é", 5000)}}}),
	} {
		got := literal.Text(value)
		if utf8.RuneCountInString(got) != literal.TextRunes || !strings.HasSuffix(got, "…") || !utf8.ValidString(got) {
			t.Errorf("%s: %d runes: %q", name, utf8.RuneCountInString(got), got)
		}
	}
	for limit, want := range map[int]string{0: "…", 1: "…", 4: `"ab…`, 5: `"abc"`} {
		if got := literal.TextLimit(text("abc"), limit); got != want {
			t.Errorf("limit %d: %q, want %q", limit, got, want)
		}
	}
}

func TestTypeTextOfOlderSchemas(t *testing.T) {
	for want, metadata := range map[string]map[string]any{
		"Rating":   {"$ref": "#/definitions/RatingSchema", "definitions": map[string]any{}},
		"Duration": {"pb_type": "google.protobuf.duration_pb2.Duration"},
		"dict":     {},
	} {
		fields, err := structpb.NewStruct(metadata)
		if err != nil {
			t.Fatal(err)
		}
		typ := &core.LiteralType{Type: &core.LiteralType_Simple{Simple: core.SimpleType_STRUCT}, Metadata: fields}
		if got := literal.TypeText(typ); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	if got := literal.TypeText(nil); got != "unknown" {
		t.Errorf("no type: %q", got)
	}
}

func ExampleText() {
	fmt.Println(literal.Text(list(text("great battery"), text("good value"))))
	// Output: ["great battery", "good value"]
}
