package lsp_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"go.lsp.dev/protocol"

	"github.com/flyte-lsp/flyte-lsp/analysis"
	"github.com/flyte-lsp/flyte-lsp/internal/lspclient"
)

// changedOnDisk tells the server that a file's text is another, as editors
// that watch files do. Type is the protocol's FileChangeType.
func (s *session) changedOnDisk(path string, kind protocol.FileChangeType) {
	s.t.Helper()
	s.must(s.Notify(s.ctx, "workspace/didChangeWatchedFiles", map[string]any{"changes": []any{map[string]any{"uri": lspclient.URI(path), "type": kind}}}))
}

// The comment that hides a finding stands in the line that the action was asked
// for, also where another line has a finding of the same kind.
func TestIgnoreAction(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	text := strings.Replace(calls, "    return add(a=x)", "    y = add(a=x, c=1)\n    return add(a=y, d=1)", 1)
	write(t, root, "adds.py", adds)
	path := write(t, root, "flow.py", text)
	s := open(t, root, nil)
	s.must(s.Open(s.ctx, path, "python"))
	published, err := s.Diagnostics(s.ctx, 0, path, 1)
	s.must(err)
	if len(published) != 2 {
		t.Fatalf("diagnostics %+v, want one for c and one for d", published)
	}
	actions, err := s.Actions(s.ctx, path, published[1].Range, protocol.QuickFix)
	s.must(err)
	i := slices.IndexFunc(actions, func(a protocol.CodeAction) bool { return a.Title == "Ignore call-unknown-input in this line" })
	if i < 0 || len(actions[i].Diagnostics) != 1 || actions[i].Diagnostics[0].Range != published[1].Range {
		t.Fatalf("actions %+v, want one that ignores the finding in the second line", actions)
	}
	after := applied(t, text, path, actions[i].Edit)
	if want := strings.Replace(text, "d=1)", "d=1)  # flyte: ignore[call-unknown-input]", 1); after != want {
		t.Errorf("it became\n%s\nwant\n%s", after, want)
	}
	s.must(s.Replace(s.ctx, path, 2, wholeText(text), after))
	left, err := s.Diagnostics(s.ctx, 0, path, 2)
	s.must(err)
	if len(left) != 1 || left[0].Range != published[0].Range {
		t.Errorf("with the comment there is still %+v", left)
	}
}

// What changes the diagnostics of a pulling client without an edit of its own
// has it pull again: settings, the project's file, other files on disk.
func TestPullAfterChangesFromOutside(t *testing.T) {
	t.Parallel()
	for _, related := range []bool{false, true} {
		t.Run(fmt.Sprintf("related=%v", related), func(t *testing.T) {
			t.Parallel()
			root := t.TempDir()
			tasks, flow := write(t, root, "adds.py", adds), write(t, root, "flow.py", strings.Replace(calls, "a=x", "b=x", 1))
			project := write(t, root, "pyproject.toml", "")
			s := pulling(t, root, nil, related)
			s.must(s.Open(s.ctx, flow, "python"))
			report := s.pull(flow, "")
			for _, step := range []struct {
				name, want string
				change     func()
			}{
				{"the setting turns the rule off", "full ", func() { s.configure(map[string]any{"rules": map[string]any{"call-missing-input": "off"}}) }},
				{"the setting is gone", "full call-missing-input", func() { s.configure(map[string]any{}) }},
				{"the project turns the rule off", "full ", func() {
					write(t, root, "pyproject.toml", "[tool.flyte-lsp.rules]\ncall-missing-input = \"off\"\n")
					s.changedOnDisk(project, protocol.FileChangeTypeChanged)
				}},
				{"the project's file is gone", "full call-missing-input", func() {
					s.must(os.Remove(project))
					s.changedOnDisk(project, protocol.FileChangeTypeDeleted)
				}},
				{"the task has a default", "full ", func() {
					write(t, root, "adds.py", strings.Replace(adds, "a: int,", "a: int = 0,", 1))
					s.changedOnDisk(tasks, protocol.FileChangeTypeChanged)
				}},
			} {
				mark := s.Mark()
				step.change()
				s.wait(mark, "workspace/diagnostic/refresh", "")
				report = s.pull(flow, report.ResultID)
				if report.codes() != step.want {
					t.Errorf("%s: %q, want %q", step.name, report.codes(), step.want)
				}
			}
		})
	}
}

// A report that was made while the files that it hangs on changed isn't the
// last word: either it is of the new state, or the client is asked to pull
// again.
func TestPullWhileOthersChange(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	large := calls + strings.Repeat("\n\n@workflow\ndef flow(x: int) -> int:\n    return add(a=x)\n", 500)
	tasks, flow := write(t, root, "adds.py", adds), write(t, root, "flow.py", large)
	s := pulling(t, root, nil, false)
	s.must(s.Open(s.ctx, tasks, "python"))
	s.must(s.Open(s.ctx, flow, "python"))
	mark := s.Mark()
	answered := make(chan pulled, 1)
	go func() {
		var report pulled
		if err := s.Call(s.ctx, "textDocument/diagnostic", map[string]any{"textDocument": map[string]any{"uri": lspclient.URI(flow)}}, &report); err != nil {
			t.Error(err)
		}
		answered <- report
	}()
	s.must(s.Replace(s.ctx, tasks, 2, wholeText(adds), strings.Replace(adds, "a: int,", "a: int, c: int,", 1)))
	report := <-answered
	if len(report.Items) == 0 {
		s.wait(mark, "workspace/diagnostic/refresh", "")
		report = s.pull(flow, report.ResultID)
	}
	if len(report.Items) == 0 || report.Items[0].Code != "call-missing-input" {
		t.Errorf("%s, want the missing input", report.codes())
	}
}

