package analysis_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/flyte-lsp/flyte-lsp/analysis"
	"github.com/flyte-lsp/flyte-lsp/internal/oracle/generate"
	"github.com/flyte-lsp/flyte-lsp/internal/testenv"
	"github.com/flyte-lsp/flyte-lsp/workspace"
)

// generated is how many projects are looked at that flytekit imports.
const generated = 300

// TestCorrect looks at code that flytekit accepts: in examples/ no rule finds an
// error, nor one of the kind that flytekit finds on import in generated projects.
func TestCorrect(t *testing.T) {
	root := t.TempDir()
	for i := range generated {
		for _, file := range generate.Project(testenv.Seed(t) + uint64(i)) {
			write(t, filepath.Join(root, fmt.Sprint(i), filepath.FromSlash(file.Path)), file.Source)
		}
	}
	for _, correct := range []struct {
		folder string
		stages string // at which it is accepted
	}{
		{filepath.Join(testenv.Root(t), "examples"), "import register backend run cluster"},
		{root, "import"},
	} {
		w := workspace.New()
		python := testenv.Python(t)
		w.SetInterpreter(func(string) (string, string) { return python, "" })
		w.SetFolders([]string{correct.folder})
		files, err := workspace.List(t.Context(), []string{correct.folder})
		if err != nil || len(files) < 20 {
			t.Fatalf("%d files in %s: %v", len(files), correct.folder, err)
		}
		snapshot := w.Snapshot()
		for _, listed := range files {
			file, err := snapshot.File(listed.Path)
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range analysis.File(t.Context(), snapshot, file, analysis.Options{}) {
				if f.Severity == analysis.Error && strings.Contains(correct.stages, string(f.Rule.Stage)) {
					t.Errorf("%s:%d: %s: %s", listed.Name, file.Source.Position(f.Span.Start).Line+1, f.Rule.Code, f.Message)
				}
			}
		}
	}
}
