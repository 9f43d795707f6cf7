package analysis

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/flyte-lsp/flyte-lsp/workspace"
)

// A rule that panics is told of and finds nothing; the others find what they
// find, and a comment that hides its findings counts as needed.
func TestPanicCostsOneRule(t *testing.T) {
	path := filepath.Join(t.TempDir(), "flow.py")
	text := "from flytekit import task\n\n\n@task  # flyte: ignore[a-rule-that-panics]\ndef double(a) -> int:\n    return a\n"
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	all := Rules
	t.Cleanup(func() { Rules = all })
	Rules = slices.Clone(all)
	register(&Rule{Code: "a-rule-that-panics", check: func(p *pass) {
		p.report(p.File.AST.Body[0].Span(), "found before the panic")
		panic("a mistake")
	}})
	snapshot := workspace.New().Snapshot()
	file, err := snapshot.File(path)
	if err != nil {
		t.Fatal(err)
	}
	var told []string
	found := File(t.Context(), snapshot, file, Options{Panicked: func(rule *Rule, _ *workspace.File, problem any, stack []byte) {
		if problem != "a mistake" || len(stack) == 0 {
			t.Errorf("told of %v with the stack %s", problem, stack)
		}
		told = append(told, rule.Code)
	}})
	if !slices.Equal(told, []string{"a-rule-that-panics"}) {
		t.Errorf("told of %q", told)
	}
	if len(found) != 1 || found[0].Rule.Code != "task-input-unannotated" {
		t.Errorf("found %+v", found)
	}
}
