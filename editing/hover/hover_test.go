package hover_test

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/flyte-lsp/flyte-lsp/codelens"
	"github.com/flyte-lsp/flyte-lsp/editing/hover"
	"github.com/flyte-lsp/flyte-lsp/internal/testenv"
	"github.com/flyte-lsp/flyte-lsp/runs"
	"github.com/flyte-lsp/flyte-lsp/workspace"
)

const flow = `from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import List, NamedTuple

from flytekit.extras.accelerators import A100, T4
from flytekit import Cache, CronSchedule, FixedRate, ImageSpec, LaunchPlan, Resources, dynamic, map_task, task, workflow

Stats = NamedTuple("Stats", mean=float, count=int)
BIG = Resources(cpu="8", mem=("1Gi", "2Gi"))
IMAGE = ImageSpec(name="Train", registry="ghcr.io/Me", packages=["pandas", "numpy"], env={"A": "1"}, python_version="3.12")
NIGHTLY = CronSchedule(schedule="0 3 * * *")


@dataclass
class Point:
    x: int
    y: int


@task(retries=3, requests=Resources(cpu="500m", mem="1Gi", gpu=1), container_image="ghcr.io/flyteorg/flytekit:py3.11", cache=Cache(version="1", serialize=True), disable_deck=True)
def stats(values: List[float], scale: float = 1.0) -> Stats:
    """Measure.

    Args:
        values: what is measured
    """
    low = min(values)
    return Stats(mean=low, count=1)


@task(resources=BIG, container_image=IMAGE, shared_memory="2Gi", limits=Resources(mem=("1Gi", "4Gi")))
def point(x: int) -> Point:
    return Point(x, x)


@task(accelerator=A100.partition_2g_10gb)
def nothing(x: int):
    print(x)


@workflow
def flow(values: List[float], n: int = 2) -> float:
    got = stats(values=values, scale=2.0)
    p = point(x=n)
    nothing(x=p.x).with_overrides(limits=Resources(mem="3Gi"), retries=1)
    many = map_task(point)(x=[n])
    all = map_task(partial(stats, scale=2.5))(values=[values])
    plain = len([1, 2])
    return got.mean


lp = LaunchPlan.get_or_create(flow, name="nightly", fixed_inputs={"n": 3}, schedule=NIGHTLY)
rate = LaunchPlan.get_or_create(flow, "often", schedule=FixedRate(duration=timedelta(hours=2)))
ref = lp


@dynamic
def dyn(n: int) -> float:
    return lp(values=[1.0])
`

// open is a workspace with a file, and the pinned flytekit.
func open(t *testing.T, text string) (string, *workspace.Workspace) {
	t.Helper()
	w := workspace.New()
	python := testenv.Python(t)
	w.SetInterpreter(func(string) (string, string) { return python, "" })
	path := filepath.Join(t.TempDir(), "flow.py")
	w.Open(path, 1, []byte(text))
	return path, w
}

// at is the hover at the "|" in a piece of the text, without the last newline.
func at(t *testing.T, text, piece string, latest ...*runs.Run) string {
	t.Helper()
	before, after, ok := strings.Cut(piece, "|")
	where := strings.Index(text, before+after)
	if !ok || where < 0 {
		t.Fatalf("%q isn't in the text", piece)
	}
	path, w := open(t, text)
	found, err := hover.At(t.Context(), w.Snapshot(), path, where+len(before), hover.Known{
		Latest: func(string) []*runs.Run { return latest },
		Now:    time.Date(2026, 1, 30, 12, 0, 0, 0, time.FixedZone("CET", 3600)),
	})
	if err != nil {
		t.Fatal(err)
	}
	if found == nil {
		return ""
	}
	return strings.TrimSuffix(found.Text, "\n")
}

