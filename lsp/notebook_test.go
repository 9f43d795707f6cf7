package lsp_test

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"go.lsp.dev/protocol"

	"github.com/flyte-lsp/flyte-lsp/internal/lspclient"
	"github.com/flyte-lsp/flyte-lsp/internal/testenv"
)

// Cells of the tests below.
const (
	imports    = "from flytekit import task, workflow"
	doubleCell = "@task\ndef double(n: int) -> int:\n    return 2 * n"
	flowCell   = "@workflow\ndef flow(n: int) -> int:\n    return double(m=n)"
)

// openFlow opens a notebook with these cells.
func openFlow(t *testing.T) *openNotebook {
	t.Helper()
	root := t.TempDir()
	s := open(t, root, nil)
	return s.openNotebook(filepath.Join(root, "a notebook.ipynb"), imports, doubleCell, flowCell)
}

// codes are the codes of what is told of a cell since a mark, with their first lines.
func (n *openNotebook) codes(since, number int) string {
	n.t.Helper()
	diagnostics, err := n.Diagnostics(n.ctx, since, n.uri(number), n.version[number])
	n.must(err)
	codes := []string{}
	for _, d := range diagnostics {
		codes = append(codes, fmt.Sprintf("%v:%d", d.Code, d.Range.Start.Line))
	}
	return strings.Join(codes, " ")
}

const wrongCall = "call-missing-input:2 call-unknown-input:2"

// Cells come, go, move and change their kind, and what is told of the others
// follows.
func TestNotebookStructure(t *testing.T) {
	t.Parallel()
	n := openFlow(t)
	if got := n.codes(0, 2); got != wrongCall {
		t.Fatalf("at first there is %q, want %q", got, wrongCall)
	}
	mark := n.Mark()
	n.change(map[string]any{"structure": map[string]any{"array": map[string]any{"start": 1, "deleteCount": 1}}})
	n.replace(2, flowCell+"\n")
	if got := n.codes(mark, 2); got != "call-undefined:2" {
		t.Errorf("without the task there is %q", got)
	}
	// Back, behind the workflow: the client still has the cell's text.
	mark = n.Mark()
	n.change(map[string]any{"structure": map[string]any{"array": map[string]any{"start": 2, "deleteCount": 0, "cells": []any{n.cell(1, 2)}}}})
	n.replace(2, flowCell)
	if got := n.codes(mark, 2); got != wrongCall {
		t.Errorf("with the task behind there is %q, want %q", got, wrongCall)
	}
	mark = n.Mark()
	n.change(map[string]any{"data": []any{n.cell(1, 1)}})
	n.replace(2, flowCell+"\n")
	if got := n.codes(mark, 2); got != "call-undefined:2" {
		t.Errorf("with the task's cell as text there is %q", got)
	}
	mark = n.Mark()
	n.change(map[string]any{"data": []any{n.cell(1, 2)}, "structure": map[string]any{
		"array":    map[string]any{"start": 0, "deleteCount": 0, "cells": []any{n.cell(9, 2)}},
		"didOpen":  []any{map[string]any{"uri": n.uri(9), "languageId": "python", "version": 1, "text": "a = 1\n\n\n"}},
		"didClose": []any{},
	}})
	n.replace(2, flowCell)
	if got := n.codes(mark, 2); got != wrongCall {
		t.Errorf("below another cell there is %q, want %q", got, wrongCall)
	}
	// A cell of another language is none of ours.
	mark = n.Mark()
	n.change(map[string]any{"structure": map[string]any{
		"array":    map[string]any{"start": 0, "deleteCount": 0, "cells": []any{n.cell(10, 2)}},
		"didOpen":  []any{map[string]any{"uri": n.uri(10), "languageId": "sql", "version": 1, "text": "select (1"}},
		"didClose": []any{},
	}})
	n.replace(2, flowCell+"\n")
	if got := n.codes(mark, 2); got != wrongCall {
		t.Errorf("below a cell of SQL there is %q, want %q", got, wrongCall)
	}
}

