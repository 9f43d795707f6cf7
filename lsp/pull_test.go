package lsp_test

import (
	"context"
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"go.lsp.dev/jsonrpc2"
	"go.lsp.dev/protocol"

	"github.com/flyte-lsp/flyte-lsp/internal/lspclient"
)

const (
	adds = `from flytekit import task


@task
def add(a: int, b: int = 1) -> int:
    return a + b
`
	calls = `from flytekit import workflow

from adds import add


@workflow
def flow(x: int) -> int:
    return add(a=x)
`
)

// pulling is a session whose client pulls diagnostics.
func pulling(t *testing.T, root string, settings map[string]any, related bool) *session {
	t.Helper()
	s := connect(t, root, t.TempDir(), "")
	s.Adjust = func(textDocument, workspace map[string]any) {
		textDocument["diagnostic"] = map[string]any{"relatedDocumentSupport": related}
		workspace["diagnostics"] = map[string]any{"refreshSupport": true}
	}
	s.must(s.Initialize(s.ctx, root, settings))
	t.Cleanup(s.close)
	return s
}

// pulled is a DocumentDiagnosticReport, or a part of a workspace's.
type pulled struct {
	Kind     string                `json:"kind"`
	ResultID string                `json:"resultId"`
	Items    []protocol.Diagnostic `json:"items"`
	Related  map[string]pulled     `json:"relatedDocuments"`
	URI      string                `json:"uri"`
	Version  json.RawMessage       `json:"version"`
}

func (p pulled) codes() string {
	var codes []string
	for _, item := range p.Items {
		codes = append(codes, fmt.Sprint(item.Code))
	}
	return p.Kind + " " + strings.Join(codes, " ")
}

func (s *session) pull(path, previous string) pulled {
	s.t.Helper()
	var report pulled
	s.must(s.Call(s.ctx, "textDocument/diagnostic", map[string]any{
		"textDocument": map[string]any{"uri": lspclient.URI(path)}, "identifier": "flyte", "previousResultId": previous,
	}, &report))
	return report
}

// pullWorkspace asks for the diagnostics of all files. The ids are those that
// the client has.
func (s *session) pullWorkspace(ctx context.Context, ids map[string]string, token string) (map[string]pulled, error) {
	previous := []any{}
	for path, id := range ids {
		previous = append(previous, map[string]any{"uri": lspclient.URI(path), "value": id})
	}
	params := map[string]any{"previousResultIds": previous}
	if token != "" {
		params["partialResultToken"] = token
	}
	var answer struct {
		Items []pulled `json:"items"`
	}
	err := s.Call(ctx, "workspace/diagnostic", params, &answer)
	found := map[string]pulled{}
	for _, item := range answer.Items {
		found[strings.TrimPrefix(item.URI, "file://")] = item
	}
	return found, err
}

// publishedSince are the documents of which diagnostics were pushed since a
// mark.
func (s *session) publishedSince(mark int) []string {
	var names []string
	for _, message := range s.Received(mark) {
		var params protocol.PublishDiagnosticsParams
		if message.Method == protocol.MethodTextDocumentPublishDiagnostics && json.Unmarshal(message.Params, &params) == nil {
			names = append(names, filepath.Base(string(params.URI)))
		}
	}
	return names
}

// A client that pulls is pushed nothing, hears "unchanged" as long as nothing
// is new, and is asked to pull again when another file changes what it has.
func TestPull(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	tasks, flow := write(t, root, "adds.py", adds), write(t, root, "flow.py", calls)
	s := pulling(t, root, nil, false)
	s.must(s.Open(s.ctx, tasks, "python"))
	s.must(s.Open(s.ctx, flow, "python"))
	first := s.pull(flow, "")
	if first.codes() != "full " || first.ResultID == "" {
		t.Fatalf("%+v", first)
	}
	if again := s.pull(flow, first.ResultID); again.Kind != "unchanged" || again.ResultID != first.ResultID || again.Items != nil {
		t.Errorf("%+v, want it unchanged", again)
	}
	mark := s.Mark()
	s.must(s.Replace(s.ctx, tasks, 2, wholeText(adds), strings.Replace(adds, "a: int,", "a: int, c: int,", 1)))
	s.wait(mark, "workspace/diagnostic/refresh", "")
	second := s.pull(flow, first.ResultID)
	if second.codes() != "full call-missing-input" {
		t.Errorf("%s, want the missing input", second.codes())
	}
	s.must(s.Call(s.ctx, "textDocument/hover", map[string]any{
		"textDocument": map[string]any{"uri": lspclient.URI(flow)}, "position": protocol.Position{},
	}, nil))
	if pushed := s.publishedSince(0); len(pushed) > 0 {
		t.Errorf("diagnostics of %v are pushed", pushed)
	}
}

