package workspace_test

import (
	"testing"

	"github.com/flyte-lsp/flyte-lsp/internal/bench/project"
	"github.com/flyte-lsp/flyte-lsp/workspace"
)

// BenchmarkIndex is what it costs to index 2,000 modules of 90 lines.
func BenchmarkIndex(b *testing.B) {
	dir := b.TempDir()
	if _, err := project.Write(dir, 2000); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		w := workspace.New()
		w.SetFolders([]string{dir})
		if found := index(b, w); found.Files != 2080 {
			b.Fatalf("%d files", found.Files)
		}
	}
}
