package navigate_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/flyte-lsp/flyte-lsp/editing/navigate"
	"github.com/flyte-lsp/flyte-lsp/workspace"
)

const pipeline = `
-- pkg/__init__.py --
-- pkg/tasks.py --
from typing import List, NamedTuple

from flytekit import task

Out = NamedTuple("Out", count=int)

@task
def fetch(url: str, limit: int = 3) -> Out:
    return Out(count=limit)

@task
def clean(url: str) -> None: ...

@task
def helper(url: str) -> str:
    fetch(url=url)
    return url
-- flow.py --
from typing import List

from flytekit import LaunchPlan, approve, conditional, map_task, workflow

from pkg.tasks import clean, fetch as get, helper

mapped = map_task(helper)

@workflow
def leaf(url: str) -> str:
    return url

nightly = LaunchPlan.get_or_create(leaf, "nightly")

@workflow(on_failure=clean)
def flow(url: str, urls: List[str]) -> str:
    out = get(url=url)
    text = (
        conditional("which")
        .if_(out.count > 1)
        .then(helper(url=url))
        .else_()
        .then(sub(url=url))
    )
    map_task(helper)(url=urls)
    mapped(url=urls)
    approve(text, "ok")
    return text

@workflow
def sub(url: str) -> str:
    get(url=url)
    return nightly(url=url)
-- plans.py --
from flytekit import LaunchPlan

import flow

plan = LaunchPlan.get_or_create(flow.flow, "plan", default_inputs={"url": "u"})
LaunchPlan.get_or_create(workflow=flow.flow, name="unnamed")
-- broken.py --
from pkg.tasks import fetch
@task
def half(
`

// TestCalls: an entity is called where its name stands in another one's function,
// also by another name, in a conditional, by a map task, as a failure handler, and a
// workflow by its launch plans.
func TestCalls(t *testing.T) {
	p := newProject(t, txtar.Parse([]byte(pipeline)))
	for _, test := range []struct{ file, entity, incoming, outgoing string }{
		{"pkg/tasks.py", "fetch", "flow: get; sub: get; helper: fetch", ""},
		{"pkg/tasks.py", "helper", "mapped: helper; flow: helper map_task(helper) mapped", "fetch: fetch"},
		{"pkg/tasks.py", "clean", "flow: flow", ""},
		{"flow.py", "flow", "plan: flow.flow; unnamed: flow.flow", "fetch: get; helper: helper map_task(helper) mapped; sub: sub; clean: flow"},
		{"plans.py", "plan", "", "flow: flow.flow"},
		{"plans.py", "unnamed", "", "flow: flow.flow"},
	} {
		t.Run(test.entity, func(t *testing.T) {
			item, err := p.Named(t.Context(), filepath.Join(p.root, test.file), test.entity)
			if err != nil || item == nil {
				t.Fatal(item, err)
			}
			incoming, err := p.Incoming(t.Context(), item)
			if err != nil {
				t.Fatal(err)
			}
			if got := describeCalls(incoming, nil); got != test.incoming {
				t.Errorf("incoming\n%s\nwant\n%s", got, test.incoming)
			}
			outgoing, err := p.Outgoing(t.Context(), item)
			if err != nil {
				t.Fatal(err)
			}
			if got := describeCalls(outgoing, item); got != test.outgoing {
				t.Errorf("outgoing\n%s\nwant\n%s", got, test.outgoing)
			}
		})
	}
}

// describeCalls gives each entity with what is written where it is called: in its
// own file, or in that of the item that calls all.
func describeCalls(calls []navigate.CallsOf, by *navigate.Item) string {
	var all []string
	for _, call := range calls {
		source := call.Source
		if by != nil {
			source = by.Source
		}
		var spans []string
		for _, span := range call.Spans {
			spans = append(spans, source.Slice(span))
		}
		all = append(all, call.Title()+": "+strings.Join(spans, " "))
	}
	return strings.Join(all, "; ")
}

func TestDocumentSymbols(t *testing.T) {
	p := newProject(t, txtar.Parse([]byte(pipeline)))
	symbols, err := navigate.DocumentSymbols(t.Context(), p.Snapshot, filepath.Join(p.root, "flow.py"))
	if err != nil {
		t.Fatal(err)
	}
	var text strings.Builder
	var write func(symbols []navigate.Symbol, indent string)
	write = func(symbols []navigate.Symbol, indent string) {
		for _, s := range symbols {
			if s.NameSpan.Start < s.Span.Start || s.NameSpan.End > s.Span.End {
				t.Errorf("%s: the name at %v isn't in %v", s.Name, s.NameSpan, s.Span)
			}
			fmt.Fprintf(&text, "%s%s %s [%s]\n", indent, s.Name, s.Detail, s.Kind)
			write(s.Children, indent+"  ")
		}
	}
	write(symbols, "")
	const want = `mapped (url: List[str]) -> List[str] [map_task]
leaf (url: str) -> str [workflow]
nightly (url: str) -> str [launchplan]
flow (url: str, urls: List[str]) -> str [workflow]
  fetch n0, task [task]
  conditional n1, branch []
    helper n0, task [task]
    sub n1, workflow [workflow]
  map_task(helper) n2, array [map_task]
  mapped n3, array [map_task]
  approve n4, gate []
  clean fn0, task [task]
sub (url: str) -> str [workflow]
  fetch n0, task [task]
  nightly n1, launchplan [launchplan]
`
	if got := text.String(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// TestListing: all entities of the workspace are found by letters of their names,
// also after files changed.
func TestListing(t *testing.T) {
	root := newProject(t, txtar.Parse([]byte(pipeline))).root
	w := workspace.New()
	w.SetFolders([]string{root})
	if _, err := w.Index(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	var listing navigate.Listing
	find := func(query, want string) {
		t.Helper()
		found, err := listing.Find(t.Context(), w.Snapshot(), query, 4)
		if err != nil {
			t.Fatal(err)
		}
		var all []string
		for _, e := range found {
			all = append(all, e.Module+"."+e.Name+" "+string(e.Kind)+" "+e.Source.Slice(e.Span))
		}
		if got := strings.Join(all, "; "); got != want {
			t.Errorf("%q: got %s, want %s", query, got, want)
		}
	}
	find("fetch", "pkg.tasks.fetch task fetch")
	find("FTH", "pkg.tasks.fetch task fetch")
	find("ptask", "pkg.tasks.clean task clean; pkg.tasks.fetch task fetch; pkg.tasks.helper task helper")
	find("zz", "")
	find("", "flow.sub workflow sub; flow.flow workflow flow; flow.leaf workflow leaf; plans.plan launchplan plan")
	path := filepath.Join(root, "pkg", "tasks.py")
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	w.Open(path, 1, []byte("\n"+strings.ReplaceAll(string(text), "fetch", "grab")))
	find("fetch", "")
	find("grab", "pkg.tasks.grab task grab")
	w.Close(path)
	find("fetch", "pkg.tasks.fetch task fetch")
}