// What was told of cells is taken back when they, or the notebook, go.
func TestNotebookCloses(t *testing.T) {
	t.Parallel()
	n := openFlow(t)
	n.codes(0, 2)
	cleared := func(mark int) {
		t.Helper()
		_, err := n.Wait(n.ctx, mark, func(m lspclient.Message) bool {
			var params protocol.PublishDiagnosticsParams
			return m.Method == protocol.MethodTextDocumentPublishDiagnostics && json.Unmarshal(m.Params, &params) == nil &&
				string(params.URI) == n.uri(2) && len(params.Diagnostics) == 0
		})
		n.must(err)
	}
	mark := n.Mark()
	n.change(map[string]any{"structure": map[string]any{"array": map[string]any{"start": 2, "deleteCount": 1}}})
	cleared(mark)
	mark = n.Mark()
	n.change(map[string]any{"structure": map[string]any{"array": map[string]any{"start": 2, "deleteCount": 0, "cells": []any{n.cell(2, 2)}}}})
	n.codes(mark, 2)
	mark = n.Mark()
	n.must(n.Notify(n.ctx, "notebookDocument/didSave", map[string]any{"notebookDocument": map[string]any{"uri": lspclient.URI(n.path)}}))
	n.must(n.Notify(n.ctx, "notebookDocument/didClose", map[string]any{
		"notebookDocument": map[string]any{"uri": lspclient.URI(n.path)}, "cellTextDocuments": []any{map[string]any{"uri": n.uri(2)}},
	}))
	cleared(mark)
	for _, message := range n.Received(0) {
		if message.Method == protocol.MethodTextDocumentPublishDiagnostics && strings.Contains(string(message.Params), "file://") {
			t.Errorf("the notebook's file has diagnostics of its own: %s", message.Params)
		}
	}
}

// Positions count UTF-16 units in the cell, and one behind the cell's end is its
// end, not a place in the next cell.
func TestNotebookPositions(t *testing.T) {
	t.Parallel()
	n := openFlow(t)
	mark := n.Mark()
	// 😀 are two units; the edit stands behind it.
	n.replace(1, "# 😀é\n"+doubleCell)
	at := protocol.Position{Line: 0, Character: 5}
	n.version[1]++
	n.change(map[string]any{"textContent": []any{map[string]any{
		"document": map[string]any{"uri": n.uri(1), "version": n.version[1]},
		"changes":  []any{map[string]any{"range": protocol.Range{Start: at, End: at}, "text": "\n\n"}, map[string]any{"range": protocol.Range{}, "text": "x = (\n"}},
	}}})
	if got := n.codes(mark, 1); got != "syntax-error:0" {
		t.Errorf("the cell has %q", got)
	}
	for position, want := range map[protocol.Position]bool{{Line: 1, Character: 5}: true, {Line: 3, Character: 0}: false, {Line: 99, Character: 9}: false} {
		hover, err := n.Hover(n.ctx, n.uri(2), position)
		n.must(err)
		if (hover != "") != want {
			t.Errorf("the hover at %v is %q", position, hover)
		}
	}
}

// An edit of a notebook is one of its cells, in their versions.
func TestNotebookEdits(t *testing.T) {
	t.Parallel()
	n := openFlow(t)
	n.replace(2, "\n"+flowCell)
	line := protocol.Range{Start: protocol.Position{Line: 3, Character: 18}, End: protocol.Position{Line: 3, Character: 18}}
	actions, err := n.Actions(n.ctx, n.uri(2), line, protocol.QuickFix)
	n.must(err)
	i := slices.IndexFunc(actions, func(a protocol.CodeAction) bool { return a.Title == "Rename to n" })
	if i < 0 {
		t.Fatalf("the fixes are %v", actions)
	}
	edit, err := n.Edit(n.ctx, actions[i])
	n.must(err)
	if got, want := applied(t, n.texts[2], n.uri(2), edit), strings.Replace(n.texts[2], "m=n", "n=n", 1); got != want {
		t.Errorf("with the fix the cell is\n%s\nwant\n%s", got, want)
	}
	for _, change := range edit.DocumentChanges {
		if version := change.TextDocument.Version; version == nil || *version != 2 {
			t.Errorf("the edit is of version %v, want 2", version)
		}
	}
}

