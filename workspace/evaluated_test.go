package workspace_test

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"google.golang.org/protobuf/encoding/protojson"

	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyte-lsp/flyte-lsp/workspace"
)

func module(t testing.TB, w *workspace.Workspace, path string) *model.Module {
	t.Helper()
	found, err := w.Snapshot().Module(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// replace edits the first occurrence of a text in an open document.
func replace(t testing.TB, w *workspace.Workspace, path, old, text string) {
	t.Helper()
	source := file(t, w, path).Source
	at := strings.Index(string(source.Text()), old)
	if at < 0 {
		t.Fatalf("%q isn't in %s", old, path)
	}
	change := workspace.Change{Text: text, Range: &[2]parser.Position{source.Position(at), source.Position(at + len(old))}}
	if err := w.Change(path, 2, []workspace.Change{change}); err != nil {
		t.Fatal(err)
	}
}

// inputType is the Flyte type of an entity's first input as JSON.
func inputType(t testing.TB, w *workspace.Workspace, path, entity string) string {
	t.Helper()
	module := module(t, w, path)
	found := module.Entity(entity)
	if found == nil || len(found.Inputs) == 0 {
		t.Fatalf("%s has no entity %s with inputs", path, entity)
	}
	literalType, err := module.LiteralType(found.Inputs[0])
	if err != nil {
		t.Fatal(err)
	}
	text, err := protojson.Marshal(literalType)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

var layered = map[string]string{
	"base.py":   "from dataclasses import dataclass\n\n\n@dataclass\nclass Point:\n    x: int\n",
	"shapes.py": "from dataclasses import dataclass\nfrom base import Point\n\n\n@dataclass\nclass Line:\n    start: Point\n\n\ndef helper():\n    return 1\n",
	"tasks.py":  header + "from shapes import Line\n\n\n@task\ndef draw(line: Line) -> int:\n    return 1\n",
	"flow.py":   header + "import tasks\n\n\n@workflow\ndef wf(line: tasks.Line) -> int:\n    return tasks.draw(line=line)\n",
	"alone.py":  header + "@task\ndef alone(a: int) -> int:\n    return a\n",
}

// What an edit doesn't change for others isn't computed again for them; what it
// changes is, however far away.
func TestOnlyWhatChangedIsComputedAgain(t *testing.T) {
	dir := write(t, layered)
	path := func(name string) string { return filepath.Join(dir, name) }
	w := workspace.New()
	w.SetFolders([]string{dir})
	for _, name := range []string{"base.py", "shapes.py", "tasks.py"} {
		w.Open(path(name), 1, []byte(layered[name]))
	}
	names := []string{"tasks.py", "flow.py", "alone.py"}
	before := map[string]*model.Module{}
	look := func(what string, changed ...string) {
		t.Helper()
		expected := map[string]bool{}
		for _, name := range changed {
			expected[name] = true
		}
		for _, name := range names {
			now := module(t, w, path(name))
			if again := now != before[name]; before[name] != nil && again != expected[name] {
				t.Errorf("%s: %s was computed again: %v", what, name, again)
			}
			before[name] = now
		}
	}
	look("first")
	look("asked again")
	replace(t, w, path("tasks.py"), "return 1", "return 2  # body")
	look("in a task's body", "tasks.py")
	replace(t, w, path("shapes.py"), "\n\n\ndef helper", "\n\n# comment\n\ndef helper")
	look("in a comment")
	replace(t, w, path("tasks.py"), "line: Line", "line: Line, n: int = 3")
	look("in a signature", "tasks.py", "flow.py")
	if inputs := before["flow.py"].Entity("wf").Inputs; len(inputs) != 1 {
		t.Errorf("the workflow has %d inputs", len(inputs))
	}

	if got := inputType(t, w, path("flow.py"), "wf"); strings.Contains(got, "\"y\"") || !strings.Contains(got, "\"x\"") {
		t.Errorf("the type is %s", got)
	}
	replace(t, w, path("base.py"), "x: int", "x: int\n    y: float = 0.5")
	look("in a class of a class", "tasks.py", "flow.py")
	if got := inputType(t, w, path("flow.py"), "wf"); !strings.Contains(got, "\"y\"") {
		t.Errorf("after the field was added the type is %s", got)
	}
	w.Close(path("base.py"))
	look("closed without saving", "tasks.py", "flow.py")
	if got := inputType(t, w, path("flow.py"), "wf"); strings.Contains(got, "\"y\"") {
		t.Errorf("after closing the type is %s", got)
	}
	if err := os.WriteFile(path("base.py"), []byte(strings.Replace(layered["base.py"], "x: int", "z: int", 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	w.Changed([]string{path("base.py")})
	look("written by another program", "tasks.py", "flow.py")
	if got := inputType(t, w, path("flow.py"), "wf"); !strings.Contains(got, "\"z\"") {
		t.Errorf("after writing the type is %s", got)
	}
	if err := os.Remove(path("base.py")); err != nil {
		t.Fatal(err)
	}
	w.Changed([]string{path("base.py")})
	look("removed", names...)
	if types := before["tasks.py"].Entity("draw"); types == nil {
		t.Error("with a missing import the task has gone")
	}
}

// A snapshot answers for its own texts also after later edits.
func TestSnapshotsStay(t *testing.T) {
	dir := write(t, layered)
	path := filepath.Join(dir, "tasks.py")
	w := workspace.New()
	w.Open(path, 1, []byte(layered["tasks.py"]))
	old := w.Snapshot()
	replace(t, w, path, "draw(line: Line)", "paint(line: Line)")
	if module(t, w, path).Entity("paint") == nil {
		t.Error("the edit isn't there")
	}
	if found, err := old.Module(t.Context(), path); err != nil || found.Entity("draw") == nil || found.Entity("paint") != nil {
		t.Errorf("the older snapshot has %v, %v", found.Entities, err)
	}
	if module(t, w, path).Entity("paint") == nil {
		t.Error("the edit has gone")
	}
}

// Files are listed in order, under the names they were asked for by; one that
// can't be read doesn't hide the others.
func TestModules(t *testing.T) {
	files := map[string]string{"pkg/.gitignore": "ignored.py\n", "pkg/ignored.py": header, "pkg/huge.py": "", "pkg/notes.txt": ""}
	for name, text := range layered {
		files["pkg/"+name] = text
	}
	dir := write(t, files)
	if err := os.Truncate(filepath.Join(dir, "pkg", "huge.py"), 17<<20); err != nil {
		t.Fatal(err)
	}
	t.Chdir(dir)
	w := workspace.New()
	list := func(paths ...string) (listed string, err error) {
		var names []string
		err = w.Snapshot().Modules(t.Context(), paths, func(l workspace.Listed) error {
			what := "?"
			if l.Err == nil {
				entities := []string{}
				for _, entity := range l.Module.Entities {
					entities = append(entities, entity.FullName)
				}
				text, _ := json.Marshal(entities)
				what = string(text)
			}
			names = append(names, l.Name+what)
			return nil
		})
		return strings.Join(names, " "), err
	}
	tests := []struct {
		paths []string
		want  string
	}{
		{[]string{"pkg"}, `alone.py["alone.alone"] base.py[] flow.py["flow.wf"] huge.py? shapes.py[] tasks.py["tasks.draw"]`},
		{[]string{"pkg/tasks.py", "./pkg/../pkg/alone.py"}, `pkg/tasks.py["tasks.draw"] ./pkg/../pkg/alone.py["alone.alone"]`},
		{[]string{"pkg/ignored.py"}, `pkg/ignored.py[]`},
		{[]string{"pkg/notes.txt"}, `pkg/notes.txt?`},
		{nil, ""},
	}
	for _, test := range tests {
		if got, err := list(test.paths...); got != test.want || err != nil {
			t.Errorf("%v gives\n%s, %v, want\n%s", test.paths, got, err, test.want)
		}
	}
	if _, err := list("pkg", "nowhere"); err == nil || !strings.Contains(err.Error(), "nowhere") {
		t.Errorf("a path that isn't there gives %v", err)
	}
	stop := errors.New("stop")
	if err := w.Snapshot().Modules(t.Context(), []string{"pkg"}, func(workspace.Listed) error { return stop }); err != stop {
		t.Errorf("stopped gives %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := w.Snapshot().Modules(ctx, []string{"pkg"}, func(workspace.Listed) error { return nil }); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled gives %v", err)
	}
}

// What stands in for a plugin that isn't installed serves one snapshot after
// another.
func TestMissingPluginsStayAfterEdits(t *testing.T) {
	const text = `from flytekit import kwtypes
from flytekitplugins.snowflake import SnowflakeTask

query = SnowflakeTask("query", "select 1", None, kwtypes(n=int))
`
	root := t.TempDir()
	path := filepath.Join(root, "main.py")
	w := workspace.New()
	w.SetFolders([]string{root})
	w.Open(path, 1, []byte(text))
	for _, edit := range []struct{ old, text, want string }{
		{"n=int", "n=str", `{"simple":"STRING"}`},
		{"n=str", "n=bool", `{"simple":"BOOLEAN"}`},
	} {
		replace(t, w, path, edit.old, edit.text)
		if got := inputType(t, w, path, "query"); got != edit.want {
			t.Errorf("after %s the input is %s, want %s", edit.text, got, edit.want)
		}
	}
}
