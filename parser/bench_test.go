package parser_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/flyte-lsp/flyte-lsp/parser"
)

// manyTasks is a module of some 20 lines for each of n pipelines.
func manyTasks(n int) []byte {
	var b strings.Builder
	b.WriteString("\"\"\"Pipelines of a shop.\"\"\"\n\nfrom dataclasses import dataclass\nfrom typing import Dict, List, Optional\n\n" +
		"from flytekit import Resources, dynamic, task, workflow\n")
	for i := range n {
		fmt.Fprintf(&b, `

@dataclass
class Order%[1]d:
    item: str
    count: int = %[1]d


@task(retries=2, requests=Resources(cpu="%[1]d", mem="500Mi"), cache=True, cache_version="1.%[1]d")
def fetch_%[1]d(url: str, limit: int = %[1]d, tags: Optional[List[str]] = None) -> List[Order%[1]d]:
    """Get the newest orders."""
    found = [Order%[1]d(item=part.strip(), count=len(part)) for part in url.split(",") if part]
    if tags is not None and len(found) > limit:
        print(f"{len(found)} orders are more than {limit:>4}")
    return found[:limit]


@workflow
def pipeline_%[1]d(url: str = "https://example.org/%[1]d") -> List[Order%[1]d]:
    return fetch_%[1]d(url=url, limit=%[1]d).with_overrides(node_name="fetch")
`, i)
	}
	return []byte(b.String())
}

// BenchmarkEdit is a character typed, in turn, in a body at the start, in the
// middle and at the end of a module of 400 lines.
func BenchmarkEdit(b *testing.B) {
	text := manyTasks(16)
	b.Logf("%d lines, %d bytes", bytes.Count(text, []byte("\n")), len(text))
	var places []int
	for _, i := range []int{0, 8, 15} {
		places = append(places, bytes.Index(text, fmt.Appendf(nil, "Order%d(item=part", i)))
	}
	texts := [][]byte{text}
	for _, place := range places {
		texts = append(texts, append(append(bytes.Clone(text[:place]), 'x'), text[place:]...))
	}
	tree := parser.Parse(parser.Python, text)
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		next := tree.Edit(texts[i%2*(1+i/2%3)])
		tree.Close()
		tree = next
	}
	tree.Close()
}

// BenchmarkFile is a file of 64 KB on disk.
func BenchmarkFile(b *testing.B) {
	text := manyTasks(80)
	b.Logf("%d lines, %d bytes", bytes.Count(text, []byte("\n")), len(text))
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			parser.ParseFile(parser.Python, text)
		}
	})
}
