package workspace_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyte-lsp/flyte-lsp/workspace"
)

// BenchmarkEdit is what an edit costs until the model of the file is current:
// in a task's body, in a signature, and where other open modules import it.
func BenchmarkEdit(b *testing.B) {
	text := flowModule()
	for _, bench := range []struct{ name, behind, typed string }{
		{"body", "kept = [row", "s"},
		{"docstring", "rows: what the step", "x"},
		{"signature", "limit: int = 7", "1"},
		{"broken", "names_7, total_7 = step_7", "("},
	} {
		for _, others := range []int{0, 20} {
			b.Run(fmt.Sprintf("%s/%d importers", bench.name, others), func(b *testing.B) {
				w := workspace.New()
				w.Open("/flow.py", 0, []byte(text))
				for i := range others {
					w.Open(fmt.Sprintf("/other_%d.py", i), 0, []byte("from flow import *\n\n\n@workflow\ndef wf(rows: List[Dict[str, float]]) -> float:\n    return pipeline(rows=rows)\n"))
				}
				model := func(path string) int {
					module, err := w.Snapshot().Module(b.Context(), path)
					if err != nil {
						b.Fatal(err)
					}
					return len(module.Entities)
				}
				at := file(b, w, "/flow.py").Source.Position(strings.LastIndex(text, bench.behind) + len(bench.behind))
				typed := parser.Position{Line: at.Line, Character: at.Character + len(bench.typed)}
				edits := [][]workspace.Change{
					{{Range: &[2]parser.Position{at, at}, Text: bench.typed}},
					{{Range: &[2]parser.Position{at, typed}}},
				}
				for i := 0; b.Loop(); i++ {
					if err := w.Change("/flow.py", int32(i), edits[i%2]); err != nil {
						b.Fatal(err)
					}
					if found := model("/flow.py"); found != 22 {
						b.Fatalf("%d entities", found)
					}
					for i := range others {
						model(fmt.Sprintf("/other_%d.py", i))
					}
				}
			})
		}
	}
}
