package complete_test

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/flyte-lsp/flyte-lsp/editing/complete"
	"github.com/flyte-lsp/flyte-lsp/internal/testenv"
	"github.com/flyte-lsp/flyte-lsp/workspace"
)

const head = `from dataclasses import dataclass
from enum import Enum
from functools import partial
from typing import List, Literal, NamedTuple, Optional
from flytekit import task, workflow, dynamic, LaunchPlan, Resources, map_task, CronSchedule, ImageSpec, Secret, reference_workflow
from flytekit.remote import FlyteRemote

Out = NamedTuple("Out", count=int, text=str)

class Color(Enum):
    RED = "red"
    BLUE = "blue"

@dataclass
class Inner:
    z: int
    a: str

@dataclass
class Point:
    y: int
    inner: Inner

@task
def t1(a: int, b: str, flag: bool = False) -> int:
    """Does it.

    Args:
        a: the number
    """
    return a

@task
def t2(a: int) -> Out:
    return Out(a, "")

@task
def paint(color: Color, mode: Optional[Literal["fast", "slow"]] = None, numbers: List[int] = []) -> Point: ...

remote = FlyteRemote(None, default_project="mine")

`

// items are the items where "|" stands in a text.
func items(t *testing.T, text string) ([]complete.Item, string) {
	t.Helper()
	before, after, found := strings.Cut(text, "|")
	if !found {
		t.Fatal("no | in", text)
	}
	w := workspace.New()
	python := testenv.Python(t)
	w.SetInterpreter(func(string) (string, string) { return python, "" })
	path := filepath.Join(t.TempDir(), "flow.py")
	w.Open(path, 1, []byte(before+after))
	options := complete.Options{Words: new(complete.Words), Registered: func(kind complete.Registered, project, domain string) ([]string, bool) {
		return []string{fmt.Sprint("registered.", project, ".", domain, kind)}, false
	}}
	list, err := complete.At(t.Context(), w.Snapshot(), path, len(before), options)
	if err != nil {
		t.Fatal(err)
	}
	return list.Items, before + after
}

func TestItems(t *testing.T) {
	for _, test := range []struct{ body, want string }{
		// Inputs of what is called.
		{"t1(|", "a=, b= | a= | b= | flag= | n"},
		{"t1(|)", "a=, b= | a= | b= | flag= | n"},
		{"t1(a=1, |)", "b= | flag="},
		{"t1(1, |)", "b= | flag= | s"},
		{"t1(fl|)", "flag="},
		{"t1(b|=s)", "b="},
		{"t1(a=1,| b=s)", "flag="},
		{"map_task(partial(t1, |))(a=[1])", "a= | b= | flag= | n"},
		{"map_task(partial(t1, b=s))(|)", "a=, flag= | a= | flag="},
		{"x = 1\n    x|", ""},
		{"return |", "n"},
		{"x = t2(a=n)\n    return |", "n | x.count"},
		{"x|", ""},
		{"map|", "flyte map task"},
		// Values.
		{"x = t2(a=n)\n    t1(a=|)", "n | x.count"},
		{"x = t2(a=n)\n    t1(b=|)", "s | x.text"},
		{"t1(flag=|)", "True | False"},
		{"paint(color=|)", "s | Color.RED | Color.BLUE"},
		{"paint(color=Color.RED, mode=|)", `s | "fast" | "slow" | None`},
		{"paint(color=Color.RED, mode=\"|\")", "fast | slow"},
		{"paint(numbers=[|])", "n"},
		{"paint(numbers=[n, |", "n"},
		// Outputs.
		{"x = t2(a=n)\n    x.|", "count | text | with_overrides | runs_before"},
		{"x = t2(a=n)\n    t1(a=x.co|)", "count"},
		{"p = paint(color=Color.RED)\n    p.|", "y | inner | with_overrides | runs_before"},
		{"p = paint(color=Color.RED)\n    p.inner.|", "z | a"},
		{"n.|", ""},
		// Comments, texts.
		{"t1(a=1) # t1(|", ""},
		{"t1(b=\"|\")", ""},
		{"s.|", ""},
		{"t1(a=1, b=\"x\"|)", ""},
		{"t1(\"x\"|)", ""},
		{"t1(a=1|)", ""},
		{"t1(a=t2(a=1)|)", ""},
		{"x = |", ""},
		{"x = t1(a=n, b=s).with_overrides(requests=Resources(cpu=\"|\"))", "100m | 250m | 500m | 1 | 2 | 4 | 8 | 16"},
	} {
		t.Run(test.body, func(t *testing.T) {
			found, _ := items(t, head+"@workflow\ndef w(n: int, s: str) -> int:\n    "+test.body+"\n")
			if got := labels(found); got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
		})
	}
}