// What comes of notebooks or cells that aren't open, or can't be, changes nothing
// and is told in the log.
func TestNotebookBadInput(t *testing.T) {
	t.Parallel()
	n := openFlow(t)
	refused := func(what string, change map[string]any) {
		t.Helper()
		mark := n.Mark()
		n.change(change)
		_, err := n.Wait(n.ctx, mark, func(m lspclient.Message) bool {
			return m.Method == protocol.MethodWindowLogMessage && strings.Contains(string(m.Params), what)
		})
		n.must(err)
	}
	text := func(uri string, version int) map[string]any {
		return map[string]any{"textContent": []any{map[string]any{
			"document": map[string]any{"uri": uri, "version": version}, "changes": []any{map[string]any{"text": "("}},
		}}}
	}
	refused("no cell that is open", text(n.uri(77), 2))
	refused("no cell that is open", text(n.uri(2), 0))
	refused("has 3 cells", map[string]any{"structure": map[string]any{"array": map[string]any{"start": 3, "deleteCount": 1}}})
	refused("has 3 cells", map[string]any{"structure": map[string]any{"array": map[string]any{"start": 9, "deleteCount": 0}}})
	other := &openNotebook{session: n.session, path: filepath.Join(n.root, "other.ipynb")}
	mark := n.Mark()
	other.change(map[string]any{"data": []any{}})
	_, err := n.Wait(n.ctx, mark, func(m lspclient.Message) bool { return strings.Contains(string(m.Params), "not open") })
	n.must(err)
	// A notebook's file isn't Python, also where an editor takes it for a text.
	write(t, n.root, "other.ipynb", `{"nbformat": 4, "cells": [{"cell_type": "code", "source": "@task\ndef f(): ..."}]}`)
	n.must(n.OpenText(n.ctx, other.path, "python", `{"cells": []}`))
	if hover, err := n.Hover(n.ctx, other.path, protocol.Position{Line: 1, Character: 5}); err != nil || hover != "" {
		t.Errorf("the file of a notebook has the hover %q, %v", hover, err)
	}
	n.must(n.Notify(n.ctx, "textDocument/didClose", map[string]any{"textDocument": map[string]any{"uri": lspclient.URI(other.path)}}))
	if err := n.Call(n.ctx, "workspace/executeCommand", map[string]any{
		"command": "flyte.run", "arguments": []any{map[string]any{"uri": n.uri(2), "entity": "flow", "target": "local"}},
	}, nil); err == nil || !strings.Contains(err.Error(), "is a notebook") {
		t.Errorf("a run of a cell's workflow ends with %v", err)
	}
	if hover, err := n.Hover(n.ctx, n.uri(2), protocol.Position{Line: 1, Character: 5}); err != nil || hover == "" {
		t.Errorf("the hover is %q, %v", hover, err)
	}
}

// places are the locations that a method answers in a cell, as "cell:line:character".
func (n *openNotebook) places(method string, number int, at protocol.Position) []string {
	n.t.Helper()
	var found []protocol.Location
	n.must(n.Call(n.ctx, method, map[string]any{
		"textDocument": map[string]any{"uri": n.uri(number)}, "position": at, "context": map[string]any{"includeDeclaration": true},
	}, &found))
	places := []string{}
	for _, location := range found {
		_, name, _ := strings.Cut(string(location.URI), "#")
		if name == "" {
			name = filepath.Base(string(location.URI))
		}
		places = append(places, fmt.Sprintf("%s:%d:%d", name, location.Range.Start.Line, location.Range.Start.Character))
	}
	return places
}

