package lsp_test

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"go.lsp.dev/protocol"

	"github.com/flyte-lsp/flyte-lsp/internal/lspclient"
	"github.com/flyte-lsp/flyte-lsp/parser"
)

// applied is a document's text with an edit, as an editor makes it.
func applied(t *testing.T, text, path string, edit *protocol.WorkspaceEdit) string {
	t.Helper()
	return appliedIn(t, parser.UTF16, text, path, edit)
}

// appliedIn is applied with positions of an encoding.
func appliedIn(t *testing.T, encoding parser.Encoding, text, path string, edit *protocol.WorkspaceEdit) string {
	t.Helper()
	if edit == nil {
		t.Fatal("there is no edit")
	}
	edits := edit.Changes[protocol.DocumentURI(lspclient.URI(path))]
	for _, change := range edit.DocumentChanges {
		if string(change.TextDocument.URI) == lspclient.URI(path) {
			edits = append(edits, change.Edits...)
		}
	}
	source := parser.NewSource([]byte(text))
	offset := func(at protocol.Position) int {
		return encoding.Offset(source, parser.Position{Line: int(at.Line), Character: int(at.Character)})
	}
	slices.SortStableFunc(edits, func(a, b protocol.TextEdit) int { return cmp.Compare(offset(a.Range.Start), offset(b.Range.Start)) })
	var after strings.Builder
	done := 0
	for _, edit := range edits {
		if offset(edit.Range.Start) < done {
			t.Fatalf("the edits overlap: %+v", edits)
		}
		after.WriteString(text[done:offset(edit.Range.Start)])
		after.WriteString(edit.NewText)
		done = offset(edit.Range.End)
	}
	return after.String() + text[done:]
}

const mendable = `from flytekit import task, workflow


@task(disable_deck=False)
def double(a: int) -> int:
    return 2 * a


@task(disable_deck=True)
def half(a: int) -> int:
    return a // 2


@workflow
def flow(x: int) -> int:
    return double(a=half(b=x))
`

// What a save mends is what is safe, all of it, and only where a client asks
// for it; the edit is for the version that it was made of.
func TestFixAll(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	text := strings.ReplaceAll(mendable, "\n", "\r\n")
	path := write(t, root, "flow.py", text)
	s := open(t, root, nil)
	s.must(s.Open(s.ctx, path, "python"))
	everywhere := wholeText(mendable)
	for _, kind := range []protocol.CodeActionKind{"source.fixAll.flyte", "source.fixAll", "source"} {
		actions, err := s.Actions(s.ctx, path, everywhere, kind)
		s.must(err)
		if len(actions) != 1 || actions[0].Kind != "source.fixAll.flyte" || actions[0].Edit != nil {
			t.Fatalf("%s: actions %+v, want one to be resolved", kind, actions)
		}
		edit, err := s.Edit(s.ctx, actions[0])
		s.must(err)
		if version := edit.DocumentChanges[0].TextDocument.Version; version == nil || *version != 1 {
			t.Errorf("the edit is for version %v, want 1", version)
		}
		want := strings.NewReplacer("disable_deck=False", "enable_deck=True", "disable_deck=True", "enable_deck=False").Replace(text)
		if got := applied(t, text, path, edit); got != want {
			t.Errorf("the save makes it\n%s\nwant\n%s", got, want)
		}
	}
	unasked, err := s.Actions(s.ctx, path, everywhere, "")
	s.must(err)
	if slices.ContainsFunc(unasked, func(a protocol.CodeAction) bool { return strings.HasPrefix(string(a.Kind), "source") }) {
		t.Errorf("source actions are offered unasked: %+v", unasked)
	}
	late, err := s.Actions(s.ctx, path, everywhere, "source.fixAll.flyte")
	s.must(err)
	s.must(s.Replace(s.ctx, path, 2, protocol.Range{}, "\n"))
	if _, err := s.Edit(s.ctx, late[0]); err == nil || !strings.Contains(err.Error(), "was edited since") {
		t.Errorf("an action for another version gives %v", err)
	}
}

