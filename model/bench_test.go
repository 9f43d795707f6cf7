package model_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

// largeModule has 20 tasks and 10 workflows in some 400 lines.
func largeModule() []byte {
	var text strings.Builder
	text.WriteString("from typing import Dict, List, Optional\n\nfrom flytekit import LaunchPlan, Resources, task, workflow\n\n")
	for i := range 20 {
		fmt.Fprintf(&text, `
@task(retries=%[1]d, cache=True, cache_version="1", requests=Resources(cpu="1", mem="1Gi"))
def step_%[1]d(rows: List[Dict[str, int]], name: str = "step", limit: Optional[int] = None) -> List[str]:
    """Take a step.

    Args:
        rows: The rows.
        limit: How many.
    """
    found = []
    for row in rows:
        found.append(name + str(row))
    return found[:limit]

`, i)
	}
	for i := range 10 {
		fmt.Fprintf(&text, `
@workflow
def flow_%[1]d(rows: List[Dict[str, int]], name: str = "flow") -> List[str]:
    first = step_%[1]d(rows=rows, name=name)
    second = step_%[2]d(rows=rows, name=name)
    first >> second
    return second


plan_%[1]d = LaunchPlan.get_or_create(flow_%[1]d, name="plan_%[1]d", default_inputs={"name": "x"})
`, i, i+1)
	}
	return []byte(text.String())
}

func BenchmarkOf(b *testing.B) {
	p := &project{sources: map[string]*pyeval.Source{}}
	p.program = pyeval.NewProgram(p, model.Natives(), model.Options())
	module := parser.Parse(parser.Python, largeModule()).Module()
	b.ReportAllocs()
	for b.Loop() {
		source := &pyeval.Source{Path: "main.py", Name: "main", AST: module.AST, Text: module.Source}
		m := model.Of(p.program, &p.engine, source)
		if len(m.Entities) != 40 {
			b.Fatalf("%d entities", len(m.Entities))
		}
	}
}
