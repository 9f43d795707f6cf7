package lsp_test

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"go.lsp.dev/protocol"

	"github.com/flyte-lsp/flyte-lsp/internal/lspclient"
)

// An inputs document is checked against its entity as both are edited, completed,
// explained, and brought up to date.
func TestInputsDocumentsAreEdited(t *testing.T) {
	t.Parallel()
	const flow = "from enum import Enum\n\nfrom flytekit import task\n\n\nclass Color(Enum):\n    RED = \"red\"\n    BLUE = \"blue\"\n\n\n@task\ndef paint(size: int, color: Color) -> int:\n    return size\n"
	root := t.TempDir()
	path := write(t, root, "flow.py", flow)
	document := write(t, root, ".flyte/inputs/flow.paint.yaml", "# Inputs of paint in ../../flow.py\nsiez: 3\ncolor: red\n")
	s := open(t, root, nil)
	s.must(s.Open(s.ctx, path, "python"))
	mark := s.Mark()
	s.must(s.Open(s.ctx, document, "yaml"))
	wrong := s.published(mark, document, "siez")
	if !slices.ContainsFunc(wrong, func(d protocol.Diagnostic) bool { return d.Code == "inputs-unknown" && d.Range.Start.Line == 1 }) {
		t.Errorf("the document has %v", wrong)
	}
	line := protocol.Range{Start: protocol.Position{Line: 1}, End: protocol.Position{Line: 1, Character: 4}}
	actions, err := s.Actions(s.ctx, document, line, protocol.QuickFix)
	s.must(err)
	i := slices.IndexFunc(actions, func(a protocol.CodeAction) bool { return strings.Contains(a.Title, "size") })
	if i < 0 {
		t.Fatalf("the fixes are %v", actions)
	}
	edit, err := s.Edit(s.ctx, actions[i])
	s.must(err)
	if len(edit.DocumentChanges) != 1 || edit.DocumentChanges[0].Edits[0].NewText != "size" {
		t.Errorf("the fix is %+v", edit)
	}
	var list struct{ Items []struct{ Label string } }
	at := map[string]any{"textDocument": map[string]any{"uri": lspclient.URI(document)}, "position": protocol.Position{Line: 2, Character: 7}}
	s.must(s.Call(s.ctx, "textDocument/completion", at, &list))
	labels := []string{}
	for _, item := range list.Items {
		labels = append(labels, item.Label)
	}
	if !slices.Contains(labels, "red") || !slices.Contains(labels, "blue") {
		t.Errorf("behind color: there is %q", labels)
	}
	text, err := s.Hover(s.ctx, document, protocol.Position{Line: 2, Character: 2})
	s.must(err)
	if !strings.Contains(text, "color: Color") {
		t.Errorf("color is explained as %q", text)
	}
	// The entity changes: what the document says of it is wrong now.
	mark = s.Mark()
	head := protocol.Position{Line: 11, Character: uint32(strings.Index("def paint(size", "size"))}
	s.must(s.Replace(s.ctx, path, 2, protocol.Range{Start: head, End: protocol.Position{Line: 11, Character: head.Character + 4}}, "siez"))
	if now := s.published(mark, filepath.Clean(document), ""); len(now) != 0 {
		t.Errorf("the document fits, and has %v", now)
	}
}
