package local

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/flyte-lsp/flyte-lsp/internal/testenv"
	"github.com/flyte-lsp/flyte-lsp/literal"
)

// shared is the pool of all tests that need nothing special, so that flytekit
// is imported once.
var shared = NewPool(slog.New(slog.NewTextHandler(io.Discard, nil)))

func TestMain(m *testing.M) {
	code := m.Run()
	shared.Close()
	os.Exit(code)
}

// private is a pool whose worker a test may kill.
func private(t *testing.T) *Pool {
	p := NewPool(slog.New(slog.NewTextHandler(io.Discard, nil)))
	t.Cleanup(p.Close)
	return p
}

// write makes a project folder with files.
func write(t testing.TB, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// attempt is a run of an entity of a module's text, with what it printed.
type attempt struct {
	result *Result
	err    error
	output string
	events []Event
}

// try runs an entity of a text as the module flow.py.
func try(t testing.TB, text, entity string, inputs map[string]any) attempt {
	t.Helper()
	return runFile(t, filepath.Join(write(t, map[string]string{"flow.py": text}), "flow.py"), entity, inputs)
}

func runFile(t testing.TB, file, entity string, inputs map[string]any) attempt {
	t.Helper()
	a := attempt{}
	log := filepath.Join(t.TempDir(), "log")
	job := Job{File: file, Entity: entity, Inputs: inputs, Log: log}
	a.result, a.err = shared.Run(context.Background(), testenv.Python(t), job, func(e Event) { a.events = append(a.events, e) })
	printed, err := os.ReadFile(log)
	if err != nil {
		t.Fatal(err)
	}
	a.output = string(printed)
	return a
}

// summary is the outputs as text, or the error.
func (a attempt) summary() string {
	if a.err != nil {
		return fmt.Sprintf("%T: %v", a.err, a.err)
	}
	texts := make([]string, len(a.result.Outputs))
	for i, o := range a.result.Outputs {
		value := "no JSON"
		if o.Value != nil {
			value = string(o.Value)
		}
		texts[i] = fmt.Sprintf("%s %s = %s (%s)", o.Name, o.Type, o.Text, value)
	}
	return strings.Join(texts, "; ")
}

func TestQuickstart(t *testing.T) {
	for entity, want := range map[string]string{
		"product_rating": `o0 Rating = Rating(reviews=4, score=0.5) ({"reviews": 4, "score": 0.5})`,
		"short_rating":   `o0 Rating = Rating(reviews=2, score=1.0) ({"reviews": 2, "score": 1.0})`,
	} {
		a := runFile(t, testenv.Quickstart(t), entity, nil)
		if got := a.summary(); got != want {
			t.Errorf("%s gave %s, want %s", entity, got, want)
		}
	}
	a := runFile(t, testenv.Quickstart(t), "fetch_reviews", map[string]any{"limit": 1})
	if want := `o0 List[str] = ['great battery, great screen'] (["great battery, great screen"])`; a.summary() != want {
		t.Errorf("fetch_reviews gave %s, want %s", a.summary(), want)
	}
	if a.output != "fetched 1 reviews\n" {
		t.Errorf("the log holds %q", a.output)
	}
}

func TestOutputsHaveJSONAndOneLine(t *testing.T) {
	const text = `
import datetime, enum
from dataclasses import dataclass
from typing import Any, Dict, List, NamedTuple, Optional
from flytekit import task, workflow
from flytekit.types.file import FlyteFile

class Color(enum.Enum):
    RED = "red"

@dataclass
class Point:
    x: int
    tags: List[str]

class Broken:
    def __repr__(self):
        raise RuntimeError("no text")

Pair = NamedTuple("Pair", number=int, text=str)
Single = NamedTuple("Single", number=int)

@task
def color() -> Color:
    return Color.RED
@task
def point() -> Point:
    return Point(1, ["a", "b"])
@task
def points() -> Dict[str, List[Point]]:
    return {"p": [Point(1, [])]}
@task
def moment() -> datetime.datetime:
    return datetime.datetime(2024, 1, 2, tzinfo=datetime.timezone.utc)
@task
def span() -> datetime.timedelta:
    return datetime.timedelta(hours=1)
@task
def file() -> FlyteFile:
    return FlyteFile("https://example.org/data.csv")
@task
def nan() -> float:
    return float("nan")
@task
def broken() -> Any:
    return Broken()
@task
def nothing():
    pass
@task
def absent() -> Optional[int]:
    return None
@task
def pair() -> Pair:
    return Pair(1, "a")
@workflow
def single() -> Single:
    return Single(pair().number)
@task
def long() -> str:
    return "line\n" * 100
@task
def large() -> List[str]:
    return ["x" * 2_000_000]
`
	dir := write(t, map[string]string{"flow.py": text})
	for entity, want := range map[string]string{
		"color":   `o0 Color = Color.RED ("red")`,
		"point":   `o0 Point = Point(x=1, tags=['a', 'b']) ({"x": 1, "tags": ["a", "b"]})`,
		"points":  `o0 Dict[str, List[Point]] = {'p': [Point(x=1, tags=[])]} ({"p": [{"x": 1, "tags": []}]})`,
		"moment":  `o0 datetime = datetime.datetime(2024, 1, 2, 0, 0, tzinfo=datetime.timezone.utc) ("2024-01-02T00:00:00+00:00")`,
		"span":    `o0 timedelta = datetime.timedelta(seconds=3600) ("1:00:00")`,
		"file":    `o0 FlyteFile = https://example.org/data.csv ("https://example.org/data.csv")`,
		"nan":     `o0 float = nan (no JSON)`,
		"broken":  `o0 Any = <Broken, whose text can't be made: RuntimeError> (no JSON)`,
		"nothing": ``,
		"absent":  `o0 Optional[int] = None (null)`,
		"pair":    `number int = 1 (1); text str = 'a' ("a")`,
		"single":  `number int = 1 (1)`,
	} {
		if got := runFile(t, filepath.Join(dir, "flow.py"), entity, nil).summary(); got != want {
			t.Errorf("%s gave %s, want %s", entity, got, want)
		}
	}
	for _, entity := range []string{"long", "large"} {
		a := runFile(t, filepath.Join(dir, "flow.py"), entity, nil)
		if a.err != nil {
			t.Fatal(a.err)
		}
		if o := a.result.Outputs[0]; utf8.RuneCountInString(o.Text) > 200 || strings.Contains(o.Text, "\n") || len(o.Value) > 1<<20 {
			t.Errorf("%s: a text of %d and a value of %d bytes", entity, len(o.Text), len(o.Value))
		}
	}
}

// TestCallsHaveTheirPlacesAndOutputs: what the entity's own function calls is told
// with its place in the function and with what it gave.
func TestCallsHaveTheirPlacesAndOutputs(t *testing.T) {
	const text = `
from typing import NamedTuple
from flytekit import dynamic, task, workflow
@task
def double(n: int) -> int:
    return 2 * n
@task
def pair(n: int) -> NamedTuple("Pair", less=int, text=str):
    return n - 1, str(n)
@workflow
def inner(n: int) -> int:
    return double(n=n)
@workflow
def outer(n: int) -> int:
    a = double(n=inner(n=n))
    b = pair(
        n=a,
    )
    return b.less
@dynamic
def many(n: int) -> int:
    return double(n=n)
`
	dir := write(t, map[string]string{"flow.py": text})
	for entity, want := range map[string]string{
		"outer": "2:27 inner o0=6; 2:28 double o0=12; 5:5 pair less=11 text=\"12\"",
		"many":  "2:22 double o0=6",
	} {
		a := runFile(t, filepath.Join(dir, "flow.py"), entity, map[string]any{"n": 3})
		var calls []string
		places := map[int]*Place{}
		for _, e := range a.events {
			if e.At != nil {
				places[e.Call] = e.At
			}
			if at := places[e.Call]; at != nil && e.Phase == "succeeded" {
				var call strings.Builder
				call.WriteString(fmt.Sprintf("%d:%d %s", at.Last, at.Column, e.Node))
				for _, name := range slices.Sorted(maps.Keys(e.Outputs.GetLiterals())) {
					call.WriteString(" " + name + "=" + literal.Text(e.Outputs.Literals[name]))
				}
				calls = append(calls, call.String())
			}
		}
		if got := strings.Join(calls, "; "); got != want {
			t.Errorf("%s: %s, want %s", entity, got, want)
		}
	}
}

func TestEventsFollowTheNodes(t *testing.T) {
	const text = `
from flytekit import dynamic, task, workflow
@task
def double(n: int) -> int:
    if n > 10:
        raise ValueError("too much")
    return 2 * n
@workflow
def inner(n: int) -> int:
    return double(n=n)
@workflow
def outer(n: int) -> int:
    return double(n=inner(n=n))
@dynamic
def many(n: int) -> int:
    for i in range(n):
        double(n=i)
    return n
`
	dir := write(t, map[string]string{"flow.py": text})
	for _, test := range []struct {
		entity, want string
		n            int
	}{
		{"outer", "loaded; inner 1 running; double 2 running; double 2 succeeded; inner 1 succeeded; double 3 running; double 3 succeeded", 1},
		{"outer", "loaded; inner 1 running; double 2 running; double 2 succeeded; inner 1 succeeded; double 3 running; double 3 failed", 10},
		{"many", "loaded; many 1 running; double 2 running; double 2 succeeded; double 3 running; double 3 succeeded; many 1 succeeded", 2},
	} {
		a := runFile(t, filepath.Join(dir, "flow.py"), test.entity, map[string]any{"n": test.n})
		steps := make([]string, len(a.events))
		for i, e := range a.events {
			steps[i] = e.Kind
			if e.Kind == "node" {
				steps[i] = fmt.Sprintf("%s %d %s", e.Node, e.Call, e.Phase)
			}
		}
		if got := strings.Join(steps, "; "); got != test.want {
			t.Errorf("%s(%d): %s, want %s", test.entity, test.n, got, test.want)
		}
	}
}

func TestEditsAreSeen(t *testing.T) {
	const module = "from flytekit import task\nfrom helper import VALUE\n@task\ndef show() -> str:\n    return f'{VALUE} %s'\n"
	dir := write(t, map[string]string{"flow.py": fmt.Sprintf(module, "a"), "helper.py": "VALUE = 1\n"})
	show := func(want string) {
		t.Helper()
		a := runFile(t, filepath.Join(dir, "flow.py"), "show", nil)
		if a.err != nil || string(a.result.Outputs[0].Value) != want {
			t.Errorf("the run gave %s, want %s", a.summary(), want)
		}
	}
	save := func(name, text string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	show(`"1 a"`)
	// Sizes and whole seconds stay the same, which is all that cached bytecode goes by.
	save("helper.py", "VALUE = 2\n")
	show(`"2 a"`)
	save("flow.py", fmt.Sprintf(module, "b"))
	show(`"2 b"`)
}

func TestRunsAtTheSameTime(t *testing.T) {
	const text = `
import os, time
from flytekit import current_context, task
@task
def meet(mine: str, other: str) -> str:
    open(mine, "w").close()
    while not os.path.exists(other):
        time.sleep(0.01)
    print(mine)
    return current_context().working_directory
`
	dir := write(t, map[string]string{"flow.py": text})
	a, b := filepath.Join(dir, "a"), filepath.Join(dir, "b")
	results := make(chan attempt, 2)
	for _, names := range [][2]string{{a, b}, {b, a}} {
		go func() {
			results <- runFile(t, filepath.Join(dir, "flow.py"), "meet", map[string]any{"mine": names[0], "other": names[1]})
		}()
	}
	first, second := <-results, <-results
	if first.err != nil || second.err != nil {
		t.Fatal(first.err, second.err)
	}
	if first.result.Outputs[0].Text == second.result.Outputs[0].Text {
		t.Error("both runs write to one working folder")
	}
	if printed := first.output + second.output; len(first.output) == 0 || len(second.output) == 0 || printed != a+"\n"+b+"\n" && printed != b+"\n"+a+"\n" {
		t.Errorf("the logs hold %q and %q", first.output, second.output)
	}
}
