package lsp_test

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/core"
	"go.lsp.dev/protocol"

	"github.com/flyte-lsp/flyte-lsp/internal/lspclient"
	"github.com/flyte-lsp/flyte-lsp/internal/state"
	"github.com/flyte-lsp/flyte-lsp/internal/testenv"
	"github.com/flyte-lsp/flyte-lsp/remote"
	"github.com/flyte-lsp/flyte-lsp/runs"
)

const remoteFlow = `import pathlib
import time

from flytekit import task, workflow


@task
def double(x: int) -> int:
    return 2 * x


@task
def divide(a: int, b: int) -> int:
    return a // b


@workflow
def doubled(x: int = 21) -> int:
    """Double it."""
    return double(x=x)


@workflow
def failing(a: int = 1, b: int = 0) -> int:
    return divide(a=a, b=double(x=b))


@task
def wait_for(path: str) -> str:
    while not pathlib.Path(path).exists():
        time.sleep(0.05)
    return "seen"


@workflow
def waiting(path: str = "PATH") -> str:
    return wait_for(path=path)
`

// remoteWorkflow opens the file above in a server that runs it on the
// sandbox. A task of its waits for the file flag, which isn't there.
func remoteWorkflow(t *testing.T) (s *session, path, flag string) {
	t.Helper()
	root := t.TempDir()
	flag = filepath.Join(t.TempDir(), "flag")
	path = write(t, root, "flow.py", strings.Replace(remoteFlow, "PATH", flag, 1))
	s = openWith(t, root, t.TempDir(), testenv.Binary(t), map[string]any{"python": testenv.Python(t), "config": "sandbox"})
	s.must(s.Open(s.ctx, path, "python"))
	return s, path, flag
}

// recorded is the run as the history in the session's state folder has it.
func (s *session) recorded(id string) runs.Run {
	s.t.Helper()
	store, err := runs.OpenStore(s.ctx, s.state)
	s.must(err)
	defer store.Close()
	run, err := store.Get(s.ctx, id)
	s.must(err)
	if run == nil {
		s.t.Fatalf("the history has no run %s", id)
	}
	return *run
}

// phase is the phase of the run's execution, as the backend tells it.
func (s *session) phase(run runs.Run) core.WorkflowExecution_Phase {
	s.t.Helper()
	client, err := remote.Dial(run.Execution.Config)
	s.must(err)
	defer client.Close()
	execution, err := client.Observe(s.ctx, run.Execution.ID())
	s.must(err)
	return execution.Phase
}

// at is the position of a text's first occurrence.
func at(text, part string) protocol.Position {
	before, _, _ := strings.Cut(text, part)
	line := strings.Count(before, "\n")
	return protocol.Position{Line: uint32(line), Character: uint32(len(before) - strings.LastIndex(before, "\n") - 1)}
}

