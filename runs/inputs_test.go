package runs_test

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/flyte-lsp/flyte-lsp/runs"
	"github.com/flyte-lsp/flyte-lsp/workspace"
)

// The form of every kind of input in an inputs document.
func TestNewInputsDocument(t *testing.T) {
	root := t.TempDir()
	path := filepath.Join(root, "pkg", "flow.py")
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{filepath.Join(root, "pkg", "__init__.py"): "", path: `from typing import Dict, List, Optional
from flytekit import task, workflow

N = 3

@task
def show(
    required: int,
    optional: Optional[str],
    none: Optional[int] = None,
    count: int = 1,
    minus: int = -2,
    ratio: float = 0.5,
    yes: bool = True,
    no: bool = False,
    single: str = 'it is',
    double: str = "a # b",
    escaped: str = "a\n",
    words: List[str] = ["a", "b"],
    computed: int = N + 1,
    table: Dict[
        str, int
    ] = {"a": 1},
) -> int:
    """Show.

    Args:
        required: what must
            be given
    """
    return 1

@task
def nothing() -> int:
    return 1
`} {
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	snapshot := workspace.New().Snapshot()
	file, err := snapshot.File(path)
	if err != nil {
		t.Fatal(err)
	}
	module, err := snapshot.Module(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	document := runs.InputsPath(root, file, module.Entity("show"))
	if want := filepath.Join(root, ".flyte", "inputs", "pkg.flow.show.yaml"); document != want || !runs.IsInputsPath(document) {
		t.Errorf("the document is %s, want %s", document, want)
	}
	text, err := runs.NewInputsDocument(document, file, module.Entity("show"))
	if err != nil {
		t.Fatal(err)
	}
	const want = "# Inputs of show in ../../pkg/flow.py\n" +
		"# What is commented out has its default. `pyflyte run --inputs-file` reads this file too.\n" + `
# int, required: what must be given
required:

# Optional[str]
# optional:

# Optional[int], default None
# none:

# int, default 1
# count: 1

# int, default -2
# minus: -2

# float, default 0.5
# ratio: 0.5

# bool, default True
# "yes": true

# bool, default False
# "no": false

# str, default 'it is'
# single: 'it is'

# str, default "a # b"
# double: "a # b"

# str, default "a\n"
# escaped:

# List[str], default ["a", "b"]
# words:

# int, default N + 1
# computed:

# Dict[ str, int ], default {"a": 1}
# table:
`
	if text != want {
		t.Errorf("got\n%s\nwant\n%s", text, want)
	}
	read, err := runs.ReadInputsDocument(document, []byte(text))
	if err != nil || read.File != path || read.Entity != "show" || !reflect.DeepEqual(read.Values, map[string]any{"required": nil}) {
		t.Errorf("read back: %+v %v", read, err)
	}
	if missing := runs.MissingInputs(module.Entity("show"), read.Values); !reflect.DeepEqual(missing, []string{"required"}) {
		t.Errorf("missing %q", missing)
	}
	// With the comments' signs taken away the defaults have their values.
	read, err = runs.ReadInputsDocument(document, []byte(strings.NewReplacer(`# "yes":`, `"yes":`, "# double:", "double:", "# minus:", "minus:", "required:", "required: 7").Replace(text)))
	if want := map[string]any{"required": 7, "yes": true, "double": "a # b", "minus": -2}; err != nil || !reflect.DeepEqual(read.Values, want) {
		t.Errorf("read back: %#v %v, want %#v", read.Values, err, want)
	}
	if text, err := runs.NewInputsDocument(document, file, module.Entity("nothing")); err != nil || strings.Count(text, "\n") != 2 {
		t.Errorf("the document of an entity without inputs: %q %v", text, err)
	}
}

func TestIsInputsPath(t *testing.T) {
	for path, want := range map[string]bool{
		"/w/.flyte/inputs/flow.a.yaml":    true,
		"/w/.flyte/inputs/flow.a.json":    false,
		"/w/.flyte/inputs/x/flow.a.yaml":  false,
		"/w/a.flyte/inputs/flow.a.yaml":   false,
		"/w/.flyte/config.yaml":           false,
		"/w/flow.py":                      false,
		"/w/.flyte/inputs/Ünïcode/a.yaml": false,
	} {
		if got := runs.IsInputsPath(path); got != want {
			t.Errorf("%s: %v", path, got)
		}
	}
}

// Every form of YAML and JSON that says inputs, and the mistakes with the line
// that they are in.
func TestReadInputs(t *testing.T) {
	for _, test := range []struct {
		text   string
		values map[string]any
		wrong  string
	}{
		{"", nil, ""},
		{"# only a comment\n", nil, ""},
		{"null\n", nil, ""},
		{"a: 1\nb: [x, y]\n", map[string]any{"a": 1, "b": []any{"x", "y"}}, ""},
		{`{"a": 1.5, "b": null}`, map[string]any{"a": 1.5, "b": nil}, ""},
		{"\ufeffa: 1\r\nb: é\r\n", map[string]any{"a": 1, "b": "é"}, ""},
		{"a:\n  <<: {x: 1}\n", map[string]any{"a": map[string]any{"x": 1}}, ""},
		{"# x\na: [1\nb: 2\n", nil, "in.yaml: yaml: line 3"},
		{"a: 1\na: 2\n", nil, "line 2"},
		{"\n- a\n", nil, "line 2: want lines of the form NAME: VALUE"},
		{"a", nil, "line 1: want lines of the form NAME: VALUE"},
		{"a: *missing\n", nil, "missing"},
		{"a: \x00\n", nil, "in.yaml"},
	} {
		values, err := runs.ReadInputs("in.yaml", []byte(test.text))
		switch {
		case test.wrong == "" && (err != nil || !reflect.DeepEqual(values, test.values)):
			t.Errorf("%q: %#v %v, want %#v", test.text, values, err, test.values)
		case test.wrong != "" && (err == nil || !strings.Contains(err.Error(), test.wrong)):
			t.Errorf("%q: %v, want %q", test.text, err, test.wrong)
		}
	}
}
