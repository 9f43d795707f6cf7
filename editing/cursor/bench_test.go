package cursor_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/flyte-lsp/flyte-lsp/editing/cursor"
	"github.com/flyte-lsp/flyte-lsp/workspace"
)

// BenchmarkTyping looks at a cursor within a file of some 400 lines, as completion
// does after each keystroke.
func BenchmarkTyping(b *testing.B) {
	var text strings.Builder
	text.WriteString(head)
	for i := range 30 {
		fmt.Fprintf(&text, "@task\ndef task_%d(a: int, b: str = \"x\") -> int:\n    return a\n\n\n@workflow\ndef flow_%d(n: int) -> int:\n    x = task_%d(a=n)\n    y = task_%d(a=x)\n    return y\n\n\n", i, i, i, i)
	}
	text.WriteString("@workflow\ndef last(n: int) -> int:\n    x = task_3(a=n)\n    return task_4(a=")
	w := workspace.New()
	path := b.TempDir() + "/flow.py"
	w.Open(path, 1, []byte(text.String()))
	snapshot := w.Snapshot()
	for b.Loop() {
		c, err := cursor.Typing(b.Context(), snapshot, path, text.Len())
		if err != nil || c.Call() == nil || c.Names()["x"] == nil {
			b.Fatal("it isn't found")
		}
	}
}
