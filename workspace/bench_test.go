package workspace_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/flyte-lsp/flyte-lsp/internal/bench/project"
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

// BenchmarkEdit is what an edit costs until the model of the file is current:
// in a task's body, in a signature, and in an indexed workspace of 2,000
// modules where other open modules import the file.
func BenchmarkEdit(b *testing.B) {
	text := flowModule()
	dir := b.TempDir()
	if _, err := project.Write(dir, 2000); err != nil {
		b.Fatal(err)
	}
	for _, bench := range []struct{ name, behind, typed string }{
		{"body", "kept = [row", "s"},
		{"docstring", "rows: what the step", "x"},
		{"signature", "limit: int = 7", "1"},
		{"broken", "names_7, total_7 = step_7", "("},
	} {
		for _, others := range []int{0, 20} {
			b.Run(fmt.Sprintf("%s/%d importers", bench.name, others), func(b *testing.B) {
				w := workspace.New()
				if others > 0 {
					w.SetFolders([]string{dir})
					index(b, w)
				}
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