// What is defined in one cell, or in a module, and used in others is found there,
// and renamed.
func TestNotebookNavigation(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	path := write(t, root, "tasks.py", imports+"\n\n\n"+doubleCell+"\n")
	s := open(t, root, nil)
	s.must(s.Open(s.ctx, path, "python"))
	n := s.openNotebook(filepath.Join(root, "a.ipynb"),
		imports+"\nfrom tasks import double",
		"@task\ndef half(n: int) -> int:\n    return n // 2",
		"\n@workflow\ndef flow(n: int) -> int:\n    return half(n=double(n=n))")
	call := protocol.Position{Line: 3, Character: 11}
	if got, want := n.places("textDocument/definition", 2, protocol.Position{Line: 3, Character: 16}), []string{"W1:1:9"}; !slices.Equal(got, want) {
		t.Errorf("the input of the cell's task is at %q, want %q", got, want)
	}
	if got, want := n.places("textDocument/definition", 2, protocol.Position{Line: 3, Character: 25}), []string{"tasks.py:4:11"}; !slices.Equal(got, want) {
		t.Errorf("the input of the module's task is at %q, want %q", got, want)
	}
	if got, want := n.places("textDocument/references", 1, protocol.Position{Line: 1, Character: 9}), []string{"W2:3:16"}; !slices.Equal(got, want) {
		t.Errorf("the input is used at %q, want %q", got, want)
	}
	rename := func(uri string, at protocol.Position, name string) map[string]string {
		t.Helper()
		var edit protocol.WorkspaceEdit
		s.must(s.Call(s.ctx, "textDocument/rename", map[string]any{
			"textDocument": map[string]any{"uri": uri}, "position": at, "newName": name,
		}, &edit))
		after := map[string]string{}
		for i, text := range n.texts {
			if changed := applied(t, text, n.uri(i), &edit); changed != text {
				after[fmt.Sprint(i)] = changed
			}
		}
		if changed := applied(t, imports+"\n\n\n"+doubleCell+"\n", path, &edit); !strings.Contains(changed, "double(n: int)") {
			after["tasks.py"] = changed
		}
		return after
	}
	if got := rename(n.uri(2), call, "third"); len(got) != 2 || !strings.Contains(got["1"], "def third(") || !strings.Contains(got["2"], "third(n=double(n=n))") {
		t.Errorf("the cell's task is renamed to %q", got)
	}
	if got := rename(lspclient.URI(path), protocol.Position{Line: 4, Character: 11}, "number"); len(got) != 2 ||
		!strings.Contains(got["2"], "half(n=double(number=n))") || !strings.Contains(got["tasks.py"], "double(number: int)") {
		t.Errorf("the module's input is renamed to %q", got)
	}
}

// What is completed in a cell stands there, also the import that comes with it.
func TestNotebookCompletion(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	s := open(t, root, map[string]any{"python": testenv.Python(t)})
	texts := []string{"import flytekit\nfrom flytekit import workflow", "from flytekit import task\n\n@task\ndef double(n: int, m: int) -> int:\n    return 2 * n", "x = 1\n@workflow\ndef flow(n: int) -> int:\n    return double(n=n, )"}
	n := s.openNotebook(filepath.Join(root, "a.ipynb"), texts...)
	var list struct{ Items []completed }
	s.must(s.Call(s.ctx, "textDocument/completion", map[string]any{
		"textDocument": map[string]any{"uri": n.uri(2)}, "position": protocol.Position{Line: 3, Character: 23},
	}, &list))
	i := slices.IndexFunc(list.Items, func(item completed) bool { return item.Label == "m=" })
	if i < 0 {
		t.Fatalf("the items are %q", completedLabels(list.Items))
	}
	if line := list.Items[i].TextEdit.Insert.Start.Line; line != 3 {
		t.Errorf("the item stands in line %d", line)
	}
	var resolved completed
	s.must(s.Call(s.ctx, "completionItem/resolve", list.Items[i], &resolved))
	if resolved.Label != "m=" || resolved.TextEdit.Insert.Start.Line != 3 {
		t.Errorf("the item is resolved to %+v", resolved)
	}
	n.replace(2, "@task(requests=)\ndef f() -> int:\n    return 1")
	s.must(s.Call(s.ctx, "textDocument/completion", map[string]any{
		"textDocument": map[string]any{"uri": n.uri(2)}, "position": protocol.Position{Line: 0, Character: 15},
	}, &list))
	i = slices.IndexFunc(list.Items, func(item completed) bool { return strings.HasPrefix(item.Label, "Resources") })
	if i < 0 || len(list.Items[i].AdditionalTextEdits) != 1 {
		t.Fatalf("the items are %+v", list.Items)
	}
	if edit := list.Items[i].AdditionalTextEdits[0]; edit.Range != (protocol.Range{}) || edit.NewText != "from flytekit import Resources\n" {
		t.Errorf("the import is %+v", edit)
	}
}