// Where the client takes them, the diagnostics of the documents that an edit
// affects come with those of the edited one.
func TestPullRelated(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	tasks, flow := write(t, root, "adds.py", adds), write(t, root, "flow.py", calls)
	s := pulling(t, root, nil, true)
	s.must(s.Open(s.ctx, tasks, "python"))
	s.must(s.Open(s.ctx, flow, "python"))
	s.pull(tasks, "")
	s.pull(flow, "")
	s.must(s.Replace(s.ctx, tasks, 2, wholeText(adds), strings.Replace(adds, "a: int,", "a: int, c: int,", 1)))
	report := s.pull(tasks, "")
	if other := report.Related[lspclient.URI(flow)]; len(report.Related) != 1 || other.codes() != "full call-missing-input" {
		t.Errorf("related are %+v", report.Related)
	}
	if again := s.pull(tasks, ""); len(again.Related) != 0 {
		t.Errorf("related are again %+v", again.Related)
	}
}

// What was pulled of a document that is edited meanwhile is of no use: the
// client is told to ask again.
func TestPullOfEditedDocument(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	large := "from flytekit import task\n" + strings.Repeat("\n\n@task\ndef t(a: int) -> int:\n    return a\n", 2000)
	path := write(t, root, "large.py", large)
	s := pulling(t, root, nil, false)
	s.must(s.Open(s.ctx, path, "python"))
	answered := make(chan error)
	ask := func() {
		answered <- s.Call(s.ctx, "textDocument/diagnostic", map[string]any{"textDocument": map[string]any{"uri": lspclient.URI(path)}}, nil)
	}
	go ask()
	for version := 2; ; version++ {
		s.must(s.Replace(s.ctx, path, version, protocol.Range{}, "\n"))
		s.pull(filepath.Join(root, "notes.txt"), "") // the edit is done
		select {
		case err := <-answered:
			if err == nil {
				go ask() // it came between two edits
				continue
			}
			coded, ok := err.(*jsonrpc2.Error)
			if !ok || coded.Code != -32802 || coded.Data == nil || string(*coded.Data) != `{"retriggerRequest":true}` {
				t.Errorf("the answer is %v, want ServerCancelled", err)
			}
			return
		default:
		}
	}
}

// With the setting, all files of the workspace are looked at, and looked at
// again when something that they import changes, on disk too.
func TestPullWorkspace(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	tasks, flow := write(t, root, "adds.py", adds), write(t, root, "flow.py", strings.Replace(calls, "a=x", "b=x", 1))
	write(t, root, "clean.py", adds)
	s := pulling(t, root, map[string]any{"diagnostics": map[string]any{"workspace": true}}, false)
	found, err := s.pullWorkspace(s.ctx, nil, "")
	s.must(err)
	if len(found) != 1 || found[flow].codes() != "full call-missing-input" || string(found[flow].Version) != "null" {
		t.Fatalf("found %+v", found)
	}
	ids := map[string]string{flow: found[flow].ResultID}
	write(t, root, "adds.py", strings.Replace(adds, "a: int,", "a: int = 0,", 1))
	s.must(s.Notify(s.ctx, "workspace/didChangeWatchedFiles", map[string]any{"changes": []any{map[string]any{"uri": lspclient.URI(tasks), "type": 2}}}))
	found, err = s.pullWorkspace(s.ctx, ids, "")
	s.must(err)
	if len(found) != 1 || found[flow].codes() != "full " {
		t.Errorf("found %+v, want that the finding is gone", found)
	}
	// Nothing is new: the answer waits until something is, or nobody wants it.
	ctx, cancel := context.WithCancel(s.ctx)
	waits := make(chan error, 1)
	go func() {
		_, err := s.pullWorkspace(ctx, map[string]string{flow: found[flow].ResultID}, "")
		waits <- err
	}()
	s.pull(flow, "")
	cancel()
	if err := <-waits; err == nil {
		t.Error("the request without news was answered")
	}
}

// Results stream to a client that takes them in parts; the answer then has none.
func TestPullWorkspaceInParts(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	write(t, root, "adds.py", adds)
	const files = 120
	for i := range files {
		write(t, root, fmt.Sprintf("flow%d.py", i), strings.Replace(calls, "a=x", "b=x", 1))
	}
	s := pulling(t, root, map[string]any{"diagnostics": map[string]any{"workspace": true}}, false)
	found, err := s.pullWorkspace(s.ctx, nil, "parts")
	s.must(err)
	seen := map[string]bool{}
	for _, message := range s.Received(0) {
		var progress struct {
			Token string
			Value struct{ Items []pulled }
		}
		if message.Method == protocol.MethodProgress && json.Unmarshal(message.Params, &progress) == nil && progress.Token == "parts" {
			for _, item := range progress.Value.Items {
				seen[strings.TrimPrefix(item.URI, "file://")] = true
			}
		}
	}
	if len(seen) != files || len(found) != 0 {
		t.Errorf("%d files in parts and %d in the answer, want all %d in parts", len(seen), len(found), files)
	}
}

