package graph_test

import (
	"context"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/flyte-lsp/flyte-lsp/graph"
	"github.com/flyte-lsp/flyte-lsp/internal/testenv"
	"github.com/flyte-lsp/flyte-lsp/runs"
	"github.com/flyte-lsp/flyte-lsp/workspace"
)

var update = flag.Bool("update", false, "write testdata/golden anew")

func snapshotOf(t *testing.T) *workspace.Snapshot {
	t.Helper()
	python := testenv.Python(t)
	w := workspace.New()
	w.SetInterpreter(func(string) (string, string) { return python, "" })
	return w.Snapshot()
}

// graphOf is the graph of an entity of a file of testdata.
func graphOf(t *testing.T, name, entity string, options graph.Options) *graph.Graph {
	t.Helper()
	path, err := filepath.Abs(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	snapshot := snapshotOf(t)
	file, err := snapshot.File(path)
	if err != nil {
		t.Fatal(err)
	}
	module, err := snapshot.Module(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	found := module.Entity(entity)
	if found == nil {
		t.Fatalf("%s has no entity %s", name, entity)
	}
	g, err := graph.Of(t.Context(), snapshot, file, found, options)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func node(t *testing.T, g *graph.Graph, id string) *graph.Node {
	t.Helper()
	i := slices.IndexFunc(g.Nodes, func(n *graph.Node) bool { return n.ID == id })
	if i < 0 {
		t.Fatalf("no node %s", id)
	}
	return g.Nodes[i]
}

// TestForms compares the text forms with testdata/golden.
func TestForms(t *testing.T) {
	for _, one := range []struct {
		entity, golden string
		depth          int
	}{
		{"main", "main.mermaid", 0},
		{"main", "main.dot", 0},
		{"main", "main.open.mermaid", 5},
		{"main", "main.open.dot", 5},
		{"totals", "totals.json", 0},
		{"nightly", "nightly.mermaid", 0},
		{"unfinished", "unfinished.json", 0},
		{"load", "load.mermaid", 0},
		{"nested", "nested.dot", 0},
	} {
		t.Run(one.golden, func(t *testing.T) {
			g := graphOf(t, "orders.py", one.entity, graph.Options{Depth: one.depth})
			text, err := graph.Formats[strings.TrimPrefix(filepath.Ext(one.golden), ".")](t.Context(), g)
			if err != nil {
				t.Fatal(err)
			}
			here, err := filepath.Abs("testdata")
			if err != nil {
				t.Fatal(err)
			}
			text = strings.ReplaceAll(text, here, "HERE")
			golden := filepath.Join("testdata", "golden", one.golden)
			if *update {
				if err := os.WriteFile(golden, []byte(text), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if text != string(want) {
				t.Errorf("got\n%s\nwant\n%s", text, want)
			}
		})
	}
}

// A sub-workflow of another module is opened with the places of its own file.
func TestOpenedFromAnotherModule(t *testing.T) {
	g := graphOf(t, "imports.py", "outer", graph.Options{Depth: 1})
	within := node(t, g, "n0.n1")
	if within.Name != "add" || filepath.Base(within.File) != "orders.py" || within.Parent != "n0" || !node(t, g, "n0").Open {
		t.Errorf("%+v", within)
	}
	if call := node(t, g, "n0"); filepath.Base(call.File) != "imports.py" || filepath.Base(call.Entity.File) != "orders.py" {
		t.Errorf("%+v of %+v", call, call.Entity)
	}
	for _, other := range graphOf(t, "imports.py", "outer", graph.Options{}).Nodes {
		if other.Parent != "" {
			t.Errorf("%s is there, though nothing is opened", other.ID)
		}
	}
}

// What the source doesn't tell is a node of its own, and a reason with its place.
func TestIncomplete(t *testing.T) {
	g := graphOf(t, "orders.py", "unfinished", graph.Options{})
	unknown := node(t, g, "unknown")
	if unknown.Kind != graph.Unknown || unknown.Name != "…" {
		t.Errorf("%+v", unknown)
	}
	if len(g.Incomplete) == 0 {
		t.Fatal("no reasons")
	}
	for _, reason := range g.Incomplete {
		if reason.Line == 0 || !strings.Contains(unknown.Detail, reason.Message) {
			t.Errorf("%+v", reason)
		}
	}
}

// TestPhasesOfABackend gives each node at the top the phase that the backend has
// of the node with its id.
func TestPhasesOfABackend(t *testing.T) {
	run := &runs.Run{
		ID: "r", Entity: "totals", Target: runs.Remote, State: runs.Failed, Started: time.Now().Add(-time.Minute), Ended: time.Now(),
		SourceHash: hashOf(t, "totals"),
		Nodes: []runs.Node{
			{ID: "start-node", Name: "start-node", Phase: "succeeded"},
			{ID: "n0", Name: "n0", Phase: "succeeded", Seconds: 2},
			{ID: "n1", Name: "orders.add", Phase: "failed", Seconds: 0.5},
		},
	}
	older := *run
	older.Started, older.Nodes = run.Started.Add(-time.Hour), nil
	g := graphOf(t, "orders.py", "totals", graph.Options{Runs: []*runs.Run{&older, run}})
	if g.Run == nil || g.Run.ID != "r" || g.Run.Older || g.Run.State != runs.Failed {
		t.Fatalf("%+v", g.Run)
	}
	if n := node(t, g, "n0"); n.Phase != "succeeded" || n.Seconds != 2 || n.Calls != 1 {
		t.Errorf("%+v", n)
	}
	if n := node(t, g, "n1"); n.Phase != "failed" {
		t.Errorf("%+v", n)
	}
	svg, err := g.SVG(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`class="node task failed"`, "failed in 500ms"} {
		if !strings.Contains(svg, want) {
			t.Errorf("the SVG has no %s", want)
		}
	}
	run.SourceHash = "another"
	g = graphOf(t, "orders.py", "totals", graph.Options{Runs: []*runs.Run{run}})
	if !g.Run.Older || node(t, g, "n1").Phase != "" {
		t.Errorf("the source has changed since the run, and the nodes have phases all the same: %+v", g.Run)
	}
}

func hashOf(t *testing.T, entity string) string {
	t.Helper()
	path, err := filepath.Abs("testdata/orders.py")
	if err != nil {
		t.Fatal(err)
	}
	snapshot := snapshotOf(t)
	module, err := snapshot.Module(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	file, err := snapshot.File(path)
	if err != nil {
		t.Fatal(err)
	}
	return runs.HashSource([]byte(file.Source.Slice(module.Entity(entity).Span)))
}

func TestCancelled(t *testing.T) {
	g := graphOf(t, "orders.py", "main", graph.Options{})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := g.SVG(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("SVG: %v", err)
	}
	snapshot := snapshotOf(t)
	path, _ := filepath.Abs("testdata/orders.py")
	module, err := snapshot.Module(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	file, err := snapshot.File(path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := graph.Of(ctx, snapshot, file, module.Entity("main"), graph.Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("Of: %v", err)
	}
}