// A client that pulls gets the report of a cell, with those of the other cells,
// and is told that nothing changed only if nothing moved.
func TestNotebookPull(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	s := pulling(t, root, nil, true)
	n := s.openNotebook(filepath.Join(root, "a.ipynb"), imports, doubleCell, flowCell)
	first := s.pull(n.uri(2), "")
	if first.codes() != "full call-missing-input call-unknown-input" || first.Items[0].Range.Start.Line != 2 {
		t.Fatalf("the cell has %+v", first)
	}
	own := s.pull(n.uri(1), "")
	if own.codes() != "full " || own.Related[n.uri(2)].codes() != first.codes() {
		t.Errorf("the task's cell has %+v", own)
	}
	if again := s.pull(n.uri(2), first.ResultID); again.Kind != "unchanged" {
		t.Errorf("the same is told again: %+v", again)
	}
	n.change(map[string]any{"structure": map[string]any{
		"array":    map[string]any{"start": 1, "deleteCount": 0, "cells": []any{n.cell(7, 2)}},
		"didOpen":  []any{map[string]any{"uri": n.uri(7), "languageId": "python", "version": 1, "text": ""}},
		"didClose": []any{},
	}})
	if moved := s.pull(n.uri(2), first.ResultID); moved.codes() != first.codes() || moved.Items[0].Range.Start.Line != 2 {
		t.Errorf("the cell that moved has %+v", moved)
	}
	n.replace(1, strings.Replace(doubleCell, "n: int", "m: int", 1))
	after := s.pull(n.uri(1), own.ResultID)
	if other, ok := after.Related[n.uri(2)]; !ok || len(other.Items) != 0 {
		t.Errorf("the task was mended, and its cell has %+v", after)
	}
}

// Who switches notebooks off hears nothing of them any more, and what else is
// found in other files stays.
func TestNotebooksOff(t *testing.T) {
	t.Parallel()
	n := openFlow(t)
	tasks := write(t, n.root, "tasks.py", imports+"\n\n\n"+doubleCell+"\n")
	n.must(n.Open(n.ctx, tasks, "python"))
	n.replace(1, "from tasks import double")
	n.codes(0, 2)
	mark := n.Mark()
	n.must(n.Notify(n.ctx, "workspace/didChangeConfiguration", map[string]any{"settings": map[string]any{"flyte": map[string]any{"notebooks": map[string]any{"enabled": false}}}}))
	_, err := n.Wait(n.ctx, mark, func(m lspclient.Message) bool {
		return strings.Contains(string(m.Params), n.uri(2)) && strings.Contains(string(m.Params), `"diagnostics":[]`)
	})
	n.must(err)
	if hover, err := n.Hover(n.ctx, n.uri(2), protocol.Position{Line: 1, Character: 5}); err != nil || hover != "" {
		t.Errorf("the hover is %q, %v", hover, err)
	}
	var edit protocol.WorkspaceEdit
	n.must(n.Call(n.ctx, "textDocument/rename", map[string]any{
		"textDocument": map[string]any{"uri": lspclient.URI(tasks)}, "position": protocol.Position{Line: 4, Character: 5}, "newName": "third",
	}, &edit))
	if count := len(edit.Changes) + len(edit.DocumentChanges); count != 1 {
		t.Errorf("the rename edits %d documents, want one: %+v", count, edit)
	}
}
