package inputs_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/flyte-lsp/flyte-lsp/editing/inputs"
	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyte-lsp/flyte-lsp/workspace"
)

const train = `import datetime
import enum
from dataclasses import dataclass, field
from typing import Dict, List, Literal, Optional

from flytekit import LaunchPlan, task, workflow
from flytekit.types.directory import FlyteDirectory
from flytekit.types.file import FlyteFile


class Color(enum.Enum):
    RED = "red"
    BLUE = "blue"


@dataclass
class Model:
    """What is trained.

    Args:
        depth: of the tree
    """

    depth: int
    rate: float = 0.5
    color: Color = Color.RED
    inner: Optional["Model"] = None


@task
def fit(
    rows: FlyteFile, out: FlyteDirectory, model: Model, models: List[Model], table: Dict[str, Model], color: Color,
    flag: bool, when: datetime.datetime, words: List[str], mode: Literal["a", "b"], on: int = 3, maybe: Optional[bool] = None,
) -> int:
    """Fit.

    Args:
        rows: the rows to
            fit to
    """
    return 1


@workflow
def flow(size: int, more: int = 2) -> int:
    return size


plan = LaunchPlan.get_or_create(flow, name="plan", fixed_inputs={"more": 3})
`

// project is a folder with train.py and some data.
func project(t *testing.T) string {
	t.Helper()
	folder := t.TempDir()
	for name, text := range map[string]string{"train.py": train, "data/rows.csv": "", "data/old.csv": "", "notes.txt": ""} {
		path := filepath.Join(folder, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return folder
}

// open reads a document of fit in which "|" is the cursor.
func open(t *testing.T, folder, header, text string) (*inputs.Document, *inputs.Subject, int) {
	t.Helper()
	text = header + text
	offset := strings.Index(text, "|")
	document := inputs.Read(filepath.Join(folder, "in.yaml"), parser.NewSource([]byte(strings.Replace(text, "|", "", 1))))
	subject, problem := subjectOf(t, workspace.New().Snapshot(), document, folder)
	if problem != nil {
		t.Fatal(problem)
	}
	return document, subject, offset
}

const ofFit = "# Inputs of fit in train.py\n"

func TestComplete(t *testing.T) {
	folder := project(t)
	const needed = "rows out model models table color flag when words mode on maybe"
	for _, test := range []struct{ text, want string }{
		// Inputs: those that are needed first, and all of these at once.
		{"|", "all required inputs " + needed},
		{"ro|\n", "all required inputs " + needed},
		{"rows: x\n|\nflag: true\n", "all required inputs out model models table color when words mode on maybe"},
		{"rows: x\nfl|", "all required inputs out model models table color flag when words mode on maybe"},
		{"ro|: x\nout: y\n", "rows model models table color flag when words mode on maybe"},
		// A line that can't be read costs nothing of another.
		{"rows: [\nout: x\n|\nmodel: {\n", "all required inputs models table color flag when words mode on maybe"},
		// Values, also right behind the colon.
		{"color: |", "red blue"},
		{"color:|", "red blue"},
		{"color: r|ed\nflag: true\n", "red blue"},
		{"flag: |\nwords:\n", "true false"},
		{"maybe: t|", "true false null"},
		{"\"on\": |", "3"},
		{"mode: |", "a b"},
		{"when: |", "now today"},
		{"words: |", "[…]"},
		{"model: |", "{…}"},
		// The fields of dataclasses, in every form of YAML.
		{"model:\n  |", "depth rate color inner"},
		{"model:\n  depth: 3\n  ra|\nflag: true\n", "rate color inner"},
		{"model:\n  depth: 3\n  |\nflag: true\n", "rate color inner"},
		{"model: {|}", "depth rate color inner"},
		{"model: {depth: 1, |", "rate color inner"},
		{"model: {depth: 1, color: |}\n", "red blue"},
		{"model: {color: |", "red blue"},
		{"model:\n  color: |\n", "red blue"},
		{"model:\n  color:|\n", "red blue"},
		{"model:\n  inner:\n    d|", "depth rate color inner"},
		{"model:\n  inner: |", "{…} null"},
		{"models:\n  - |", "depth rate color inner"},
		{"models:\n- depth: 1\n  |", "rate color inner"},
		{"models:\n- depth: 1\n- c|\n", "depth rate color inner"},
		{"models: [{depth: 1}, {|", "depth rate color inner"},
		{"table:\n  any:\n    |", "depth rate color inner"},
		{"table: {any: {color: b|}}", "red blue"},
		// Paths, from the folder that the code runs in.
		{"rows: |", "notes.txt train.py data/"},
		{"rows: da|", "notes.txt train.py data/"},
		{"rows: data/|", "data/old.csv data/rows.csv"},
		{"out: |", "data/"},
		{"rows: s3://|", ""},
		{"rows: data/x/|", ""},
		// Where there is nothing to say.
		{"# |", ""},
		{"color: red # |", ""},
		{"other: |", ""},
		{"model:\n  other: |", ""},
		{"words:\n  - |", ""},
		{"- |", ""},
	} {
		document, subject, offset := open(t, folder, ofFit, test.text)
		var labels []string
		for _, item := range inputs.Complete(document, subject, offset) {
			labels = append(labels, item.Label)
		}
		if got := strings.Join(labels, " "); got != test.want {
			t.Errorf("%q: offered %q, want %q", test.text, got, test.want)
		}
	}
}

// What is inserted makes a document that can be read.
func TestInsertedTexts(t *testing.T) {
	folder := project(t)
	for _, test := range []struct{ text, label, plain, snippet string }{
		{"|", "rows", "rows: ", "rows: $0"},
		{"|", "on", `"on": `, `"on": $0`},
		{"ro|: x", "rows", "rows", ""},
		{"|", "words", "words: ", "words:\n  - $0"},
		{"|", "model", "model: ", "model:\n  depth: $1"},
		{"model:\n  |", "inner", "inner: ", "inner:\n    depth: $1"},
		{"model: {|}", "depth", "depth: ", ""},
		{"color:|", "red", " red", ""},
		{"size|", "size", "size: ", "size: $0"},
		{"|", "all required inputs", "rows:\nout:\nmodel:\nmodels:\ntable:\ncolor:\nflag:\nwhen:\nwords:\nmode:", ""},
	} {
		header := ofFit
		if test.label == "size" {
			header = "# Inputs of plan in train.py\n"
		}
		document, subject, offset := open(t, folder, header, test.text)
		found := false
		for _, item := range inputs.Complete(document, subject, offset) {
			if item.Label == test.label {
				found = true
				if item.Text != test.plain || test.snippet != "" && item.Snippet != test.snippet {
					t.Errorf("%q: %s inserts %q or %q, want %q or %q", test.text, test.label, item.Text, item.Snippet, test.plain, test.snippet)
				}
			}
		}
		if !found {
			t.Errorf("%q: %s isn't offered", test.text, test.label)
		}
	}
}

// No cursor in no text makes completion, hover or definition panic.
func TestEveryOffset(t *testing.T) {
	folder := project(t)
	for _, text := range []string{
		"", "\n", "é: ü\r\nmodel:\r\n\tx", "model: {a: [b, {c", "- \n-", "model:\n  - a\n b:\n", "\"", "'x\nrows: |\n  a", "{", "? a\n: b\n", "rows: *a", "&a rows: *a\n", "\ufeffrows: 1",
	} {
		document, subject, _ := open(t, folder, ofFit, text)
		inputs.Check(document, subject, nil)
		for offset := -1; offset <= len(ofFit)+len(text)+1; offset++ {
			inputs.Complete(document, subject, offset)
			inputs.Hover(document, subject, offset)
			inputs.Definition(document, subject, offset)
		}
	}
}

func TestHover(t *testing.T) {
	folder := project(t)
	for _, test := range []struct {
		text string
		want []string
	}{
		{"ro|ws: a", []string{"rows: FlyteFile", "A value is required.", "the rows to fit to"}},
		{"rows: |a", []string{"rows: FlyteFile"}},
		{"model:\n  de|pth: 3\n", []string{"depth: int", "of the tree"}},
		{"m|odel:\n  depth: 3\n", []string{"model: Model", "- `depth`: int, required", "- `color`: Color = Color.RED"}},
		{"model: {color: r|ed}", []string{"color: Color = Color.RED", `Values: "red" or "blue"`, "Flyte's type: `Literal[\"red\", \"blue\"]`"}},
		{"models:\n- depth: 3\n  r|ate: 1\n", []string{"rate: float = 0.5"}},
		{"other|: 3", nil},
		{"rows: a\n|", nil},
	} {
		document, subject, offset := open(t, folder, ofFit, test.text)
		got, _ := inputs.Hover(document, subject, offset)
		if test.want == nil && got != "" {
			t.Errorf("%q: %q, want nothing", test.text, got)
		}
		for _, want := range test.want {
			if !strings.Contains(got, want) {
				t.Errorf("%q: %q, want it to have %q", test.text, got, want)
			}
		}
	}
}

func TestDefinition(t *testing.T) {
	folder := project(t)
	for _, test := range []struct{ header, text, from, line string }{
		{ofFit, "ro|ws: a", "rows", "    rows: FlyteFile, out"},
		{ofFit, "model:\n  de|pth: 3\n", "depth", "    depth: int"},
		{"# Inputs of plan in train.py\n", "si|ze: 3\n", "size", "def flow(size: int"},
		{"# Inputs of f|it in train.py\n", "", "fit", "def fit("},
		{"# Inputs of fit in tr|ain.py\n", "", "train.py", "import datetime"},
		{ofFit, "oth|er: 3", "", ""},
	} {
		document, subject, offset := open(t, folder, test.header, test.text)
		from, to, ok := inputs.Definition(document, subject, offset)
		if !ok {
			if test.from != "" {
				t.Errorf("%q: nothing", test.text)
			}
			continue
		}
		line := train[strings.LastIndex(train[:to.Span.Start], "\n")+1:]
		if got := document.Source.Slice(from); got != test.from || !strings.HasPrefix(line, test.line) || filepath.Base(to.Path) != "train.py" {
			t.Errorf("%q: from %q to %q in %s", test.text, got, line[:40], to.Path)
		}
	}
}