// A place in another file that a report names moves with the text there, also
// for a client that gets it with the edited document's.
func TestPullRelatedPlaces(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	tasks, flow := write(t, root, "adds.py", adds), write(t, root, "flow.py", strings.Replace(calls, "a=x", "a=x, c=1", 1))
	s := pulling(t, root, nil, true)
	s.must(s.Open(s.ctx, tasks, "python"))
	s.must(s.Open(s.ctx, flow, "python"))
	s.pull(tasks, "")
	place := func(report pulled) protocol.Location {
		t.Helper()
		if len(report.Items) != 1 || len(report.Items[0].RelatedInformation) != 1 {
			t.Fatalf("%+v, want one finding that names where the task is", report)
		}
		return report.Items[0].RelatedInformation[0].Location
	}
	before := place(s.pull(flow, ""))
	s.must(s.Replace(s.ctx, tasks, 2, protocol.Range{}, "# moved\n"))
	report := s.pull(tasks, "")
	if after := place(report.Related[lspclient.URI(flow)]); string(after.URI) != lspclient.URI(tasks) || after.Range.Start.Line != before.Range.Start.Line+1 {
		t.Errorf("the task is at %+v, was at %+v", after, before)
	}
}

// The diagnostics of files that aren't open are told to the last file, and
// those of a file that is deleted are taken back.
func TestPullWorkspaceToItsEnd(t *testing.T) {
	t.Parallel()
	for _, count := range []int{1, 49, 50} {
		t.Run(fmt.Sprint(count), func(t *testing.T) {
			t.Parallel()
			root := t.TempDir()
			write(t, root, "adds.py", adds)
			for i := range count {
				write(t, root, fmt.Sprintf("flow%d.py", i), strings.Replace(calls, "a=x", "a=x, c=1", 1))
			}
			write(t, root, "without.py", adds)
			s := pulling(t, root, map[string]any{"diagnostics": map[string]any{"workspace": true}}, false)
			found, err := s.pullWorkspace(s.ctx, nil, "")
			s.must(err)
			if len(found) != count {
				t.Fatalf("%d files have findings, want %d", len(found), count)
			}
			ids := map[string]string{}
			for path, report := range found {
				ids[path] = report.ResultID
			}
			gone := filepath.Join(root, "flow0.py")
			s.must(os.Remove(gone))
			s.changedOnDisk(gone, protocol.FileChangeTypeDeleted)
			found, err = s.pullWorkspace(s.ctx, ids, "")
			s.must(err)
			if len(found) != 1 || found[gone].codes() != "full " {
				t.Errorf("found %+v, want that the deleted file has none", found)
			}
			if count == 1 {
				return
			}
			// The others name a place in the file that is edited now.
			delete(ids, gone)
			tasks := write(t, root, "adds.py", "# moved\n"+adds)
			s.changedOnDisk(tasks, protocol.FileChangeTypeChanged)
			seen := map[string]bool{}
			for len(seen) < count-1 {
				found, err = s.pullWorkspace(s.ctx, ids, "")
				s.must(err)
				for path, report := range found {
					ids[path], seen[path] = report.ResultID, true
				}
			}
		})
	}
}

// A rule that panics costs what it would have found. The log tells its code and
// the text's hash, once for that text.
func TestRuleThatPanics(t *testing.T) {
	// Not parallel to others: a rule without a check panics in all servers.
	rules := analysis.Rules
	defer func() { analysis.Rules = rules }()
	analysis.Rules = append(slices.Clone(rules), &analysis.Rule{Code: "zero-check"})
	root := t.TempDir()
	write(t, root, "adds.py", adds)
	path := write(t, root, "flow.py", strings.Replace(calls, "a=x", "a=x, c=1", 1))
	s := open(t, root, nil)
	for range 2 {
		mark := s.Mark()
		s.must(s.Open(s.ctx, path, "python"))
		if found := s.published(mark, path, "version"); len(found) != 1 || found[0].Code != "call-unknown-input" {
			t.Errorf("the other rules find %+v", found)
		}
		mark = s.Mark()
		s.must(s.Notify(s.ctx, "textDocument/didClose", map[string]any{"textDocument": map[string]any{"uri": lspclient.URI(path)}}))
		s.published(mark, path, `"diagnostics":[]`)
	}
	s.close()
	var logged []string
	for _, message := range s.Received(0) {
		if text := string(message.Params); message.Method == protocol.MethodWindowLogMessage && strings.Contains(text, "panicked") {
			logged = append(logged, text)
		}
	}
	if len(logged) != 1 || !strings.Contains(logged[0], "zero-check") || !strings.Contains(logged[0], "sha256=") || strings.Contains(logged[0], "def flow") {
		t.Errorf("the log tells %q", logged)
	}
}