// An edit is told only of the files in which it changes something.
func TestPushOnlyWhatChanged(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	tasks, flow, other := write(t, root, "adds.py", adds), write(t, root, "flow.py", calls), write(t, root, "other.py", calls)
	s := open(t, root, nil)
	for _, path := range []string{tasks, flow, other} {
		s.must(s.Open(s.ctx, path, "python"))
		_, err := s.Diagnostics(s.ctx, 0, path, 1)
		s.must(err)
	}
	mark := s.Mark()
	edit := func(version int, text string) {
		t.Helper()
		s.must(s.Replace(s.ctx, tasks, version, wholeText(adds), text))
		_, err := s.Diagnostics(s.ctx, mark, tasks, version)
		s.must(err)
	}
	edit(2, strings.Replace(adds, "return a + b", "return b + a", 1))
	edit(3, strings.Replace(adds, "b: int = 1", "b: int = 2", 1))
	s.must(s.Replace(s.ctx, other, 2, wholeText(calls), strings.Replace(calls, "a=x", "a=x, c=1", 1)))
	_, err := s.Diagnostics(s.ctx, mark, other, 2)
	s.must(err)
	if published := s.publishedSince(mark); slices.Contains(published, "flow.py") {
		t.Errorf("edits that change nothing in flow.py publish %v", published)
	}
	mark = s.Mark()
	edit(4, strings.Replace(adds, "a: int,", "a: int, c: int,", 1))
	s.wait(mark, protocol.MethodTextDocumentPublishDiagnostics, "flow.py")
	// What names a place in the edited file moves with it.
	mark = s.Mark()
	s.must(s.Replace(s.ctx, tasks, 5, protocol.Range{}, "# moved\n"))
	s.wait(mark, protocol.MethodTextDocumentPublishDiagnostics, "flow.py")
}

// With the setting, a client that doesn't pull is pushed what is found in files
// that aren't open, until the setting is off.
func TestPushWorkspace(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	tasks := write(t, root, "adds.py", adds)
	flow := write(t, root, "flow.py", strings.Replace(calls, "a=x", "b=x", 1))
	s := open(t, root, map[string]any{"diagnostics": map[string]any{"workspace": true}})
	s.published(0, flow, "call-missing-input")
	s.must(s.Open(s.ctx, tasks, "python"))
	mark := s.Mark()
	s.must(s.Replace(s.ctx, tasks, 2, wholeText(adds), strings.Replace(adds, "a: int,", "a: int = 0,", 1)))
	s.published(mark, flow, `"diagnostics":[]`)
	mark = s.Mark()
	s.must(s.Replace(s.ctx, tasks, 3, wholeText(adds), adds))
	s.published(mark, flow, "call-missing-input")
	mark = s.Mark()
	s.configure(map[string]any{})
	s.published(mark, flow, `"diagnostics":[]`)
}

// Severities come from the project's file and from the settings, which win;
// what is wrong with them is told where it stands.
func TestSeverities(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	write(t, root, "adds.py", adds)
	flow := write(t, root, "flow.py", strings.Replace(calls, "a=x", "c=x", 1))
	project := write(t, root, "pyproject.toml", "[tool.flyte-lsp.rules]\ncall-missing-input = \"off\"\ncall-unknown-input = \"warning\"\n")
	s := open(t, root, nil)
	severities := func(diagnostics []protocol.Diagnostic) string {
		var all []string
		for _, d := range diagnostics {
			all = append(all, fmt.Sprintf("%v %v", d.Code, d.Severity))
		}
		slices.Sort(all)
		return strings.Join(all, ", ")
	}
	s.must(s.Open(s.ctx, flow, "python"))
	if got := severities(s.published(0, flow, "")); got != "call-unknown-input Warning" {
		t.Errorf("by the project: %s", got)
	}
	mark := s.Mark()
	s.configure(map[string]any{"rules": map[string]any{"call-missing-*": "hint", "call-unknown-inputs": "off", "call-too-many": 1}})
	if got := severities(s.published(mark, flow, "call-missing-input")); got != "call-missing-input Hint, call-unknown-input Warning" {
		t.Errorf("by both: %s", got)
	}
	s.wait(mark, protocol.MethodWindowShowMessage, "did you mean call-unknown-input?")
	s.wait(mark, protocol.MethodWindowShowMessage, "flyte.rules: the severity of call-too-many is 1")
	mark = s.Mark()
	write(t, root, "pyproject.toml", "[tool.flyte-lsp.rules]\ncall-missing-inputs = \"off\"\n")
	changed := map[string]any{"changes": []any{map[string]any{"uri": lspclient.URI(project), "type": 2}}}
	s.must(s.Notify(s.ctx, "workspace/didChangeWatchedFiles", changed))
	told := s.published(mark, project, "there is no rule call-missing-inputs")
	if want := (protocol.Range{Start: protocol.Position{Line: 1}, End: protocol.Position{Line: 1, Character: 19}}); told[0].Range != want {
		t.Errorf("the mistake is told at %v", told[0].Range)
	}
	mark = s.Mark()
	write(t, root, "pyproject.toml", "")
	s.must(s.Notify(s.ctx, "workspace/didChangeWatchedFiles", changed))
	s.published(mark, project, `"diagnostics":[]`)
}
