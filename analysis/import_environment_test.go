package analysis_test

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/flyte-lsp/flyte-lsp/analysis"
	"github.com/flyte-lsp/flyte-lsp/internal/testenv"
	"github.com/flyte-lsp/flyte-lsp/workspace"
)

// TestImportEnvironment: what an environment lacks is a warning, as the task's
// image may have it; a misspelt name of the flytekit that is installed is an
// error.
func TestImportEnvironment(t *testing.T) {
	path := filepath.Join(t.TempDir(), "example.py")
	write(t, path, `import json
import pandsa
import pandas
import flytekitplugins.nowhere
from flytekit import dynmaic, made_up_by_nobody, task
from flytekit.core.node_creation import create_node
from pandas import made_up_by_nobody_too
`)
	w := workspace.New()
	w.SetInterpreter(func(string) (string, string) { return testenv.Python(t), "" })
	snapshot := w.Snapshot()
	file, err := snapshot.File(path)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, d := range analysis.File(t.Context(), snapshot, file, analysis.Options{}) {
		severity := map[analysis.Severity]string{analysis.Error: "error", analysis.Warning: "warning", analysis.Hint: "hint"}[d.Severity]
		fix := ""
		if len(d.Fixes) > 0 {
			fix = d.Fixes[0].Edits[0].Text
		}
		got = append(got, strings.TrimSpace(strings.Join([]string{d.Rule.Code, severity, file.Source.Slice(d.Span), fix}, " ")))
		t.Log(d.Message)
	}
	want := []string{
		"import-error warning pandsa",
		"import-error warning flytekitplugins.nowhere",
		"import-error error dynmaic dynamic",
		"import-error warning made_up_by_nobody",
	}
	if !slices.Equal(got, want) {
		t.Errorf("found\n\t%s\nwant\n\t%s", strings.Join(got, "\n\t"), strings.Join(want, "\n\t"))
	}
}
