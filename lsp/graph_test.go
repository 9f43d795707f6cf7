package lsp_test

import (
	"slices"
	"strings"
	"testing"

	"go.lsp.dev/protocol"

	"github.com/flyte-lsp/flyte-lsp/graph"
	"github.com/flyte-lsp/flyte-lsp/internal/lspclient"
	"github.com/flyte-lsp/flyte-lsp/internal/testenv"
)

const graphFlow = `from flytekit import task, workflow


@task
def double(n: int) -> int:
    return 2 * n


@workflow
def flow(n: int) -> int:
    doubled = double(n=n)
    return double(n=doubled)
`

type graphAnswer struct {
	Entity  string
	Version *int32
	Stale   bool
	Graph   *graph.Graph
	Text    string
}

// graph asks for a graph, with what is asked besides the document.
func (s *session) graph(path string, asked map[string]any) (*graphAnswer, error) {
	s.t.Helper()
	var answer *graphAnswer
	asked["textDocument"] = map[string]any{"uri": lspclient.URI(path)}
	err := s.Call(s.ctx, "flyte/graph", asked, &answer)
	return answer, err
}

// mustGraph is graph of what is there.
func (s *session) mustGraph(path string, asked map[string]any) *graphAnswer {
	s.t.Helper()
	answer, err := s.graph(path, asked)
	s.must(err)
	if answer == nil || answer.Graph == nil {
		s.t.Fatalf("no graph of %v", asked)
	}
	return answer
}

func (a *graphAnswer) ids() []string {
	var ids []string
	for _, node := range a.Graph.Nodes {
		ids = append(ids, node.ID)
	}
	return ids
}

// A view of the graph follows the cursor, is told when to ask again, and keeps
// what it shows while the text is broken.
func TestGraphIsLive(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	path := write(t, root, "flow.py", graphFlow)
	s := open(t, root, map[string]any{"python": testenv.Python(t)})
	s.must(s.Open(s.ctx, path, "python"))
	at := func(line, character uint32) map[string]any {
		return map[string]any{"position": protocol.Position{Line: line, Character: character}, "format": "mermaid"}
	}

	answer := s.mustGraph(path, at(10, 4))
	if want := []string{"start", "n0", "n1", "end"}; answer.Entity != "flow" || answer.Stale || *answer.Version != 1 || !slices.Equal(answer.ids(), want) {
		t.Errorf("in the workflow: %+v with %v, want %v", answer, answer.ids(), want)
	}
	if call := answer.Graph.Nodes[1]; call.Line != 11 || call.Range.Start != (graph.Position{Line: 10, Character: 14}) {
		t.Errorf("the call is at %d, %+v", call.Line, call.Range)
	}
	if !strings.HasPrefix(answer.Text, "flowchart") {
		t.Errorf("the text is %q", answer.Text)
	}
	if answer := s.mustGraph(path, at(5, 4)); answer.Entity != "double" {
		t.Errorf("in the task: %s", answer.Entity)
	}
	for _, outside := range []map[string]any{at(1, 0), at(1<<20, 1<<20)} {
		if answer, err := s.graph(path, outside); err != nil || answer != nil {
			t.Errorf("at %v: %+v, %v", outside, answer, err)
		}
	}

	mark := s.Mark()
	edit := func(version int, line uint32, from, to uint32, text string) {
		t.Helper()
		s.must(s.Replace(s.ctx, path, version, protocol.Range{
			Start: protocol.Position{Line: line, Character: from}, End: protocol.Position{Line: line, Character: to},
		}, text))
	}
	edit(2, 11, 0, 0, "    double(n=1)\n")
	if _, err := s.Wait(s.ctx, mark, func(m lspclient.Message) bool { return m.Method == "flyte/graph/refresh" }); err != nil {
		t.Fatal("nobody says that the graph has changed: ", err)
	}
	whole := s.mustGraph(path, at(10, 4))
	if want := []string{"start", "n0", "n1", "n2", "end"}; !slices.Equal(whole.ids(), want) || *whole.Version != 2 {
		t.Errorf("after the edit: version %d with %v, want %v", *whole.Version, whole.ids(), want)
	}

	edit(3, 10, 14, 25, "double(n=") // half typed: what was known stays
	broken := s.mustGraph(path, at(10, 4))
	if broken.Entity != "flow" || len(broken.Graph.Nodes) < len(whole.Graph.Nodes) || broken.Stale == (*broken.Version == 3) {
		t.Errorf("half typed: %+v with %v", broken, broken.ids())
	}
	edit(4, 9, 0, 100, "def flow(")
	for _, asked := range []map[string]any{at(10, 4), {"entity": "flow", "format": "mermaid"}} {
		if broken := s.mustGraph(path, asked); len(broken.Graph.Nodes) < len(whole.Graph.Nodes) || broken.Text == "" {
			t.Errorf("the def is broken: %+v with %v", broken, broken.ids())
		}
	}
}

// What can't be drawn is said so that one knows what can.
func TestGraphErrors(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	path := write(t, root, "flow.py", graphFlow)
	s := open(t, root, map[string]any{"python": testenv.Python(t)})
	for _, one := range []struct {
		asked map[string]any
		want  string
	}{
		{map[string]any{"entity": "flo"}, "no task, workflow or launch plan flo; it has: double, flow"},
		{map[string]any{"entity": "flow", "format": "png"}, "want one of dot, json, mermaid, svg"},
		{map[string]any{}, "wants a position or an entity"},
	} {
		if _, err := s.graph(path, one.asked); err == nil || !strings.Contains(err.Error(), one.want) {
			t.Errorf("%v: %v, want %q", one.asked, err, one.want)
		}
	}
	if _, err := s.graph(write(t, root, "gone.py", "")+".py", map[string]any{"entity": "x"}); err == nil {
		t.Error("a file that isn't there has a graph")
	}
	if answer := s.mustGraph(path, map[string]any{"entity": "double", "format": "svg"}); answer.Version != nil || !strings.Contains(answer.Text, `id="node-n0"`) {
		t.Errorf("a task of a file that isn't open: version %v, %s", answer.Version, answer.Text)
	}
}