func TestHover(t *testing.T) {
	for _, test := range []struct{ piece, want string }{
		{"stats(val|ues: List", "```python\nvalues: List[float]\n```\n\nInput of task `stats`, required · Flyte type `List[float]`\n\nwhat is measured"},
		{"sca|le: float = 1.0", "```python\nscale: float = 1.0\n```\n\nInput of task `stats` · Flyte type `float`"},
		{"stats(val|ues=values", "```python\nvalues: List[float]\n```\n\nInput of task `stats`, required · Flyte type `List[float]`\n\nwhat is measured"},
		{"stats(values=val|ues", "```python\nvalues: List[float]\n```\n\nInput of workflow `flow`, required · Flyte type `List[float]`"},
		{"point(x=n|)", "```python\nn: int = 2\n```\n\nInput of workflow `flow` · Flyte type `int`"},
		{"    go|t = stats", "```python\n(mean: float, count: int)\n```\n\nOutputs of task `stats` in node `n0`, line 44"},
		{"return got.me|an", "```python\nPromise[float]\n```\n\nOutput `mean` of task `stats` in node `n0`, line 44 · Flyte type `float`"},
		{"    p| = point", "```python\nPromise[Point]\n```\n\nOutput `o0` of task `point` in node `n1`, line 45 · Flyte type `Point`"},
		{"nothing(x=p.x|)", "```python\nPromise[int]\n```\n\nOutput `o0` of task `point` in node `n1`, line 45, its `.x` · Flyte type `int`"},
		{"nothing(x=p|.x)", "Promise[Point]"},

		{"pla|in = len", ""},
		{"plain = le|n(", ""},
		{"low = mi|n(values)", ""},
		{"min(val|ues)", ""},
		{"@task(ret|ries=3", "```python\nretries: int = 0\n```\n\nNumber of times to retry this task during a workflow execution.\n\nOf `task`"},
		{"disable_de|ck=True", "**Deprecated**: it is deprecated"},
		{"limits=Resources(mem=\"3|Gi", "`3Gi`: 3 GiB, 3,221,225,472 bytes"},
		{"3Gi\"), ret|ries=1", "```python\nretries: Optional[int] = None\n```\n\nNumber of times to retry this task during a workflow execution.\n\nOf `Node.with_overrides`"},
		{"cpu=\"50|0m\"", "`500m`: half a core"},
		{"cp|u=\"500m\"", "```python\ncpu: Optional[Union[str, int, float, list, tuple]] = None\n```\n\nOf `Resources`\n\n---\n\n`500m`: half a core"},
		{"mem=\"1|Gi\", gpu", "`1Gi`: 1 GiB, 1,073,741,824 bytes"},
		{"gpu=1|)", "`1`: 1 GPU"},
		{"mem=(\"1Gi\", \"4|Gi", "`4Gi`: 4 GiB, 4,294,967,296 bytes\n\nThe limit: what is requested stands before"},
		{"shared_memory=\"2|Gi", "`2Gi`: 2 GiB, 2,147,483,648 bytes"},
		{"container_image=\"ghcr|.io", "Image `flyteorg/flytekit` of the registry `ghcr.io`, tag `py3.11`"},
		{"container_image=IMA|GE", "Image `ghcr.io/me/train`, whose tag flytekit makes of the contents when it builds it\n\n- Base: the builder's own\n- Python: `3.12`\n- Packages: `pandas`, `numpy`\n- Environment: `A`"},
		{"IMAGE = Image|Spec", "Image `ghcr.io/me/train`, whose tag"},
		{"resources=BI|G", "- cpu `8`: 8 cores\n- mem `1Gi`: 1 GiB, 1,073,741,824 bytes, at most `2Gi`: 2 GiB, 2,147,483,648 bytes"},
		{"cac|he=Cache(version", "Cache: results are kept for version `1`; of calls with the same inputs one runs, and the others wait for its result"},
		{"schedule=\"0 3| * * *\"", "`0 3 * * *`: at 03:00, every day, UTC. Next:\n\n- Sat 2026-01-31 03:00 UTC · Sat 04:00 CET\n- Sun"},
		{"schedule=NIGHT|LY", "`0 3 * * *`: at 03:00, every day"},
		{"dura|tion=timedelta", "every 2 hours"},
		{"fixed_inputs={\"n|\": 3}", "```python\nn: int = 2\n```\n\nInput of workflow `flow` · Flyte type `int`"},
		{"sched|ule=NIGHTLY", "Optional schedule to run on."},
		{"A100.parti|tion", "Accelerator `nvidia-tesla-a100`, as the nodes of the cluster are labelled\n\n10GB partition"},
		{"sched|ule=NIGHTLY", "Of `LaunchPlan.get_or_create`"},
		{"    ma|ny = map_task", "Output `o0` of map task of `point` in node `n3`"},
		{"partial(stats, sc|ale", "Input of task `stats` · Flyte type `float`"},
		{"(val|ues=[values]", "Input of map task of `stats`, required · Flyte type `List[List[float]]`"},
		{"ref = l|p", "launchplan lp [\"nightly\"]("},
		{"LaunchPlan.get_or_create(flo|w, name", "workflow flow(values: List[float], n: int = 2) -> float"},
		{"@work|flow\ndef flow", ""},
		{"from data|classes", ""},
		{"return lp(val|ues=[1.0])", "Input of launchplan `lp`, required"},
	} {
		t.Run(test.piece, func(t *testing.T) {
			if got := at(t, flow, test.piece); got != test.want && (test.want == "" || !strings.Contains(got, test.want)) {
				t.Errorf("got\n%s\nwant\n%s", got, test.want)
			}
		})
	}
}

