package lsp_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.lsp.dev/protocol"

	"github.com/flyte-lsp/flyte-lsp/internal/lspclient"
	"github.com/flyte-lsp/flyte-lsp/internal/testenv"
	"github.com/flyte-lsp/flyte-lsp/runs"
)

const failing = `import time

from flytekit import task


def divide(a: int, b: int) -> int:
    return a // b


@task
def broken(a: int = 1) -> int:
    return divide(a, 0)


@task
def endless() -> int:
    print("begun", flush=True)
    while True:
        time.sleep(1)
    return 0


@task
def named(name: str) -> str:
    return "hello " + name
`

// python are the settings that run files with the pinned flytekit.
func python(t *testing.T) map[string]any { return map[string]any{"python": testenv.Python(t)} }

// workflow opens the file above in a server that runs it with flytekit.
func workflow(t *testing.T) (*session, string) {
	t.Helper()
	root := t.TempDir()
	path := write(t, root, "flow.py", failing)
	s := open(t, root, python(t))
	s.must(s.Open(s.ctx, path, "python"))
	return s, path
}

// press runs an entity by its local lens and returns the run and the messages'
// mark before it.
func (s *session) press(path, entity string) (run string, mark int) {
	s.t.Helper()
	return s.pressOn(runs.Local, path, entity)
}

// pressOn is press for a target.
func (s *session) pressOn(target runs.Target, path, entity string) (run string, mark int) {
	s.t.Helper()
	mark = s.Mark()
	var answer struct{ Run string }
	s.must(s.command("flyte.run", map[string]any{"uri": lspclient.URI(path), "entity": entity, "target": target}, &answer))
	return answer.Run, mark
}

// command executes a command of the server; result may be nil.
func (s *session) command(name string, argument, result any) error {
	return s.Call(s.ctx, "workspace/executeCommand", map[string]any{"command": name, "arguments": []any{argument}}, result)
}

// reaches waits until the run's progress display shows the words.
func (s *session) reaches(run string, mark int, words string) {
	s.t.Helper()
	message, err := s.Wait(s.ctx, mark, func(message lspclient.Message) bool {
		text := string(message.Params)
		return message.Method == protocol.MethodProgress && strings.Contains(text, run) &&
			(strings.Contains(text, words) || strings.Contains(text, `"kind":"end"`))
	})
	s.must(err)
	if !strings.Contains(string(message.Params), words) {
		s.t.Fatalf("the run ended before %q: %s", words, message.Params)
	}
}

// ended waits for the end of a run and returns its last words.
func (s *session) ended(run string, mark int) string {
	s.t.Helper()
	last := ""
	s.must(s.FollowRun(s.ctx, mark, run, func(step lspclient.Progress) { last = step.Message }))
	return last
}

// A failed run marks the deepest line of the user's code, with the way there,
// until that line is edited.
func TestFailureOnItsLine(t *testing.T) {
	t.Parallel()
	s, path := workflow(t)
	run, mark := s.press(path, "broken")
	if last := s.ended(run, mark); !strings.Contains(last, "ZeroDivisionError") {
		t.Fatalf("the run ended with %q", last)
	}
	s.wait(mark, protocol.MethodTextDocumentPublishDiagnostics, "run-failed")
	edit := func(version, line int, text string) []protocol.Diagnostic {
		at := protocol.Position{Line: uint32(line)}
		mark := s.Mark()
		s.must(s.Replace(s.ctx, path, version, protocol.Range{Start: at, End: at}, text))
		diagnostics, err := s.Diagnostics(s.ctx, mark, path, version)
		s.must(err)
		return diagnostics
	}
	moved := edit(2, 0, "# a line above\n")
	if len(moved) != 1 || moved[0].Range.Start.Line != 7 || len(moved[0].RelatedInformation) == 0 {
		t.Fatalf("diagnostics %+v, want one on the line of a // b, with the frame of its caller", moved)
	}
	if left := edit(3, 7, " "); len(left) != 0 && left[0].Code == "run-failed" {
		t.Errorf("diagnostics %+v after the line was edited", left)
	}
}

// Cancel, as a command and in the progress display, ends a run that never
// ends, and the next run works.
func TestCancelRun(t *testing.T) {
	t.Parallel()
	s, path := workflow(t)
	for name, cancel := range map[string]func(run string){
		"command": func(run string) {
			s.must(s.command("flyte.cancel", map[string]any{"run": run}, nil))
		},
		"progress": func(run string) {
			s.must(s.Notify(s.ctx, "window/workDoneProgress/cancel", map[string]any{"token": "flyte-run-" + run}))
		},
	} {
		run, mark := s.press(path, "endless")
		s.reaches(run, mark, "running")
		cancel(run)
		if last := s.ended(run, mark); !strings.Contains(last, "cancelled") {
			t.Errorf("%s: the run ended with %q", name, last)
		}
	}
	run, mark := s.press(path, "broken")
	s.ended(run, mark)
}

// A required input without a default opens the inputs document; once it is
// filled in, the same press runs with its values, saved or not.
func TestInputsDocument(t *testing.T) {
	t.Parallel()
	s, path := workflow(t)
	if run, _ := s.press(path, "named"); run != "" {
		t.Fatalf("run %s without its required input", run)
	}
	document := filepath.Join(s.root, ".flyte", "inputs", "flow.named.yaml")
	text, err := os.ReadFile(document)
	s.must(err)
	if !strings.Contains(string(text), "# str, required\nname:\n") {
		t.Errorf("the document is %q", text)
	}
	s.must(s.OpenText(s.ctx, document, "yaml", string(text)+" Ada\n"))
	s.must(s.Replace(s.ctx, document, 2, wholeText(string(text)), strings.Replace(string(text), "name:", "name: Ada", 1)))
	s.wantTitles(document, "▶ Run locally", "▶ Run remote")
	run, mark := s.press(path, "named")
	if last := s.ended(run, mark); !strings.Contains(last, "hello Ada") {
		t.Errorf("the run ended with %q", last)
	}
}