// A client that can neither resolve nor take versions gets plain edits at once.
func TestFixesForOldClients(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	path := write(t, root, "flow.py", mendable)
	s := connect(t, root, t.TempDir(), "")
	s.Adjust = func(textDocument, workspace map[string]any) {
		delete(textDocument, "codeAction")
		delete(textDocument, "publishDiagnostics")
		delete(workspace, "workspaceEdit")
	}
	s.must(s.Initialize(s.ctx, root, nil))
	t.Cleanup(s.close)
	s.must(s.Open(s.ctx, path, "python"))
	actions, err := s.Actions(s.ctx, path, wholeText(mendable), "source.fixAll.flyte")
	s.must(err)
	if len(actions) != 1 || actions[0].Edit == nil || len(actions[0].Edit.Changes) != 1 {
		t.Fatalf("actions %+v, want one with changes", actions)
	}
	if after := applied(t, mendable, path, actions[0].Edit); strings.Contains(after, "disable_deck") {
		t.Errorf("it became\n%s", after)
	}
	published, err := s.Diagnostics(s.ctx, 0, path, 1)
	s.must(err)
	for _, d := range published {
		if d.Data != nil || d.Tags != nil || d.CodeDescription != nil {
			t.Errorf("the client can't take all of %+v", d)
		}
	}
}

// A code action says which diagnostic it mends, and is found again by what the
// client has of that, also at a cursor beside it.
func TestFixOfDiagnostic(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	path := write(t, root, "flow.py", mendable)
	s := open(t, root, nil)
	s.must(s.Open(s.ctx, path, "python"))
	published, err := s.Diagnostics(s.ctx, 0, path, 1)
	s.must(err)
	i := slices.IndexFunc(published, func(d protocol.Diagnostic) bool { return d.Code == "call-unknown-input" })
	if i < 0 || published[i].Data == nil || published[i].CodeDescription == nil || !strings.HasSuffix(string(published[i].CodeDescription.Href), "/docs/rules/call-unknown-input.md") {
		t.Fatalf("diagnostics %+v", published)
	}
	if d := published[0]; !slices.Equal(d.Tags, []protocol.DiagnosticTag{protocol.DiagnosticTagDeprecated}) {
		t.Errorf("%v has the tags %v", d.Code, d.Tags)
	}
	theirs := published[i]
	theirs.Range.Start.Line++ // as it was before a line was removed above
	theirs.Range.End.Line++
	var actions []protocol.CodeAction
	s.must(s.Call(s.ctx, "textDocument/codeAction", map[string]any{
		"textDocument": map[string]any{"uri": lspclient.URI(path)},
		"range":        protocol.Range{}, "context": map[string]any{"diagnostics": []any{theirs}, "only": []string{"quickfix"}},
	}, &actions))
	var titles []string
	for _, action := range actions {
		titles = append(titles, action.Title)
		if len(action.Diagnostics) != 1 || action.Diagnostics[0].Range != published[i].Range {
			t.Errorf("%s is for %+v", action.Title, action.Diagnostics)
		}
		if action.IsPreferred != (action.Title == "Rename to a") {
			t.Errorf("%s: preferred is %v", action.Title, action.IsPreferred)
		}
	}
	if want := []string{"Rename to a", "Remove b", "Ignore call-unknown-input in this line"}; !slices.Equal(titles, want) {
		t.Errorf("actions %q, want %q", titles, want)
	}
}

// What the server says that it can.
func TestCapabilities(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		pulls bool
		want  string
	}{
		"push": {false, `null`},
		"pull": {true, `{"identifier":"flyte","interFileDependencies":true,"workspaceDiagnostics":true}`},
	} {
		root := t.TempDir()
		s := connect(t, root, t.TempDir(), "")
		var answer struct {
			Capabilities map[string]json.RawMessage `json:"capabilities"`
		}
		capabilities := map[string]any{}
		if test.pulls {
			capabilities["textDocument"] = map[string]any{"diagnostic": map[string]any{}}
			capabilities["workspace"] = map[string]any{"diagnostics": map[string]any{"refreshSupport": true}}
		}
		s.must(s.Call(s.ctx, "initialize", map[string]any{"rootUri": lspclient.URI(root), "capabilities": capabilities}, &answer))
		got := answer.Capabilities["diagnosticProvider"]
		if got == nil {
			got = json.RawMessage("null")
		}
		if string(got) != test.want {
			t.Errorf("%s: diagnosticProvider %s, want %s", name, got, test.want)
		}
		if got, want := string(answer.Capabilities["codeActionProvider"]), `{"codeActionKinds":["quickfix","refactor.extract","refactor.rewrite","source.fixAll.flyte","flyte.run"],"resolveProvider":true}`; got != want {
			t.Errorf("%s: codeActionProvider %s, want %s", name, got, want)
		}
		s.close()
	}
}
