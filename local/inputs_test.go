package local

import (
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"sort"
	"strings"
	"testing"

	"github.com/flyte-lsp/flyte-lsp/internal/testenv"
)

const typed = `
import datetime, enum, json, os
from dataclasses import dataclass, field
from typing import Dict, List, Optional, Union
from flytekit import LaunchPlan, task, workflow
from flytekit.types.directory import FlyteDirectory
from flytekit.types.file import FlyteFile

class Color(enum.Enum):
    RED = "red"
    BLUE = "blue"

@dataclass
class Point:
    x: int
    tags: List[str] = field(default_factory=list)

@task
def show(
    number: int, real: float, text: str, flag: bool, numbers: List[int], table: Dict[str, int], color: Color,
    point: Point, points: List[Point], moment: datetime.datetime, day: datetime.date, span: datetime.timedelta,
    maybe: Optional[int], either: Union[int, str], file: FlyteFile, folder: FlyteDirectory, preset: int = 3,
) -> str:
    return repr([
        number, real, text, flag, numbers, table, color, point, points, moment, day, span, maybe, either,
        open(file).read(), os.listdir(folder), preset,
    ])

@task
def need(number: int, flag: bool, maybe: Optional[str], Upper: int = 1) -> str:
    return repr([number, flag, maybe, Upper])

@workflow
def flow(number: int, scale: int = 10) -> str:
    return need(number=number, flag=True, maybe="x", Upper=scale)

plan = LaunchPlan.get_or_create(flow, name="plan", default_inputs={"number": 5}, fixed_inputs={"scale": 20})

@task
def surroundings() -> str:
    return describe()

def describe():
    import __main__, logging, signal, sys
    return json.dumps({
        "module": __name__, "file": __file__, "folder": os.getcwd(), "path": sys.path, "loaded with": LOADED,
        "arguments": sys.argv, "environment": dict(os.environ), "main": __main__.__name__,
        "interrupt": signal.getsignal(signal.SIGINT).__qualname__, "terminate": str(signal.getsignal(signal.SIGTERM)),
        "child": str(signal.getsignal(signal.SIGCHLD)), "encoding": sys.stdout.encoding, "errors": sys.stdout.errors,
        "recursion": sys.getrecursionlimit(), "level": logging.getLogger("flytekit").level, "prefix": sys.prefix,
        "root level": logging.getLogger().level, "umask": os.umask(0o022),
    })

import sys
LOADED = list(sys.path)
`

// project is typed as a module in a package, with data for its inputs.
func project(t *testing.T) (dir, file string) {
	dir = write(t, map[string]string{
		"pkg/__init__.py": "", "pkg/flow.py": typed, "data.txt": "content", "folder/one": "",
	})
	return dir, filepath.Join(dir, "pkg", "flow.py")
}

// pyflyte runs an entity with the real command and returns the last line that it prints.
func pyflyte(t *testing.T, dir string, args ...string) string {
	t.Helper()
	cmd := exec.Command(testenv.Pyflyte(t), append([]string{"run"}, args...)...)
	cmd.Dir = dir
	printed, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("pyflyte: %v\n%s", err, printed)
	}
	lines := strings.Split(strings.TrimSpace(string(printed)), "\n")
	return lines[len(lines)-1]
}

func TestInputsAreThoseOfPyflyte(t *testing.T) {
	dir, file := project(t)
	data, folder := filepath.Join(dir, "data.txt"), filepath.Join(dir, "folder")
	asText := map[string]any{
		"number": "1", "real": "2.5", "text": "a b", "flag": true, "numbers": "[1, 2]", "table": `{"a": 1}`, "color": "blue",
		"point": `{"x": 1, "tags": ["t"]}`, "points": `[{"x": 2}]`, "moment": "2024-01-02T03:04:05", "day": "2024-01-02", "span": "1h 5m",
		"maybe": "4", "either": "seven", "file": data, "folder": folder, "preset": "4",
	}
	asValues := map[string]any{
		"number": 1, "real": 2.5, "text": "a b", "flag": true, "numbers": []any{1, 2}, "table": map[string]any{"a": 1}, "color": "blue",
		"point": map[string]any{"x": 1, "tags": []any{"t"}}, "points": []any{map[string]any{"x": 2}}, "moment": "2024-01-02T03:04:05", "day": "2024-01-02", "span": "1h 5m",
		"maybe": 4, "either": "seven", "file": data, "folder": folder, "preset": 4,
	}
	document, err := json.Marshal(asValues) // JSON is YAML
	if err != nil {
		t.Fatal(err)
	}
	inputsFile := filepath.Join(dir, "inputs.yaml")
	if err := os.WriteFile(inputsFile, document, 0o644); err != nil {
		t.Fatal(err)
	}
	want := pyflyte(t, dir, file, "show", "--inputs-file", inputsFile)
	for form, inputs := range map[string]map[string]any{"text": asText, "values": asValues} {
		a := runFile(t, file, "show", inputs)
		var got string
		if a.err != nil || json.Unmarshal(a.result.Outputs[0].Value, &got) != nil || got != want {
			t.Errorf("inputs as %s: %s\npyflyte has %s", form, a.summary(), want)
		}
	}
}

