package analysis_test

import (
	"strings"
	"testing"

	"github.com/flyte-lsp/flyte-lsp/analysis"
	"github.com/flyte-lsp/flyte-lsp/internal/bench/project"
	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyte-lsp/flyte-lsp/workspace"
)

// BenchmarkKeystroke is what an edit costs until all rules have looked at the
// file: in a task's body, in a signature, in a workflow's body.
func BenchmarkKeystroke(b *testing.B) {
	text := project.LongModule()
	for _, bench := range []struct{ name, behind, typed string }{
		{"task", "scaled = [", "x"},
		{"syntax error", "scaled = [", "("},
		{"signature", "weeks: int = 7", "1"},
		{"workflow", "shop=shop, weeks=8", "1"},
	} {
		b.Run(bench.name, func(b *testing.B) {
			w := workspace.New()
			w.Open("/forecast.py", 0, []byte(text))
			look := func() {
				snapshot := w.Snapshot()
				file, err := snapshot.File("/forecast.py")
				if err != nil {
					b.Fatal(err)
				}
				analysis.File(b.Context(), snapshot, file, analysis.Options{})
			}
			look()
			source := parser.NewSource([]byte(text))
			at := source.Position(strings.LastIndex(text, bench.behind) + len(bench.behind))
			behind := parser.Position{Line: at.Line, Character: at.Character + len(bench.typed)}
			edits := [][]workspace.Change{
				{{Range: &[2]parser.Position{at, at}, Text: bench.typed}},
				{{Range: &[2]parser.Position{at, behind}}},
			}
			for i := 0; b.Loop(); i++ {
				if err := w.Change("/forecast.py", int32(i), edits[i%2]); err != nil {
					b.Fatal(err)
				}
				look()
			}
		})
	}
}
