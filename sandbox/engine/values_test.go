package engine

import (
	"strings"
	"testing"
	"time"

	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/core"
	"github.com/vmihailenco/msgpack/v5"
	"google.golang.org/protobuf/types/known/durationpb"
	"google.golang.org/protobuf/types/known/structpb"

	"github.com/flyte-lsp/flyte-lsp/literal"
)

func whole(n int64) *core.Primitive {
	return &core.Primitive{Value: &core.Primitive_Integer{Integer: n}}
}

func real(f float64) *core.Primitive {
	return &core.Primitive{Value: &core.Primitive_FloatValue{FloatValue: f}}
}

func word(s string) *core.Primitive {
	return &core.Primitive{Value: &core.Primitive_StringValue{StringValue: s}}
}

func truth(b bool) *core.Primitive {
	return &core.Primitive{Value: &core.Primitive_Boolean{Boolean: b}}
}

func span(d time.Duration) *core.Primitive {
	return &core.Primitive{Value: &core.Primitive_Duration{Duration: durationpb.New(d)}}
}

// Conditions compare values of one type, as propeller does.
func TestConditions(t *testing.T) {
	operators := map[string]core.ComparisonExpression_Operator{
		"==": core.ComparisonExpression_EQ, "!=": core.ComparisonExpression_NEQ, "<": core.ComparisonExpression_LT,
		"<=": core.ComparisonExpression_LTE, ">": core.ComparisonExpression_GT, ">=": core.ComparisonExpression_GTE,
	}
	for _, test := range []struct {
		left     *core.Primitive
		operator string
		right    *core.Primitive
		want     string
	}{
		{whole(1), "<", whole(2), "true"}, {whole(2), "<=", whole(2), "true"}, {whole(2), ">", whole(2), "false"},
		{real(1.5), ">=", real(1.5), "true"}, {word("a"), "!=", word("b"), "true"}, {word("a"), "<", word("b"), "true"},
		{truth(true), "==", truth(true), "true"}, {truth(true), "!=", truth(true), "false"},
		{span(1500 * time.Millisecond), "==", span(time.Second), "true"}, // whole seconds
		{truth(true), "<", truth(false), "booleans can only be compared for equality"},
		{whole(1), "==", real(1), "values of different types can't be compared"},
	} {
		comparison := &core.BooleanExpression{Expr: &core.BooleanExpression_Comparison{Comparison: &core.ComparisonExpression{
			Operator: operators[test.operator], LeftValue: &core.Operand{Val: &core.Operand_Var{Var: "x"}}, RightValue: &core.Operand{Val: &core.Operand_Primitive{Primitive: test.right}},
		}}}
		inputs := &core.LiteralMap{Literals: map[string]*core.Literal{"x": primitive(test.left)}}
		holds, err := holds(comparison, inputs)
		got := map[bool]string{true: "true", false: "false"}[holds]
		if err != nil {
			got = err.Error()
		}
		if !strings.Contains(got, test.want) {
			t.Errorf("%v %s %v is %s, want %s", test.left, test.operator, test.right, got, test.want)
		}
	}
}

// Promises reach into lists, maps and dataclasses.
func TestPromiseAttributes(t *testing.T) {
	at := func(steps ...any) []*core.PromiseAttribute {
		var path []*core.PromiseAttribute
		for _, step := range steps {
			switch s := step.(type) {
			case int:
				path = append(path, &core.PromiseAttribute{Value: &core.PromiseAttribute_IntValue{IntValue: int32(s)}})
			case string:
				path = append(path, &core.PromiseAttribute{Value: &core.PromiseAttribute_StringValue{StringValue: s}})
			}
		}
		return path
	}
	fields := map[string]any{"n": 3, "name": "x", "list": []any{1, "two"}, "inner": map[string]any{"flag": true, "none": nil}}
	packed, err := msgpack.Marshal(fields)
	if err != nil {
		t.Fatal(err)
	}
	binary := &core.Literal{Value: &core.Literal_Scalar{Scalar: &core.Scalar{Value: &core.Scalar_Binary{Binary: &core.Binary{Value: packed, Tag: "msgpack"}}}}}
	object, err := structpb.NewStruct(fields)
	if err != nil {
		t.Fatal(err)
	}
	generic := &core.Literal{Value: &core.Literal_Scalar{Scalar: &core.Scalar{Value: &core.Scalar_Generic{Generic: object}}}}
	wrapped := &core.Literal{Value: &core.Literal_Scalar{Scalar: &core.Scalar{Value: &core.Scalar_Union{Union: &core.Union{Value: binary}}}}}
	list := collection([]*core.Literal{binary, generic})
	for _, test := range []struct {
		value *core.Literal
		path  []*core.PromiseAttribute
		want  string
	}{
		{list, at(0, "n"), "3"}, {list, at(1, "n"), "3.0"}, {binary, at("name"), `"x"`}, {wrapped, at("name"), `"x"`},
		{binary, at("list", 1), `"two"`}, {binary, at("list"), `[1,"two"]`}, {generic, at("list"), `[1.0,"two"]`},
		{binary, at("inner", "flag"), "true"}, {generic, at("inner"), `{"flag":true,"none":null}`}, {binary, at("inner", "none"), "null"},
		{list, at(2), "index 2 is out of range of a list of 2"}, {binary, at("nobody"), `attribute "nobody" doesn't exist`},
		{binary, at("n", "more"), "has no attributes"},
	} {
		got := ""
		found, err := attribute(test.value, test.path)
		if err != nil {
			got = err.Error()
		} else {
			data, err := literal.JSON(found)
			if err != nil {
				t.Fatal(err)
			}
			got = strings.NewReplacer(": ", ":", ", ", ",").Replace(string(data))
		}
		if got != test.want && !strings.Contains(got, test.want) {
			t.Errorf("%v gives %s, want %s", test.path, got, test.want)
		}
	}
}

// Ids of nested node executions and of children have propeller's form: plain
// where that has 20 characters at most, else a hash.
func TestNestedIDs(t *testing.T) {
	if id := nodeExecutionID("n0-0", "n0"); id != "n0-0-n0" {
		t.Errorf("a nested node is called %s", id)
	}
	if id := nodeExecutionID("n0-0-dn0-0-n0-0", "n12345678"); len(id) != 8 || id[0] != 'f' {
		t.Errorf("a deeply nested node is called %s", id)
	}
	if name := childExecutionName("abcdefghijklmnopqrst", "n0", "0"); len(name) != 14 || name[0] != 'f' {
		t.Errorf("a child is called %s", name)
	}
}
