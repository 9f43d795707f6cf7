package lsp_test

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"go.lsp.dev/protocol"

	"github.com/flyte-lsp/flyte-lsp/internal/lspclient"
)

// renameAnswer is an edit of the workspace as a client reads it: an element of
// DocumentChanges is an edit of a document or an operation on a file.
type renameAnswer struct {
	DocumentChanges []struct {
		Kind         string `json:"kind"`
		OldURI       string `json:"oldUri"`
		NewURI       string `json:"newUri"`
		TextDocument struct {
			URI string `json:"uri"`
		} `json:"textDocument"`
		Edits []struct {
			protocol.TextEdit
			AnnotationID string `json:"annotationId"`
		} `json:"edits"`
	} `json:"documentChanges"`
	ChangeAnnotations map[string]protocol.ChangeAnnotation `json:"changeAnnotations"`
}

// waitForFiles waits until the server has found the workspace's files: before, it
// says of a file that moves what it waits for.
func (f *markedFile) waitForFiles() {
	for {
		err := f.Call(f.ctx, "workspace/willRenameFiles", map[string]any{
			"files": []map[string]any{{"oldUri": lspclient.URI(f.path), "newUri": lspclient.URI(f.path + ".py")}},
		}, nil)
		if err == nil || !strings.Contains(err.Error(), "still being looked for") {
			f.must(err)
			return
		}
	}
}

// checkRename renames what stands at the first text of a marker to the second, and
// compares the places that change with the others.
func (f *markedFile) checkRename(at string, m marker) {
	f.waitForFiles()
	where := map[string]any{"textDocument": map[string]any{"uri": lspclient.URI(f.path)}, "position": f.find(m.line, m.args[0]).Start}
	var prepared *struct{ Placeholder string }
	f.must(f.Call(f.ctx, "textDocument/prepareRename", where, &prepared))
	if prepared == nil || !strings.Contains(m.args[0], prepared.Placeholder) {
		f.t.Errorf("%s: %q is prepared as %+v", at, m.args[0], prepared)
	}
	where["newName"] = m.args[1]
	var answer renameAnswer
	f.must(f.Call(f.ctx, "textDocument/rename", where, &answer))
	f.checkChanges(at, answer, m.args[2:])
}

// checkMoved says that a file gets another path, and compares what changes.
func (f *markedFile) checkMoved(at string, m marker) {
	f.waitForFiles()
	uri := func(name string) string { return lspclient.URI(filepath.Join(f.root(), name)) }
	var answer renameAnswer
	f.must(f.Call(f.ctx, "workspace/willRenameFiles", map[string]any{
		"files": []map[string]any{{"oldUri": uri(m.args[0]), "newUri": uri(m.args[1])}},
	}, &answer))
	f.checkChanges(at, answer, m.args[2:])
}

// root is the workspace's folder.
func (f *markedFile) root() string {
	return strings.TrimSuffix(f.path, string(filepath.Separator)+filepath.FromSlash(strings.Split(f.name, "#")[0]))
}

// checkChanges compares an edit with what a marker states: "file:line old → new",
// "?" before it where it is to be confirmed, and "old → new" of files.
func (f *markedFile) checkChanges(at string, answer renameAnswer, want []string) {
	got := []string{}
	name := func(uri string) string { return strings.TrimPrefix(uri, lspclient.URI(f.root())+"/") }
	for _, change := range answer.DocumentChanges {
		if change.Kind == "rename" {
			got = append(got, name(change.OldURI)+" → "+name(change.NewURI))
		}
		for _, edit := range change.Edits {
			ask := map[bool]string{true: "?"}[answer.ChangeAnnotations[edit.AnnotationID].NeedsConfirmation]
			got = append(got, fmt.Sprintf("%s%s → %s", ask, f.located(change.TextDocument.URI, edit.Range), edit.NewText))
		}
	}
	if !slices.Equal(got, want) {
		f.t.Errorf("%s: changes\n%s\nwant\n%s", at, strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// checkNoRename says that what stands at the first text of a marker isn't renamed to
// the second: for a reason that has the third, or, without, because it is another
// server's.
func (f *markedFile) checkNoRename(at string, m marker) {
	f.waitForFiles()
	where := map[string]any{"textDocument": map[string]any{"uri": lspclient.URI(f.path)}, "position": f.find(m.line, m.args[0]).Start}
	if len(m.args) < 3 {
		var prepared json.RawMessage
		f.must(f.Call(f.ctx, "textDocument/prepareRename", where, &prepared))
		if string(prepared) != "null" && len(prepared) > 0 {
			f.t.Errorf("%s: %q is prepared as %s, want nothing", at, m.args[0], prepared)
		}
		return
	}
	where["newName"] = m.args[1]
	err := f.Call(f.ctx, "textDocument/rename", where, nil)
	if err == nil || !strings.Contains(err.Error(), m.args[2]) {
		f.t.Errorf("%s: renaming %q gives %v, want %q", at, m.args[0], err, m.args[2])
	}
}
