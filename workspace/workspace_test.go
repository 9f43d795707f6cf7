package workspace_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyte-lsp/flyte-lsp/workspace"
)

const header = "from flytekit import task, workflow, LaunchPlan\n\n\n"

// write makes files below a new folder, and returns it.
func write(t testing.TB, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func file(t testing.TB, w *workspace.Workspace, path string) *workspace.File {
	t.Helper()
	file, err := w.Snapshot().File(path)
	if err != nil {
		t.Fatal(err)
	}
	return file
}

// An open document stands for the file on disk until it is closed, and a
// snapshot never changes.
func TestDocumentsOverFiles(t *testing.T) {
	path := filepath.Join(write(t, map[string]string{"a.py": header + "@task\ndef disk(): ...\n"}), "a.py")
	w := workspace.New()
	if file(t, w, path).Entity("disk") == nil {
		t.Error("the file on disk isn't read")
	}
	w.Open(path, 1, []byte(header+"@task\ndef opened(): ...\n"))
	first := w.Snapshot()
	if file := file(t, w, path); file.Entity("opened") == nil || file.Entity("disk") != nil || !file.Open || file.Version != 1 {
		t.Errorf("the open document doesn't count: %+v", file)
	}
	edit := workspace.Change{Range: &[2]parser.Position{{Line: 4, Character: 4}, {Line: 4, Character: 10}}, Text: "edited"}
	if err := w.Change(path, 2, []workspace.Change{edit}); err != nil {
		t.Fatal(err)
	}
	if file := file(t, w, path); file.Entity("edited") == nil || file.Version != 2 {
		t.Errorf("the edit doesn't count: %q", file.Source.Text())
	}
	if file, err := first.File(path); err != nil || file.Entity("opened") == nil || file.Version != 1 {
		t.Error("an older snapshot changed")
	}
	if open := w.Snapshot().OpenFiles(); len(open) != 1 || open[0].Path != path {
		t.Errorf("open are %v", open)
	}
	w.Close(path)
	if file(t, w, path).Entity("disk") == nil || len(w.Snapshot().OpenFiles()) != 0 {
		t.Error("the document still counts after it was closed")
	}
	if err := w.Change(path, 3, nil); err == nil || !strings.Contains(err.Error(), path) {
		t.Errorf("a change of a closed document gives %v", err)
	}
}

// Edits of one notification apply one after another, in UTF-16 positions, and
// without a range they replace the document.
func TestChanges(t *testing.T) {
	w := workspace.New()
	w.Open("/a.py", 1, []byte("x = '😀'\n"))
	at := func(line, from, to int) *[2]parser.Position {
		return &[2]parser.Position{{Line: line, Character: from}, {Line: line, Character: to}}
	}
	tests := []struct {
		changes []workspace.Change
		want    string
	}{
		{[]workspace.Change{{Range: at(0, 5, 7), Text: "ab"}, {Range: at(0, 6, 7), Text: "é\n"}}, "x = 'aé\n'\n"},
		{[]workspace.Change{{Range: at(9, 0, 0), Text: "end"}}, "x = 'aé\n'\nend"},
		{[]workspace.Change{{Text: "new"}, {Range: at(0, 3, 3), Text: "er"}}, "newer"},
		{nil, "newer"},
	}
	for i, test := range tests {
		if err := w.Change("/a.py", int32(i+2), test.changes); err != nil {
			t.Fatal(err)
		}
		if got := string(file(t, w, "/a.py").Source.Text()); got != test.want {
			t.Errorf("got %q, want %q", got, test.want)
		}
	}
}

// A file on disk is read again when it changes, and one that can't be read
// gives an error that names it.
func TestFilesOnDisk(t *testing.T) {
	dir := write(t, map[string]string{"a.py": header + "@task\ndef one(): ...\n", "notes.txt": "", "b.go": "package b\n"})
	path := filepath.Join(dir, "a.py")
	w := workspace.New()
	first := file(t, w, path)
	if file(t, w, path) != first {
		t.Error("a file that didn't change is read again")
	}
	if err := os.WriteFile(path, []byte(header+"@task\ndef two(): ...\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	later := time.Now().Add(time.Second)
	if err := os.Chtimes(path, later, later); err != nil {
		t.Fatal(err)
	}
	if file(t, w, path).Entity("two") == nil {
		t.Error("a file that changed isn't read again")
	}
	if got := file(t, w, filepath.Join(dir, "b.go")); got.Language != parser.Go || got.ModuleName != "b" || got.SourceRoot != dir {
		t.Errorf("the Go file is %+v", got)
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(dir, "folder.py"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("loop.py", filepath.Join(dir, "loop.py")); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"a.py", "notes.txt", "folder.py", "loop.py"} {
		if _, err := w.Snapshot().File(filepath.Join(dir, name)); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s gives the error %v", name, err)
		}
	}
}

// Callees are followed through each form of import, and through modules that
// hand names on; what isn't certain is nothing.
func TestResolve(t *testing.T) {
	entity := func(name string) string { return "@task\ndef " + name + "(): ...\n" }
	dir := write(t, map[string]string{
		"main.py": header + "import pkg.tasks\nimport plain as p\nfrom pkg import tasks as t, handed\n" +
			"from pkg.tasks import deep as d\nfrom stars import *\nfrom cycle import lost\nimport nowhere\n" +
			entity("own") + entity("handed_own") + "from plain import handed_own\n",
		"plain.py":        header + entity("one") + entity("handed_own"),
		"stars.py":        header + entity("starred"),
		"cycle.py":        "from cycle2 import *\nfrom cycle2 import lost\n",
		"cycle2.py":       "from cycle import *\nfrom cycle import lost\n",
		"pkg/__init__.py": "from .tasks import handed\nfrom . import tasks\n",
		"pkg/tasks.py":    header + entity("deep") + entity("handed") + "from .sub.more import far\nfrom ..pkg import handed as again\n",
		"pkg/sub/more.py": header + entity("far"),
	})
	w := workspace.New()
	main := file(t, w, filepath.Join(dir, "main.py"))
	tests := []struct{ callee, want string }{
		{"own", "main.py own"},
		{"handed_own", "plain.py handed_own"},
		{"pkg.tasks.deep", "pkg/tasks.py deep"},
		{"p.one", "plain.py one"},
		{"t.deep", "pkg/tasks.py deep"},
		{"t.far", "pkg/sub/more.py far"},
		{"t.again", "pkg/tasks.py handed"},
		{"d", "pkg/tasks.py deep"},
		{"handed", "pkg/tasks.py handed"},
		{"starred", "stars.py starred"},
		{"lost", ""}, {"nowhere.f", ""}, {"own.attribute", ""}, {"task", ""}, {"unbound", ""}, {"", ""},
		{"p.task", ""}, {"pkg", ""},
	}
	for _, test := range tests {
		found, entity := w.Snapshot().Resolve(main, test.callee)
		got := ""
		if entity != nil {
			relative, err := filepath.Rel(dir, found.Path)
			if err != nil {
				t.Fatal(err)
			}
			got = filepath.ToSlash(relative) + " " + entity.Name
		}
		if got != test.want {
			t.Errorf("%s is %q, want %q", test.callee, got, test.want)
		}
	}
}

// A launch plan of another file's workflow has that workflow's interface, as
// it is in the editor.
func TestInterface(t *testing.T) {
	dir := write(t, map[string]string{
		"flows.py": header + "@workflow\ndef wf(a: int): ...\n",
		"plans.py": header + "import flows\nplan = LaunchPlan.get_or_create(flows.wf, name='p', default_inputs={'b': 2})\n",
	})
	w := workspace.New()
	w.Open(filepath.Join(dir, "flows.py"), 1, []byte(header+"@workflow\ndef wf(a: int, b: int) -> str: ...\n"))
	plans := file(t, w, filepath.Join(dir, "plans.py"))
	plan := w.Snapshot().Interface(plans, plans.Entity("plan"))
	if len(plan.Inputs) != 2 || plan.Inputs[1].Default != "2" || len(plan.Outputs) != 1 || !plan.OutputsKnown {
		t.Errorf("got %+v", plan)
	}
}

// The open files that import a file are known by each form of import.
func TestImporters(t *testing.T) {
	dir := write(t, map[string]string{"pkg/__init__.py": "", "pkg/tasks.py": "", "pkg/other.py": ""})
	w := workspace.New()
	texts := map[string]string{
		"a.py":          "import pkg.tasks\n",
		"b.py":          "from pkg import tasks\n",
		"c.py":          "from pkg.tasks import x\n",
		"d.py":          "import pkg.other\n",
		"pkg/e.py":      "from . import tasks\n",
		"pkg/f.py":      "from .tasks import *\n",
		"pkg/g.py":      "import os\n",
		"pkg/sub/h.py":  "from ..tasks import x\n",
		"pkg/tasks.py":  "import pkg.tasks\n",
		"pkg/notes.txt": "import pkg.tasks\n",
	}
	for name, text := range texts {
		w.Open(filepath.Join(dir, name), 1, []byte(text))
	}
	var got []string
	for _, importer := range w.Snapshot().Importers(filepath.Join(dir, "pkg", "tasks.py")) {
		relative, err := filepath.Rel(dir, importer.Path)
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, filepath.ToSlash(relative))
	}
	if strings.Join(got, " ") != "a.py b.py c.py pkg/e.py pkg/f.py pkg/sub/h.py" {
		t.Errorf("got %v", got)
	}
}

// A Go workflow calls the tasks of its package's other files.
func TestResolveGo(t *testing.T) {
	dir := write(t, map[string]string{
		"a.go":      "package p\n\n//flyte:task\nfunc A() {}\n",
		"a_test.go": "package p\n\n//flyte:task\nfunc T() {}\n",
		"b.go":      "package p\n",
	})
	w := workspace.New()
	b := file(t, w, filepath.Join(dir, "b.go"))
	if found, entity := w.Snapshot().Resolve(b, "A"); entity == nil || found.Path != filepath.Join(dir, "a.go") {
		t.Error("A isn't found")
	}
	for _, callee := range []string{"T", "other.A", "Nothing"} {
		if _, entity := w.Snapshot().Resolve(b, callee); entity != nil {
			t.Errorf("%s is found", callee)
		}
	}
}
