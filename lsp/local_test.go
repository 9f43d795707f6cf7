package lsp_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"go.lsp.dev/protocol"

	"github.com/flyte-lsp/flyte-lsp/internal/lspclient"
	"github.com/flyte-lsp/flyte-lsp/internal/testenv"
	"github.com/flyte-lsp/flyte-lsp/runs"
)

// titleOf is the first lens of the file whose title starts with the words, ""
// if there is none.
func (s *session) titleOf(path, words string) string {
	s.t.Helper()
	titles := s.titles(path)
	if i := slices.IndexFunc(titles, func(title string) bool { return strings.HasPrefix(title, words) }); i >= 0 {
		return titles[i]
	}
	return ""
}

// The result of a local run stands in the lens and the hover, with what was
// printed a click away; the next server still knows it, and says so when the
// source is another one by then.
func TestLocalRun(t *testing.T) {
	t.Parallel()
	source, err := os.ReadFile(testenv.Quickstart(t))
	if err != nil {
		t.Fatal(err)
	}
	root, history := t.TempDir(), t.TempDir()
	path := write(t, root, "workflow.py", string(source))
	s := openWith(t, root, history, "", python(t))
	s.must(s.Open(s.ctx, path, "python"))
	id, mark := s.press(path, "product_rating")
	var kinds, messages []string
	s.must(s.FollowRun(s.ctx, mark, id, func(step lspclient.Progress) {
		if len(kinds) == 0 || kinds[len(kinds)-1] != step.Kind {
			kinds = append(kinds, step.Kind)
		}
		messages = append(messages, step.Message)
	}))
	if strings.Join(kinds, " ") != "begin report end" || !slices.ContainsFunc(messages, func(m string) bool { return strings.Contains(m, "fetch_reviews") || strings.Contains(m, "rate") }) {
		t.Errorf("progress %q %q", kinds, messages)
	}
	const result = "Rating(reviews=4, score=0.5)"
	if title := s.titleOf(path, "✓ local"); !strings.HasSuffix(title, "→ "+result) {
		t.Errorf("lens %q", title)
	}
	name := at(string(source), "product_rating(")
	hover := func(s *session, parts ...string) {
		t.Helper()
		text, err := s.Hover(s.ctx, path, name)
		s.must(err)
		for _, part := range parts {
			if !strings.Contains(text, part) {
				t.Errorf("the hover has no %q:\n%s", part, text)
			}
		}
	}
	hover(s, "workflow product_rating(limit: int = 4) -> Rating", "**local** · succeeded", result, "[Log](file://")
	var log string
	s.must(s.command("flyte.openLog", map[string]any{"run": id}, &log))
	s.wait(mark, "window/showDocument", lspclient.URI(log))
	if text, err := os.ReadFile(log); err != nil || !strings.Contains(string(text), "fetched 4 reviews") {
		t.Errorf("the log is %q (%v)", text, err)
	}
	s.close()

	s = openWith(t, root, history, "", nil)
	s.must(s.Open(s.ctx, path, "python"))
	if title := s.titleOf(path, "✓ local"); !strings.HasSuffix(title, result) {
		t.Errorf("lens of the next server %q", title)
	}
	hover(s, result)
	edit := func(version int, what, with string) {
		at := at(string(source), what)
		s.must(s.Replace(s.ctx, path, version, protocol.Range{Start: at, End: at}, with))
	}
	edit(2, "@dataclass", "# another entity's matter\n")
	name.Line++
	if title := s.titleOf(path, "✓ local"); strings.Contains(title, "older") {
		t.Errorf("lens %q though the workflow is the same", title)
	}
	edit(3, "    return rate(", "    ") // one line further down by now, in the workflow
	if title := s.titleOf(path, "✓ local"); !strings.HasSuffix(title, "(older source)") {
		t.Errorf("lens %q of a workflow that was edited since", title)
	}
	hover(s, "*older than the source*")
	s.must(os.Remove(log))
	if err := s.command("flyte.openLog", map[string]any{"run": id}, nil); err == nil || !strings.Contains(err.Error(), "log is gone") {
		t.Errorf("opening a log that is gone: %v", err)
	}
	for _, command := range []string{"flyte.openLog", "flyte.openExecution"} {
		if err := s.command(command, map[string]any{"run": "none"}, nil); err == nil || !strings.Contains(err.Error(), `the history has no run "none"`) {
			t.Errorf("%s of an unknown run: %v", command, err)
		}
	}
	if err := s.command("flyte.openExecution", map[string]any{"run": id}, nil); err == nil || !strings.Contains(err.Error(), "no execution on a backend") {
		t.Errorf("the execution of a local run: %v", err)
	}
}

const odd = `from flytekit import task


class Shy:
    def __repr__(self):
        raise RuntimeError("no text of me")


@task
def shy() -> Shy:
    return Shy()


@task
def picky(n: int = 0) -> int:
    if n == 0:
        raise ValueError("n is 0")
    return n
`

// published waits for the diagnostics of a file that have the part, sent since
// a mark.
func (s *session) published(since int, path, part string) []protocol.Diagnostic {
	s.t.Helper()
	message, err := s.Wait(s.ctx, since, func(message lspclient.Message) bool {
		text := string(message.Params)
		return message.Method == protocol.MethodTextDocumentPublishDiagnostics && strings.Contains(text, lspclient.URI(path)) && strings.Contains(text, part)
	})
	if err != nil {
		s.t.Fatalf("waiting for a diagnostic of %s with %q: %v", path, part, err)
	}
	var published protocol.PublishDiagnosticsParams
	s.must(json.Unmarshal(message.Params, &published))
	return published.Diagnostics
}

