package codelens_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/flyte-lsp/flyte-lsp/codelens"
	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/runs"
	"github.com/flyte-lsp/flyte-lsp/workspace"
)

const source = `from flytekit import task


@task
def one(n: int = 1) -> str:
    """Tell n."""
    return str(n)


@task
def two() -> int:
    return 2
`

func openFile(t *testing.T, text string) (*workspace.File, *model.Module, []workspace.Row) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "flow.py")
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
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
	rows, err := snapshot.Rows(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	return file, module, rows
}

var now = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func runOf(target runs.Target, state runs.State) *runs.Run {
	return &runs.Run{ID: string(target), Entity: "one", Target: target, State: state, Phase: "running", Started: now.Add(-2 * time.Second), Ended: now.Add(-time.Second)}
}

// What stands above an entity, in its order, and what a press fires.
func TestLensesOfAnEntity(t *testing.T) {
	file, _, rows := openFile(t, source)
	all := codelens.Kinds{Run: true, Inputs: true, Result: true}
	remote := runOf(runs.Remote, runs.Succeeded)
	remote.Execution = &runs.Execution{Name: "a1"}
	unregistered := runOf(runs.Remote, runs.Failed)
	unregistered.Failure = &runs.Failure{Message: "no backend"}
	for _, test := range []struct {
		name   string
		latest []*runs.Run
		kinds  codelens.Kinds
		want   []string
	}{
		{"never run", nil, all, []string{"▶ Run locally flyte.run", "▶ Run remote flyte.run", "✎ Inputs flyte.openInputs"}},
		{"runs locally", []*runs.Run{runOf(runs.Local, runs.Running)}, all, []string{
			"◐ local · running · 2 s flyte.openLog", "✕ Cancel flyte.cancel", "▶ Run remote flyte.run", "✎ Inputs flyte.openInputs",
		}},
		{"ran on both", []*runs.Run{remote, runOf(runs.Local, runs.Cancelled)}, all, []string{
			"▶ Run locally flyte.run", "▶ Run remote flyte.run", "✎ Inputs flyte.openInputs", "⊘ local cancelled flyte.openLog", "✓ remote 1 s flyte.openExecution",
		}},
		{"never reached a backend", []*runs.Run{unregistered}, codelens.Kinds{Result: true}, []string{"✗ remote 1 s: no backend flyte.openLog"}},
		{"all switched off", []*runs.Run{remote}, codelens.Kinds{}, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			var got []string
			for _, lens := range codelens.File(file, rows, "file:///flow.py", test.latest, test.kinds, now) {
				if lens.Offset == rows[0].Offset {
					got = append(got, lens.Title+" "+lens.Command)
				}
			}
			if !reflect.DeepEqual(got, test.want) {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

// No text that a run brings breaks out of its place in a hover, or fills it.
func TestHoverOfRuns(t *testing.T) {
	file, module, _ := openFile(t, source)
	run := runOf(runs.Local, runs.Succeeded)
	run.Log = "/state/logs/a b#1.log"
	run.Outputs = []runs.Output{{Name: "o0", Type: "str", Text: "```\n# a heading"}, {Name: "o1", Text: strings.Repeat("x", 5000)}}
	run.Inputs = map[string]json.RawMessage{"n": json.RawMessage("1"), "m": json.RawMessage("\"`\"")}
	failed := runOf(runs.Remote, runs.Failed)
	failed.SourceHash = "another"
	failed.Failure = &runs.Failure{Message: "ValueError: no", Node: "n0"}
	failed.Execution = &runs.Execution{Name: "a1", URL: "http://127.0.0.1:1/a1"}
	text := codelens.Hover(file, module.Entity("one"), []*runs.Run{run, failed})
	for _, part := range []string{
		"```python\ntask one(n: int = 1) -> str\n```", "Tell n.",
		"✓ **local** · succeeded in 1 s", "`o0` `str`\n````\n```\n# a heading\n````\n", "x…\n",
		"with `m=\"'\"`, `n=1`", "[Log](file:///state/logs/a%20b%231.log)",
		"✗ **remote** · failed after 1 s", "*older than the source*", "in node `n0`", "ValueError: no", "[Execution a1](http://127.0.0.1:1/a1)",
	} {
		if !strings.Contains(text, part) {
			t.Errorf("the hover has no %q:\n%.3000s", part, text)
		}
	}
	if strings.Count(text, "x") > 2100 {
		t.Error("the hover shows the whole of a huge output")
	}
	if text := codelens.Hover(file, module.Entity("two"), []*runs.Run{run}); strings.Contains(text, "succeeded") {
		t.Errorf("a hover shows another entity's run:\n%s", text)
	}
}

func TestSignature(t *testing.T) {
	file, module, _ := openFile(t, `from typing import NamedTuple, Tuple
from flytekit import LaunchPlan, task, workflow

Both = NamedTuple("Both", first=int, second=str)

@task
def short(n: int, text: str = "a") -> Tuple[int, str]: ...

@task
def named() -> Both: ...

@task
def nothing(): ...

@task
def long(first_of_the_inputs: int, second_of_the_inputs: int, third_of_the_inputs: int = 3) -> int: ...

@workflow
def flow() -> None: ...

lp = LaunchPlan.get_or_create(flow, name="nightly")
`)
	for name, want := range map[string]string{
		"short":   `task short(n: int, text: str = "a") -> (o0: int, o1: str)`,
		"named":   "task named() -> (first: int, second: str)",
		"nothing": "task nothing()",
		"long":    "task long(\n    first_of_the_inputs: int,\n    second_of_the_inputs: int,\n    third_of_the_inputs: int = 3,\n) -> int",
		"flow":    "workflow flow()",
		"lp":      `launchplan lp ["nightly"]()`,
	} {
		if got := codelens.Signature(file, module.Entity(name)); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
}