func TestDefaultsAndNulls(t *testing.T) {
	_, file := project(t)
	for _, test := range []struct {
		entity string
		inputs map[string]any
		want   string
	}{
		{"need", map[string]any{"number": 1}, "[1, False, None, 1]"},
		{"need", map[string]any{"number": 1, "flag": "yes", "maybe": nil, "Upper": "7"}, "[1, True, None, 7]"},
		{"need", map[string]any{"number": 1, "flag": false, "maybe": 5}, "[1, False, '5', 1]"},
		{"flow", map[string]any{"number": 2}, "[2, True, 'x', 10]"},
		{"plan", nil, "[5, True, 'x', 20]"},
		{"plan", map[string]any{"number": 6}, "[6, True, 'x', 20]"},
	} {
		a := runFile(t, file, test.entity, test.inputs)
		var got string
		if a.err != nil || json.Unmarshal(a.result.Outputs[0].Value, &got) != nil || got != test.want {
			t.Errorf("%s(%v): %s, want %s", test.entity, test.inputs, a.summary(), test.want)
		}
	}
}

func TestInputMistakes(t *testing.T) {
	_, file := project(t)
	for _, test := range []struct {
		entity, input string
		value         any
		want          string
	}{
		{"need", "number", "x", `input number of need: 'x' isn't a value of type int: 'x' is not a valid integer.`},
		{"need", "number", nil, `input number of need: null isn't a value of type int`},
		{"need", "none", 1, `input none of need: there is no such input; the inputs are: number, flag, maybe, Upper`},
		{"need", "flag", true, `input number of need: a value of type int is required`},
		{"plan", "scale", 1, `input scale of plan: the launch plan fixes it: leave it out`},
		{"show", "numbers", "[1, \"a\"]", `input numbers of show: '[1, "a"]' isn't a value of type List[int]: Expected value of type <class 'int'> but got 'a'`},
		{"show", "numbers", "a", `input numbers of show: 'a' isn't a value of type List[int]: it should be a valid json object`},
		{"show", "color", "green", `input color of show: 'green' isn't a value of type Color: 'green' is not one of 'red', 'blue'.`},
		{"show", "point", map[string]any{"y": 1}, `input point of show: {'y': 1} isn't a value of type Point: KeyError: 'x'`},
		{"show", "moment", "soon", `input moment of show: 'soon' isn't a value of type datetime: 'soon' does not match the formats`},
		{"show", "span", "long", `input span of show: 'long' isn't a value of type timedelta: write it like`},
		{"show", "file", "/nowhere", `input file of show: '/nowhere' isn't a value of type FlyteFile: parameter should be a valid file path`},
	} {
		inputs := map[string]any{
			"number": 1, "real": 2, "text": "", "flag": true, "numbers": []any{}, "table": map[string]any{}, "color": "red", "point": map[string]any{"x": 1},
			"points": []any{}, "moment": "now", "day": "today", "span": "1h", "maybe": nil, "either": 1, "file": file, "folder": filepath.Dir(file),
		}
		if test.entity != "show" {
			inputs = map[string]any{}
		}
		inputs[test.input] = test.value
		a := runFile(t, file, test.entity, inputs)
		var mistake *InputError
		if !errors.As(a.err, &mistake) || !strings.HasPrefix(mistake.Error(), test.want) {
			t.Errorf("%s: %s\nwant %s", test.input, a.summary(), test.want)
		}
	}
}

// What the code sees around it equals what pyflyte gives it.
func TestSurroundingsAreThoseOfPyflyte(t *testing.T) {
	dir, file := project(t)
	t.Setenv("PYTHONPATH", "relative:"+dir+"/absolute")
	t.Setenv("MARK", "from the environment")
	var want, got map[string]any
	if err := json.Unmarshal([]byte(pyflyte(t, dir, file, "surroundings")), &want); err != nil {
		t.Fatal(err)
	}
	pool := private(t) // its worker starts with this environment, elsewhere
	result, err := pool.Run(t.Context(), testenv.Python(t), Job{File: file, Entity: "surroundings", WorkDir: dir}, nil)
	if err != nil {
		t.Fatal(err)
	}
	var text string
	if err := errors.Join(json.Unmarshal(result.Outputs[0].Value, &text), json.Unmarshal([]byte(text), &got)); err != nil {
		t.Fatal(err)
	}
	keys := make([]string, 0, len(want))
	for key := range want {
		keys = append(keys, key)
	}
	sort.Strings(keys)
	for _, key := range keys {
		if !reflect.DeepEqual(got[key], want[key]) {
			t.Errorf("%s: %v\npyflyte has %v", key, got[key], want[key])
		}
	}
}

func TestEnvOfTheJob(t *testing.T) {
	dir := write(t, map[string]string{"flow.py": "import os\nfrom flytekit import task\n@task\ndef mark() -> str:\n    return os.environ['MARK']\n"})
	pool := private(t)
	for _, want := range []string{`"one"`, `"two"`} {
		job := Job{File: filepath.Join(dir, "flow.py"), Entity: "mark", Env: []string{"MARK=" + strings.Trim(want, `"`)}}
		result, err := pool.Run(t.Context(), testenv.Python(t), job, nil)
		if err != nil || string(result.Outputs[0].Value) != want {
			t.Errorf("the task saw %v (%v), want %s", result, err, want)
		}
	}
}