// A failure stays on its line until the entity runs again; one of the import
// is marked in the file that can't be imported; one of an entity that isn't
// the last one run stays.
func TestFailuresComeAndGo(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	path := write(t, root, "odd.py", odd)
	helper := write(t, root, "helper.py", "import json\n\nvalue = json.loads('{')\n")
	importer := write(t, root, "importer.py", "from flytekit import task\n\nimport helper\n\n\n@task\ndef one() -> int:\n    return helper.value\n")
	settings := python(t)
	settings["rules"] = map[string]any{"*": "off"}
	s := open(t, root, settings)
	s.must(s.Open(s.ctx, path, "python"))
	s.must(s.Open(s.ctx, importer, "python"))

	id, mark := s.press(path, "picky")
	s.ended(id, mark)
	if got := s.published(mark, path, "n is 0"); len(got) != 1 || got[0].Range.Start != at(odd, `raise ValueError`) {
		t.Errorf("diagnostics %+v", got)
	}
	write(t, root, ".flyte/inputs/odd.picky.yaml", "n: 3\n")
	id, mark = s.press(path, "picky")
	if last := s.ended(id, mark); !strings.HasSuffix(last, "→ 3") {
		t.Errorf("the run with inputs from disk ended with %q", last)
	}
	if got := s.published(mark, path, ""); len(got) != 0 {
		t.Errorf("diagnostics %+v after the entity succeeded", got)
	}

	id, mark = s.press(importer, "one")
	if last := s.ended(id, mark); !strings.Contains(last, "JSONDecodeError") {
		t.Errorf("the run ended with %q", last)
	}
	got := s.published(mark, helper, "JSONDecodeError")
	if len(got) != 1 || got[0].Range.Start.Line != 2 {
		t.Fatalf("diagnostics %+v of the module that can't be imported", got)
	}
	if !slices.ContainsFunc(got[0].RelatedInformation, func(related protocol.DiagnosticRelatedInformation) bool {
		return string(related.Location.URI) == lspclient.URI(importer) && related.Location.Range.Start.Line == 2
	}) {
		t.Errorf("the diagnostic doesn't lead to the import: %+v", got[0].RelatedInformation)
	}

	id, mark = s.press(path, "shy")
	if last := s.ended(id, mark); !strings.Contains(last, "✓ local") || !strings.Contains(last, "Shy") {
		t.Errorf("the run with an output without a text ended with %q", last)
	}
}

// What can't be run is said at once, and to the point.
func TestPressesThatCantRun(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	path := write(t, root, "flow.py", double)
	golang := write(t, root, "flow.go", "package flow\n\n//flyte:task\nfunc One() (n int, err error) { return 1, nil }\n")
	s := open(t, root, nil)
	s.must(s.Open(s.ctx, path, "python"))
	press := func(path, entity, target string) error {
		return s.command("flyte.run", map[string]any{"uri": lspclient.URI(path), "entity": entity, "target": target}, nil)
	}
	want := func(err error, part string) {
		t.Helper()
		if err == nil || !strings.Contains(err.Error(), part) {
			t.Errorf("%v, want %q", err, part)
		}
	}
	want(press(path, "triple", "local"), "defines no task, workflow or launch plan triple")
	want(press(path, "double", "moon"), `the target is "moon", want local or remote`)
	want(press(golang, "One", "local"), "Go files can be read, but not run yet")
	want(press(filepath.Join(root, "none.py"), "double", "local"), "none.py")
	want(s.command("flyte.run", map[string]any{"uri": "untitled:x", "entity": "double", "target": "local"}, nil), "is no file")
	want(s.command("flyte.run", "double", nil), "parameters can't be read")
	// The lens stays while the syntax is broken; its press says why it waits.
	if got := s.titleOf(path, "▶ Run locally"); got == "" {
		t.Error("there is no lens")
	}
	s.must(s.Replace(s.ctx, path, 2, wholeText(double), strings.Replace(double, "def double(x: int = 2)", "def (", 1)))
	if got := s.titleOf(path, "▶ Run locally"); got == "" {
		t.Error("the lens is gone while the syntax is broken")
	}
	want(press(path, "double", "local"), "syntax errors")
	var cancelled bool
	s.must(s.command("flyte.cancel", map[string]any{"run": "none"}, &cancelled))
	if cancelled {
		t.Error("a run that isn't there was cancelled")
	}
}

// A run takes the file on disk, and says so where the editor shows another
// text.
func TestUnsavedFile(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	path := write(t, root, "flow.py", double)
	s := open(t, root, python(t))
	s.must(s.OpenText(s.ctx, path, "python", strings.Replace(double, "2 * x", "3 * x", 1)))
	id, mark := s.press(path, "double")
	s.wait(mark, protocol.MethodWindowShowMessage, "unsaved changes")
	if last := s.ended(id, mark); !strings.HasSuffix(last, "→ 4") {
		t.Errorf("the run ended with %q", last)
	}
	if run := s.recorded(id); run.State != runs.Succeeded {
		t.Errorf("the history has %+v", run)
	}
}
