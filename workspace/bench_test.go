package workspace_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyte-lsp/flyte-lsp/workspace"
)

// flowModule is a module of some 375 lines: tasks, a workflow that calls them,
// a launch plan.
func flowModule() string {
	var b strings.Builder
	b.WriteString("from typing import Dict, List, Optional, Tuple\n\nfrom flytekit import LaunchPlan, task, workflow\n")
	for i := range 20 {
		fmt.Fprintf(&b, `

@task(cache=True, cache_version="%[1]d", retries=2)
def step_%[1]d(rows: List[Dict[str, float]], limit: int = %[1]d, name: Optional[str] = None) -> Tuple[List[str], float]:
    """Keep the rows above the limit.

    Args:
        rows: what the step before found
        limit: the least score that counts
        name: of the run
    """
    kept = [row for row in rows if row["score"] > limit]
    if name is not None:
        print(f"{name}: {len(kept)} of {len(rows)} rows")
    total = sum(row["score"] for row in kept) / max(1, len(kept))
    return [str(row) for row in kept], total
`, i)
	}
	b.WriteString("\n\n@workflow\ndef pipeline(rows: List[Dict[str, float]], limit: int = 3) -> float:\n")
	for i := range 20 {
		fmt.Fprintf(&b, "    names_%[1]d, total_%[1]d = step_%[1]d(rows=rows, limit=limit, name=\"run %[1]d\")\n", i)
	}
	b.WriteString("    return total_19\n\n\nplan = LaunchPlan.get_or_create(pipeline, name=\"nightly\", default_inputs={\"limit\": 5})\n")
	return b.String()
}

// BenchmarkKeystroke is what an edit of an open document costs until the next
// snapshot has its module and its lens rows: typing where the text stays
// valid, and where it is broken.
func BenchmarkKeystroke(b *testing.B) {
	text := flowModule()
	for _, bench := range []struct{ name, behind, typed string }{
		{"valid", "rows: what the step", "x"},
		{"name", "total_19", "9"},
		{"open bracket", "names_7, total_7 = step_7", "("},
		{"open string", "print(f", "\""},
		{"wrong word", "    total = sum", " x"},
	} {
		b.Run(bench.name, func(b *testing.B) {
			w := workspace.New()
			w.Open("/a.py", 0, []byte(text))
			at := file(b, w, "/a.py").Source.Position(strings.LastIndex(text, bench.behind) + len(bench.behind))
			typed := parser.Position{Line: at.Line, Character: at.Character + len(bench.typed)}
			edits := [][]workspace.Change{
				{{Range: &[2]parser.Position{at, at}, Text: bench.typed}},
				{{Range: &[2]parser.Position{at, typed}}},
			}
			b.ReportMetric(float64(strings.Count(text, "\n")), "lines")
			b.ResetTimer()
			for i := range b.N {
				if err := w.Change("/a.py", int32(i), edits[i%2]); err != nil {
					b.Fatal(err)
				}
			}
			if file := file(b, w, "/a.py"); len(file.Lenses) != 22 {
				b.Fatalf("%d rows", len(file.Lenses))
			}
		})
	}
}
