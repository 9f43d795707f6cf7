package analysis_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/flyte-lsp/flyte-lsp/analysis"
	"github.com/flyte-lsp/flyte-lsp/workspace"
)

// fixAll is a file's text with all fixes that are wanted, by edits that an
// editor can make at once.
func fixAll(t *testing.T, path, text string, wanted func(*analysis.Diagnostic) bool) string {
	t.Helper()
	write(t, path, text)
	snapshot := workspace.New().Snapshot()
	file, err := snapshot.File(path)
	if err != nil {
		t.Fatal(err)
	}
	edits, err := analysis.FixAll(t.Context(), snapshot, file, analysis.Options{}, wanted)
	if err != nil {
		t.Fatal(err)
	}
	var fixed strings.Builder
	done := 0
	for i, edit := range edits {
		if edit.File != file || edit.Span.Start < done || i > 0 && edit.Span.Start == done {
			t.Fatalf("edit %d of %+v isn't apart from the one before", i, edits)
		}
		fixed.WriteString(text[done:edit.Span.Start] + edit.Replacement())
		done = edit.Span.End
	}
	return fixed.String() + text[done:]
}

// All fixes at once come to what they come to one by one, also where lines end
// as on Windows, and leave none to be made.
func TestFixAllOfExamples(t *testing.T) {
	every := func(*analysis.Diagnostic) bool { return true }
	for _, rule := range analysis.Rules {
		for _, e := range examplesOf(t, rule) {
			// Of strings with such line ends, places within aren't told.
			if !strings.HasPrefix(e.name, "bad") || e.fixed == "" || rule.Code == "shell-template" {
				continue
			}
			t.Run(rule.Code+"/"+e.name, func(t *testing.T) {
				t.Parallel()
				path := filepath.Join(e.folder, "example.py")
				windows := strings.NewReplacer("\n", "\r\n")
				fixed := fixAll(t, path, windows.Replace(e.text), every)
				if want := windows.Replace(e.fixed); fixed != want {
					t.Errorf("fixed it is\n%q\nwant\n%q", fixed, want)
				}
				if again := fixAll(t, path, fixed, every); again != fixed {
					t.Errorf("fixed again it is\n%q", again)
				}
			})
		}
	}
}

// Of fixes that are at one place, or do the same, one is made first, and the
// others are looked for again; what isn't wanted stays.
func TestFixAllThatMeet(t *testing.T) {
	path := filepath.Join(t.TempDir(), "flow.py")
	text := ignoring + "    return double(a=x, c='', d='')  # flyte: ignore[call-too-many]\n"
	unknown := func(d *analysis.Diagnostic) bool { return d.Rule.Code == "call-unknown-input" }
	if fixed, want := fixAll(t, path, text, unknown), strings.Replace(text, "c='', d=''", "b=''", 1); fixed != want {
		t.Errorf("fixed it is\n%s\nwant\n%s", fixed, want)
	}
	none := func(*analysis.Diagnostic) bool { return false }
	if same := fixAll(t, path, text, none); same != text {
		t.Errorf("without wanted fixes it becomes\n%s", same)
	}
}