// TestKeywords: what flytekit's functions and classes take, and what they take
// for it.
func TestKeywords(t *testing.T) {
	for _, test := range []struct {
		text, first string
		with, no    []string
	}{
		{"@task(|)\ndef f(): ...\n", "task_config=", []string{"retries=", "cache="}, []string{"_task_function="}},
		{"@task(retries=1, |\ndef f(): ...\n", "task_config=", []string{"cache="}, []string{"retries="}},
		{"@dynamic(|)\ndef f(): ...\n", "task_config=", []string{"retries="}, nil},
		{"@workflow(|)\ndef f(): ...\n", "failure_policy=", []string{"interruptible=", "on_failure="}, nil},
		{"lp = LaunchPlan.get_or_create(|)\n", "workflow=", []string{"schedule=", "default_inputs="}, nil},
		{"lp = LaunchPlan.get_or_create(w, \"x\", |)\n", "default_inputs=", []string{"schedule="}, []string{"workflow=", "name="}},
		{"r = Resources(|)\n", "cpu=", []string{"mem=", "gpu=", "ephemeral_storage="}, nil},
		{"i = ImageSpec(|)\n", "name=", []string{"packages=", "registry="}, nil},
		{"c = CronSchedule(|)\n", "schedule=", nil, []string{"cron_expression="}},
		{"@workflow\ndef v(n: int):\n    t2(a=n).with_overrides(|)\n", "node_name=", []string{"requests=", "limits="}, nil},
		{"@task(cache=|)\ndef f(): ...\n", "True", []string{"False", "Cache"}, nil},
		{"@task(requests=|)\ndef f(): ...\n", "Resources", nil, []string{"True"}},
		{"@task(timeout=|)\ndef f(): ...\n", "timedelta", nil, nil},
		{"@task(accelerator=|)\ndef f(): ...\n", "", []string{"A100", "T4"}, []string{"MIG", "T"}},
		{"@task(task_config=|)\ndef f(): ...\n", "Spark", []string{"PyTorch", "RayJobConfig", "Dask"}, nil},
		{"lp = LaunchPlan.get_or_create(w, schedule=|)\n", "CronSchedule", []string{"FixedRate"}, nil},
		{"lp = LaunchPlan.get_or_create(w, schedule=CronSchedule(schedule=\"|\"))\n", "0 * * * *", []string{"@daily"}, nil},
		{"lp = LaunchPlan.get_or_create(w, schedule=CronSchedule(schedule=\"5 4 * * *|\"))\n", "5 4 * * *", nil, nil},
		{"lp = LaunchPlan.get_or_create(w, default_inputs={\"|\": 1})\n", "n", []string{"s"}, nil},
		{"lp = LaunchPlan.get_or_create(w, fixed_inputs={\"n\": 1, \"|\"})\n", "s", nil, []string{"n"}},
		{"i = ImageSpec(base_image=\"ghcr.io/a/b:1\")\n@task(container_image=\"|\")\ndef f(): ...\n", "ghcr.io/a/b:1", nil, nil},
		{"a = Secret(group=\"g1\", key=\"k1\")\nb = Secret(group=\"|\")\n", "g1", nil, []string{"k1"}},
		{"lp = LaunchPlan.get_or_create(w, fixed_inputs={\"n\": 1, \"|\n", "s", nil, []string{"n"}},
		{"@task(container_image='|\ndef f(): ...\n@task(container_image=\"x\")\ndef g(): ...\n", "x", nil, nil},
		{"@task(environment={\"A\": \"1\"})\ndef f(): ...\n@task(environment={\"|\"})\ndef g(): ...\n", "A", nil, nil},
		{"@reference_workflow(project=\"p\", domain=\"d\", name=\"|\", version=\"v\")\ndef f(): ...\n", "flow.w", []string{"registered.p.d1"}, nil},
		{"@reference_workflow(\"p\", \"d\", \"|\", \"v\")\ndef f(): ...\n", "flow.w", []string{"registered.p.d1"}, nil},
		{"remote.fetch_workflow(name=\"|\")\n", "flow.w", []string{"registered.mine.1"}, nil},
		{"@task(retries=1)\ndef f(): ...\nprint(|)\n", "", nil, nil},
		{"ta|\n", "flyte task", []string{"flyte cached task"}, []string{"flyte map task"}},
		{"if True:\n    ta|\n", "", nil, nil},
		{"@task\ndef f():\n    ta|\n", "", nil, nil},
		{"@workflow(failure_policy=|)\ndef f(): ...\n", "WorkflowFailurePolicy.FAIL_IMMEDIATELY", nil, nil},
	} {
		t.Run(test.text, func(t *testing.T) {
			found, _ := items(t, head+"@workflow\ndef w(n: int, s: str = \"\") -> int:\n    return t1(a=n, b=s)\n\n"+test.text)
			all := strings.Split(labels(found), " | ")
			if test.first != "" && all[0] != test.first {
				t.Errorf("first %q, want %q: %q", all[0], test.first, all)
			}
			for _, want := range test.with {
				if !slices.Contains(all, want) {
					t.Errorf("no %q in %q", want, all)
				}
			}
			for _, no := range test.no {
				if slices.Contains(all, no) {
					t.Errorf("%q is in %q", no, all)
				}
			}
			if test.first == "" && test.with == nil && len(found) > 0 {
				t.Errorf("there are %q", all)
			}
		})
	}
}

