package refactor_test

import (
	"cmp"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/flyte-lsp/flyte-lsp/editing/edits"
	"github.com/flyte-lsp/flyte-lsp/editing/refactor"
	"github.com/flyte-lsp/flyte-lsp/internal/testenv"
	"github.com/flyte-lsp/flyte-lsp/parser/ast"
	"github.com/flyte-lsp/flyte-lsp/workspace"
)

// compile has flytekit import files, and compile their workflows.
const compile = `
import importlib.util, sys
from flytekit.core.workflow import PythonFunctionWorkflow
for i, path in enumerate(sys.argv[1:]):
    spec = importlib.util.spec_from_file_location(f"m{i}", path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    try:
        spec.loader.exec_module(module)
        for value in list(vars(module).values()):
            if isinstance(value, PythonFunctionWorkflow):
                value.compile()
    except Exception as error:
        print(path, repr(error))
`

// TestActions makes the actions of testdata/*.txtar, whose first lines are their
// titles: before.py, where "«" and "»" stand around what is selected, becomes
// after.py, which flytekit accepts; in refused*.py there is no such action.
func TestActions(t *testing.T) {
	paths, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(paths) == 0 {
		t.Fatal("no archives", err)
	}
	folder := t.TempDir()
	var made []string
	for _, path := range paths {
		archive, err := txtar.ParseFile(path)
		if err != nil {
			t.Fatal(err)
		}
		title, _, _ := strings.Cut(string(archive.Comment), "\n")
		name := strings.TrimSuffix(filepath.Base(path), ".txtar")
		after := ""
		for _, file := range archive.Files {
			if file.Name == "after.py" {
				after = string(file.Data)
			}
		}
		for _, file := range archive.Files {
			if file.Name == "after.py" {
				continue
			}
			t.Run(name+"/"+file.Name, func(t *testing.T) {
				got, offered := apply(t, string(file.Data), title)
				if strings.HasPrefix(file.Name, "refused") {
					for _, other := range offered {
						if other == title {
							t.Errorf("there is the action %q", other)
						}
					}
					return
				}
				if got != after {
					t.Errorf("the actions are %q; the file is\n%s\nwant\n%s", offered, got, after)
				}
			})
		}
		file := filepath.Join(folder, name+".py")
		if err := os.WriteFile(file, []byte(after), 0o600); err != nil {
			t.Fatal(err)
		}
		made = append(made, file)
	}
	out, err := exec.CommandContext(t.Context(), testenv.Python(t), append([]string{"-c", compile}, made...)...).CombinedOutput()
	if err != nil || len(out) > 0 {
		t.Errorf("flytekit doesn't accept what was made: %v\n%s", err, out)
	}
}

// apply makes the action with a title, and returns the text with it and the titles of
// all that there are.
func apply(t *testing.T, marked, title string) (after string, offered []string) {
	t.Helper()
	start := strings.Index(marked, "«")
	text := strings.Replace(marked, "«", "", 1)
	end := strings.Index(text, "»")
	text = strings.Replace(text, "»", "", 1)
	w := workspace.New()
	path := filepath.Join(t.TempDir(), "flow.py")
	w.Open(path, 1, []byte(text))
	snapshot := w.Snapshot()
	file, err := snapshot.File(path)
	if err != nil {
		t.Fatal(err)
	}
	actions, err := refactor.Actions(t.Context(), snapshot, file, ast.Span{Start: start, End: end})
	if err != nil {
		t.Fatal(err)
	}
	for _, action := range actions {
		offered = append(offered, action.Title)
		if action.Title == title {
			after = edited(text, action.Edits)
		}
	}
	return after, offered
}

func edited(text string, made []edits.Edit) string {
	slices.SortStableFunc(made, func(a, b edits.Edit) int { return cmp.Compare(b.Span.Start, a.Span.Start) })
	for _, edit := range made {
		text = text[:edit.Span.Start] + edit.Text + text[edit.Span.End:]
	}
	return text
}

// TestAnywhere: no selection of a text makes it fail, and no action leaves a syntax
// error.
func TestAnywhere(t *testing.T) {
	archive, err := txtar.ParseFile("testdata/extract_workflow.txtar")
	if err != nil {
		t.Fatal(err)
	}
	text := string(archive.Files[1].Data)
	w := workspace.New()
	path := filepath.Join(t.TempDir(), "flow.py")
	w.Open(path, 1, []byte(text))
	snapshot := w.Snapshot()
	file, err := snapshot.File(path)
	if err != nil {
		t.Fatal(err)
	}
	for start := 0; start <= len(text); start += 3 {
		for _, length := range []int{0, 1, 17, 60, 200} {
			actions, err := refactor.Actions(t.Context(), snapshot, file, ast.Span{Start: start, End: min(len(text), start+length)})
			if err != nil {
				t.Fatal(err)
			}
			for _, action := range actions {
				after, err := snapshot.With(path, []byte(edited(text, action.Edits))).File(path)
				if err != nil || len(after.Errors) > 0 {
					t.Fatalf("%q at %d+%d leaves %v %v", action.Title, start, length, after.Errors, err)
				}
			}
		}
	}
}