// A remote run shows registration and nodes as it goes, its result in lens and
// hover, and a page; the same code isn't registered twice.
func TestRemoteRun(t *testing.T) {
	t.Parallel()
	s, path, _ := remoteWorkflow(t)
	id, mark := s.pressOn(runs.Remote, path, "doubled")
	var steps []string
	s.must(s.FollowRun(s.ctx, mark, id, func(step lspclient.Progress) { steps = append(steps, step.Message) }))
	all := strings.Join(steps, "\n")
	for _, part := range []string{"registered flow.doubled", "double succeeded", "✓ remote"} {
		if !strings.Contains(all, part) {
			t.Errorf("the progress doesn't show %q:\n%s", part, all)
		}
	}
	if strings.Contains(all, "flow.failing") {
		t.Errorf("what doesn't belong to the workflow was registered:\n%s", all)
	}
	titles := s.titles(path)
	i := slices.IndexFunc(titles, func(title string) bool { return strings.HasPrefix(title, "✓ remote") })
	if i < 0 || !strings.HasSuffix(titles[i], "→ 42") {
		t.Errorf("lenses %q, want the result 42", titles)
	}
	text, err := s.Hover(s.ctx, path, at(remoteFlow, "doubled("))
	s.must(err)
	run := s.recorded(id)
	for _, part := range []string{"Double it.", "**remote** · succeeded", "`o0` `int`\n```\n42\n```", "[Execution " + run.Execution.Name + "](http://127.0.0.1:"} {
		if !strings.Contains(text, part) {
			t.Errorf("the hover has no %q:\n%s", part, text)
		}
	}
	var address string
	s.must(s.command("flyte.openExecution", map[string]any{"run": id}, &address))
	s.wait(mark, "window/showDocument", address)
	response, err := http.Get(address)
	s.must(err)
	defer response.Body.Close()
	page, err := io.ReadAll(response.Body)
	s.must(err)
	if response.StatusCode != http.StatusOK || !strings.Contains(string(page), run.Execution.Name) {
		t.Errorf("%s: %s\n%s", address, response.Status, page)
	}
	if !run.Execution.Registered {
		t.Error("the first run says that it registered nothing")
	}

	id, mark = s.pressOn(runs.Remote, path, "doubled")
	s.ended(id, mark)
	if again := s.recorded(id); again.State != runs.Succeeded || again.Execution.Registered || again.Execution.Version != run.Execution.Version {
		t.Errorf("the second run: %+v with %+v, want the same version, registered by the first", again, again.Execution)
	}
	s.checkRegisteredNames(path)
}

// checkRegisteredNames completes the name of a reference, in a workspace that
// doesn't have it any more.
func (s *session) checkRegisteredNames(path string) {
	s.t.Helper()
	text := "from flytekit import reference_workflow\n\n@reference_workflow(project=\"flytesnacks\", domain=\"development\", name=\"\")\ndef flow(): ...\n"
	s.must(s.Replace(s.ctx, path, 2, wholeText(remoteFlow), text))
	s.must(os.WriteFile(path, []byte(text), 0o644))
	for {
		var list struct {
			IsIncomplete bool
			Items        []completed
		}
		s.must(s.Call(s.ctx, "textDocument/completion", map[string]any{
			"textDocument": map[string]any{"uri": lspclient.URI(path)}, "position": at(text, `")`),
		}, &list))
		if list.IsIncomplete {
			time.Sleep(20 * time.Millisecond) // the backend is asked meanwhile
			continue
		}
		if i := slices.Index(completedLabels(list.Items), "flow.doubled"); i < 0 || list.Items[i].Detail != "on the backend" {
			s.t.Errorf("completion %+v, want flow.doubled among it, which the backend has", list.Items)
		}
		return
	}
}

// A task that fails on the backend marks its line in the workspace's file, and
// names its node.
func TestRemoteFailure(t *testing.T) {
	t.Parallel()
	s, path, _ := remoteWorkflow(t)
	id, mark := s.pressOn(runs.Remote, path, "failing")
	if last := s.ended(id, mark); !strings.Contains(last, "ZeroDivisionError") {
		t.Errorf("the run ended with %q", last)
	}
	message := s.wait(mark, protocol.MethodTextDocumentPublishDiagnostics, "run-failed")
	var published protocol.PublishDiagnosticsParams
	s.must(json.Unmarshal([]byte(message), &published))
	if len(published.Diagnostics) != 1 || published.Diagnostics[0].Range.Start != at(remoteFlow, "return a // b") || string(published.URI) != lspclient.URI(path) {
		t.Errorf("diagnostics %+v, want one on the line of a // b", published)
	}
	text, err := s.Hover(s.ctx, path, at(remoteFlow, "failing("))
	s.must(err)
	if !strings.Contains(text, "**remote** · failed") || !strings.Contains(text, "divide") || !strings.Contains(text, "ZeroDivisionError") {
		t.Errorf("the hover is %s", text)
	}
}

