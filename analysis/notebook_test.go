package analysis_test

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/flyte-lsp/flyte-lsp/analysis"
	"github.com/flyte-lsp/flyte-lsp/parser/notebook"
	"github.com/flyte-lsp/flyte-lsp/workspace"
)

// onlyModules are findings of rules that also speak of notebooks, by a part of
// their messages, where those speak of modules only. A notebook is __main__, and
// no module imports it.
var onlyModules = map[string]string{
	"entity-outside-workflow": "whenever the module is imported",
	"import-error":            "registering fails here",
}

// In a notebook there is found what is found in a module of the same text, but for
// what follows from the module being imported.
func TestNotebooks(t *testing.T) {
	for _, rule := range analysis.Rules {
		for _, e := range examplesOf(t, rule) {
			if e.name != "bad" && e.name != "good" || rule.Code == "task-name-undefined" {
				continue // its example has a name that __main__ has
			}
			t.Run(rule.Code+"/"+e.name, func(t *testing.T) {
				t.Parallel()
				var want []string
				for _, d := range look(t, filepath.Join(e.folder, "example.py")) {
					if part, ok := onlyModules[d.Rule.Code]; !d.Rule.OfModules && (!ok || !strings.Contains(d.Message, part)) {
						want = append(want, place(d))
					}
				}
				book := filepath.Join(e.folder, "book.ipynb")
				w := workspace.New()
				w.OpenNotebook(book, 1, notebook.Join([]notebook.Source{{Text: []byte(e.text)}}))
				file, err := w.Snapshot().File(book)
				if err != nil {
					t.Fatal(err)
				}
				var got []string
				for _, d := range analysis.File(t.Context(), w.Snapshot(), file, analysis.Options{}) {
					got = append(got, place(d))
				}
				if !slices.Equal(got, want) {
					t.Errorf("in a notebook there is\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
				}
			})
		}
	}
}

func place(d *analysis.Diagnostic) string {
	return fmt.Sprint(d.Rule.Code, d.Span, d.Severity)
}
