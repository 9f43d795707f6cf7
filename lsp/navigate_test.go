package lsp_test

import (
	"path/filepath"
	"testing"

	"go.lsp.dev/protocol"

	"github.com/flyte-lsp/flyte-lsp/internal/lspclient"
)

// TestNavigateFromInputsDocument: a key of an inputs document leads to the input, as
// the document is in the editor, and its first line to the workflow file.
func TestNavigateFromInputsDocument(t *testing.T) {
	root := t.TempDir()
	write(t, root, "flow.py", "from flytekit import task\n\n@task\ndef fetch(url: str, limit: int = 3) -> str:\n    return url * limit\n")
	write(t, root, ".flyte/inputs/flow.fetch.yaml", "# Inputs of fetch in ../../flow.py\n")
	s := open(t, root, nil)
	document := filepath.Join(root, ".flyte", "inputs", "flow.fetch.yaml")
	s.must(s.OpenText(s.ctx, document, "yaml", "# Inputs of fetch in ../../flow.py\nurl: x\n# limit: 3\n"))
	ask := func(method string, line, character uint32) []protocol.Location {
		t.Helper()
		var found []protocol.Location
		s.must(s.Call(s.ctx, method, map[string]any{
			"textDocument": map[string]any{"uri": lspclient.URI(document)},
			"position":     protocol.Position{Line: line, Character: character},
			"context":      map[string]any{"includeDeclaration": true},
		}, &found))
		return found
	}
	flow := protocol.DocumentURI(lspclient.URI(filepath.Join(root, "flow.py")))
	for _, test := range []struct{ line, character, column uint32 }{{0, 13, 4}, {1, 1, 10}, {2, 3, 20}} {
		found := ask("textDocument/definition", test.line, test.character)
		if len(found) != 1 || found[0].URI != flow || found[0].Range.Start != (protocol.Position{Line: 3, Character: test.column}) {
			t.Errorf("definition at line %d of the document: %v", test.line+1, found)
		}
	}
	if found := ask("textDocument/references", 1, 0); len(found) != 3 {
		t.Errorf("references of url: %v, want the key, the parameter and its use", found)
	}
	var links []protocol.DocumentLink
	s.must(s.Call(s.ctx, "textDocument/documentLink", map[string]any{"textDocument": map[string]any{"uri": lspclient.URI(document)}}, &links))
	if len(links) != 1 || links[0].Target != flow || links[0].Range.Start.Character != 21 {
		t.Errorf("links of the document: %v", links)
	}
}
