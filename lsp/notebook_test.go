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
	n.must(n.OpenText(n.ctx, other.path, "python", `{"cells": []}`))
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