// TestLastValues: what an input was given, and a call gave, in the last run.
func TestLastValues(t *testing.T) {
	path, w := open(t, flow)
	file, err := w.Snapshot().File(path)
	if err != nil {
		t.Fatal(err)
	}
	module, err := w.Snapshot().Module(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	run := &runs.Run{
		Entity: "flow", Target: runs.Remote, State: runs.Succeeded, Ended: time.Date(2026, 1, 30, 10, 58, 0, 0, time.UTC),
		SourceHash: codelens.SourceHash(file, module.Entity("flow")),
		Inputs:     map[string]json.RawMessage{"n": json.RawMessage("7")},
		Nodes:      []runs.Node{{ID: "n0", Name: "stats", Outputs: []runs.Output{{Name: "mean", Text: "2.5"}}}},
	}
	if got := at(t, flow, "n|: int = 2) -> float", run); !strings.Contains(got, "In the last remote run, 2 minutes ago, it was `7`") {
		t.Errorf("got %s", got)
	}
	for _, piece := range []string{"go|t = stats", "return got.me|an"} {
		if got := at(t, flow, piece, run); !strings.Contains(got, "`mean` = `2.5`") {
			t.Errorf("%s: got %s", piece, got)
		}
	}
	run.SourceHash = "another"
	if got := at(t, flow, "n|: int = 2) -> float", run); !strings.Contains(got, "of an older source, it was `7`") {
		t.Errorf("got %s", got)
	}
	if got := at(t, flow, "go|t = stats", run); strings.Contains(got, "2.5") {
		t.Errorf("got %s", got)
	}
}

// TestImported: the name in an import tells of the entity.
func TestImported(t *testing.T) {
	path, w := open(t, "from tasks import double as twice, plain\n")
	w.Open(filepath.Join(filepath.Dir(path), "tasks.py"), 1, []byte("from flytekit import task\n\n\n@task\ndef double(n: int) -> int:\n    return n\n\n\ndef plain(): ...\n"))
	for offset, want := range map[int]string{20: "task double(n: int) -> int", 31: "task double(n: int) -> int", 37: "", 7: ""} {
		found, err := hover.At(t.Context(), w.Snapshot(), path, offset, hover.Known{Latest: func(string) []*runs.Run { return nil }})
		if err != nil {
			t.Fatal(err)
		}
		if got := found != nil && strings.Contains(found.Text, "task double"); got != (want != "") {
			t.Errorf("at %d: %v", offset, found)
		}
	}
}

// TestBadInput: there is nothing to say where nothing stands, and nothing breaks.
func TestBadInput(t *testing.T) {
	w := workspace.New()
	dir := t.TempDir()
	for name, text := range map[string]string{"empty.py": "", "broken.py": "@task(\ndef (x=\n\n@workflow\ndef w(", "flow.py": flow, "x.go": "package x\n"} {
		path := filepath.Join(dir, name)
		w.Open(path, 1, []byte(text))
		for offset := -1; offset <= len(text)+1; offset++ {
			if _, err := hover.At(t.Context(), w.Snapshot(), path, offset, hover.Known{Latest: func(string) []*runs.Run { return nil }}); err != nil {
				t.Fatal(err)
			}
		}
	}
}
