package pyeval_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

// BenchmarkModule evaluates a module of 375 lines with 20 tasks.
func BenchmarkModule(b *testing.B) {
	var text strings.Builder
	text.WriteString("from dataclasses import dataclass\nfrom typing import Dict, List, Optional\n\nfrom flytekit import Resources, task, workflow\n\nIMAGE = \"ghcr.io/example/shop:1.0\"\n")
	for i := range 20 {
		fmt.Fprintf(&text, `

@dataclass
class Order%[1]d:
    item: str
    count: int = %[1]d


@task(retries=2, requests=Resources(cpu="%[1]d", mem="500Mi"), cache=True, container_image=IMAGE)
def fetch_%[1]d(url: str, limit: int = %[1]d, tags: Optional[List[str]] = None) -> List[Order%[1]d]:
    found = [Order%[1]d(item=part.strip()) for part in url.split(",") if part]
    return found[:limit]


@workflow
def pipeline_%[1]d(url: str = "https://example.org/%[1]d") -> List[Order%[1]d]:
    return fetch_%[1]d(url=url, limit=%[1]d).with_overrides(node_name="fetch")
`, i)
	}
	source := []byte(text.String())
	b.Logf("%d lines", bytes.Count(source, []byte("\n")))
	tree := parser.Parse(parser.Python, source)
	defer tree.Close()
	decorator := pyeval.Behaviour{Call: func(_ *pyeval.Frame, c *pyeval.Call) pyeval.Value { return c.Value(0, "", c.Func) }}
	natives := pyeval.Natives{"flytekit.task": decorator, "flytekit.workflow": decorator, "flytekit.Resources": {Class: true}}
	options := pyeval.Options{NativeModule: func(module string) bool { return strings.HasPrefix(module, "flytekit") }}
	b.ReportAllocs()
	for b.Loop() {
		p := &project{}
		program := pyeval.NewProgram(p, natives, options)
		program.Module(&pyeval.Source{Path: "shop.py", Name: "shop", AST: tree.Module().AST, Text: tree.Module().Source})
	}
}