func labels(items []complete.Item) string {
	var all []string
	for _, item := range items {
		all = append(all, item.Label)
	}
	return strings.Join(all, " | ")
}

// TestTemplates: an item with its imports makes a whole file.
func TestTemplates(t *testing.T) {
	for _, test := range []struct{ text, label, want string }{
		{"fl|", "flyte task", "from flytekit import task\n\n\n@task\ndef name(x: int) -> int:\n    return x"},
		{"import os\n\nfl|\n", "flyte task", ""},
		{
			"from flytekit import workflow\n\n\n@workflow\ndef flow(): ...\n\n\nfl|\n", "flyte launch plan",
			"from flytekit import CronSchedule, LaunchPlan, workflow\n\n\n@workflow\ndef flow(): ...\n\n\nnightly = LaunchPlan.get_or_create(\n    flow,\n    name=\"nightly\",\n    schedule=CronSchedule(schedule=\"0 3 * * *\"),\n)\n",
		},
		{
			"import flytekit\n\nfl|\n", "flyte cached task",
			"from flytekit import Cache, task\nimport flytekit\n\n@task(cache=Cache(version=\"1\"))\ndef name(x: int) -> int:\n    return x\n",
		},
		{
			"from flytekit import task\n\n\n@task(task_config=Da|)\ndef f(): ...\n", "Dask",
			"from flytekitplugins.dask import Dask\n\nfrom flytekit import task\n\n\n@task(task_config=Dask()\ndef f(): ...\n",
		},
	} {
		found, text := items(t, test.text)
		i := slices.IndexFunc(found, func(item complete.Item) bool { return item.Label == test.label })
		if i < 0 {
			if test.want != "" {
				t.Errorf("%q: no %q among %s", test.text, test.label, labels(found))
			}
			continue
		}
		item := found[i]
		text = text[:item.Insert.Start] + item.Text + text[item.Insert.End:]
		for _, edit := range item.Edits {
			text = text[:edit.Span.Start] + edit.Text + text[edit.Span.End:]
		}
		if text != test.want {
			t.Errorf("%q becomes\n%s\nwant\n%s", test.text, text, test.want)
		}
	}
}
