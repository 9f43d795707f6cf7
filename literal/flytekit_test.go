package literal_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"os/exec"
	"strings"
	"testing"

	"github.com/flyte-lsp/flyte-lsp/internal/testenv"
	"github.com/flyte-lsp/flyte-lsp/literal"
	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/core"
	"google.golang.org/protobuf/proto"
)

// shown is what a user should see of a value that flytekit made.
type shown struct{ typeText, text, json string }

var flytekitValues = map[string]shown{
	"int":                 {"int", "-7", "-7"},
	"float":               {"float", "3.0", "3.0"},
	"small float":         {"float", "1e-07", "1e-07"},
	"nan":                 {"float", "nan", `"nan"`},
	"str":                 {"str", `"two\nlines \"quoted\" é"`, `"two\nlines \"quoted\" é"`},
	"empty str":           {"str", `""`, `""`},
	"bool":                {"bool", "True", "true"},
	"datetime":            {"datetime", "2026-03-01T12:00:00.25Z", `"2026-03-01T12:00:00.25Z"`},
	"timedelta":           {"timedelta", "1h30m", `"1h30m"`},
	"long timedelta":      {"timedelta", "48h", `"48h"`},
	"none":                {"None", "None", "null"},
	"list":                {"List[str]", `["a", "b"]`, `["a","b"]`},
	"nested list":         {"List[List[int]]", "[[1], [], [2, 3]]", "[[1],[],[2,3]]"},
	"dict":                {"Dict[str, float]", `{"a": 1.0, "b": 0.5}`, `{"a":1.0,"b":0.5}`},
	"untyped dict":        {"dict", `{"z": 1, "a": [True, None]}`, `{"z":1,"a":[true,null]}`},
	"int keys":            {"dict", `{"2": "two"}`, `{"2":"two"}`},
	"optional":            {"Optional[int]", "4", "4"},
	"optional none":       {"Optional[int]", "None", "null"},
	"union":               {"Union[int, str, None]", `"x"`, `"x"`},
	"enum":                {`Literal["red", "blue"]`, `"blue"`, `"blue"`},
	"list of dataclasses": {"List[Box]", `[{"width": 1, "area": 1.0}]`, `[{"width":1,"area":1.0}]`},
	"legacy dataclass":    {"Legacy", `{"size": 3}`, `{"size":3}`},
	"file":                {"FlyteFile", "s3://bucket/data.bin", `"s3://bucket/data.bin"`},
	"csv file":            {"FlyteFile[csv]", "s3://bucket/data.csv", `"s3://bucket/data.csv"`},
	"directory":           {"FlyteDirectory", "s3://bucket/folder", `"s3://bucket/folder"`},
	"dataset":             {"StructuredDataset", "s3://bucket/table", `"s3://bucket/table"`},
	"dataclass": {
		"Crate",
		`{"name": "c", "boxes": [{"width": 2, "area": 4.0}], "spare": None, "counts": {"1": "one"}, "packed": "2026-03-01T12:00:00.250000+00:00"}`,
		`{"name":"c","boxes":[{"width":2,"area":4.0}],"spare":null,"counts":{"1":"one"},"packed":"2026-03-01T12:00:00.250000+00:00"}`,
	},
}

// TestFlytekitValues lets the real flytekit make each kind of value.
func TestFlytekitValues(t *testing.T) {
	seen := map[string]bool{}
	for name, value := range flytekitLiterals(t) {
		seen[name] = true
		typeText, text := literal.TypeText(value.typ), literal.Text(value.literal)
		raw, err := literal.JSON(value.literal)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if !json.Valid(raw) {
			t.Errorf("%s: %s is no JSON", name, raw)
		}
		if name == "pickle" || name == "any" {
			checkPickle(t, name, typeText, text)
			continue
		}
		if got, want := (shown{typeText, text, string(raw)}), flytekitValues[name]; got != want {
			t.Errorf("%s:\n got %q\nwant %q", name, got, want)
		}
	}
	for name := range flytekitValues {
		if !seen[name] {
			t.Errorf("%s: flytekit made no such value", name)
		}
	}
}

func checkPickle(t *testing.T, name, typeText, text string) {
	if want := map[string]string{"pickle": "Opaque", "any": "Any"}[name]; typeText != want {
		t.Errorf("%s: type %q, want %q", name, typeText, want)
	}
	if !strings.HasPrefix(text, "<pickled Python object at ") {
		t.Errorf("%s: %q doesn't say that it is a pickle", name, text)
	}
}

type typed struct {
	typ     *core.LiteralType
	literal *core.Literal
}

func flytekitLiterals(t *testing.T) map[string]typed {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), testenv.Python(t), "testdata/literals.py")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("literals.py: %v\n%s", err, &stderr)
	}
	values := map[string]typed{}
	lines := bufio.NewScanner(bytes.NewReader(out))
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var line struct {
			Name          string
			Type, Literal []byte
		}
		if err := json.Unmarshal(lines.Bytes(), &line); err != nil {
			continue // a warning of flytekit's own
		}
		value := typed{&core.LiteralType{}, &core.Literal{}}
		if err := errors.Join(proto.Unmarshal(line.Type, value.typ), proto.Unmarshal(line.Literal, value.literal)); err != nil {
			t.Fatalf("%s: %v", line.Name, err)
		}
		values[line.Name] = value
	}
	return values
}