func TestCancelTerminatesTheExecution(t *testing.T) {
	t.Parallel()
	s, path, _ := remoteWorkflow(t)
	id, mark := s.pressOn(runs.Remote, path, "waiting")
	s.reaches(id, mark, "wait_for running")
	s.must(s.Notify(s.ctx, "window/workDoneProgress/cancel", map[string]any{"token": "flyte-run-" + id}))
	if last := s.ended(id, mark); !strings.Contains(last, "cancelled") {
		t.Errorf("the run ended with %q", last)
	}
	run := s.recorded(id)
	if run.State != runs.Cancelled {
		t.Errorf("the history has %+v", run)
	}
	if phase := s.phase(run); phase != core.WorkflowExecution_ABORTED && phase != core.WorkflowExecution_ABORTING {
		t.Errorf("the execution is %s", phase)
	}
}

// An execution outlives the server that started it, whether that ended well or
// was killed: the next server takes the run over and shows its result. A local
// run is lost with its server.
func TestRunOutlivesItsServer(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(t *testing.T, s *session) error{
		"shutdown": func(_ *testing.T, s *session) error { return s.Close(s.ctx) },
		"kill": func(_ *testing.T, s *session) error {
			if err := syscall.Kill(s.PID(), syscall.SIGKILL); err != nil {
				return err
			}
			if err := s.Hangup(); err == nil {
				return errors.New("the killed server ended well")
			}
			return nil
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			next, path, flag := remoteWorkflow(t)
			next.must(next.command("flyte.startSandbox", nil, nil))
			// A server of its own process, in the same state folder.
			before := &session{t: t, ctx: next.ctx, root: next.root, state: next.state}
			settings := map[string]any{"python": testenv.Python(t), "config": "sandbox"}
			var err error
			before.Client, err = lspclient.Start(next.ctx, []string{os.Args[0]}, []string{envServe + "=" + next.state}, t.Output(), next.root, settings)
			next.must(err)
			remotely, mark := before.pressOn(runs.Remote, path, "waiting")
			before.reaches(remotely, mark, "wait_for running")
			locally, mark := before.press(path, "waiting")
			before.reaches(locally, mark, "running wait_for")
			next.must(end(t, before))
			next.close()

			after := openWith(t, next.root, next.state, "", settings)
			write(t, filepath.Dir(flag), filepath.Base(flag), "")
			if last := after.ended(remotely, 0); !strings.Contains(last, "✓ remote") || !strings.Contains(last, "seen") {
				t.Errorf("the run that was taken over ended with %q", last)
			}
			if run := after.recorded(locally); run.State != runs.Lost {
				t.Errorf("the local run is %s", run.State)
			}
			titles := strings.Join(after.titles(path), "\n")
			if !strings.Contains(titles, "⊘ local lost") || !strings.Contains(titles, "→ \"seen\"") {
				t.Errorf("lenses %s", titles)
			}
		})
	}
}

// Where no backend is configured the user is asked before a sandbox starts,
// and told what to do if it shan't.
func TestSandboxIsAskedFor(t *testing.T) {
	// Not parallel: what FLYTECTL_CONFIG and the home folder hold is changed.
	t.Setenv("HOME", t.TempDir())
	t.Setenv(state.EnvDir, t.TempDir()) // no sandbox runs there
	root := t.TempDir()
	path := write(t, root, "flow.py", remoteFlow)
	s := connect(t, root, t.TempDir(), "/nonexistent/flyte-lsp")
	var asked []string
	answer := "Not now"
	s.Answer = func(message string, actions []string) string {
		asked = append(asked, message)
		if !slices.Contains(actions, "Start the sandbox") {
			t.Errorf("the choice is between %q", actions)
		}
		return answer
	}
	s.must(s.Initialize(s.ctx, root, python(t)))
	t.Cleanup(s.close)
	for _, test := range []struct{ answer, told string }{
		{"Not now", "set flyte.config to a Flyte config file, or start the sandbox"},
		{"", "set flyte.config to a Flyte config file, or start the sandbox"},
		{"Start the sandbox", "the sandbox can't be started"}, // there is no binary to start
	} {
		answer = test.answer
		id, mark := s.pressOn(runs.Remote, path, "doubled")
		s.ended(id, mark)
		s.wait(mark, protocol.MethodWindowShowMessage, test.told)
	}
	if len(asked) != 3 || !strings.Contains(asked[0], "No Flyte backend is configured") {
		t.Errorf("asked %q", asked)
	}
}
