package workspace_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyte-lsp/flyte-lsp/parser/ast"
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

// defines tells whether a function of that name is in a file.
func defines(file *workspace.File, name string) bool {
	return slices.ContainsFunc(file.AST.Body, func(s ast.Stmt) bool {
		f, ok := s.(*ast.FunctionDef)
		return ok && f.Name.ID == name
	})
}

// An open document stands for the file on disk until it is closed, and a
// snapshot never changes.
func TestDocumentsOverFiles(t *testing.T) {
	path := filepath.Join(write(t, map[string]string{"a.py": header + "@task\ndef disk(): ...\n"}), "a.py")
	w := workspace.New()
	if !defines(file(t, w, path), "disk") {
		t.Error("the file on disk isn't read")
	}
	w.Open(path, 1, []byte(header+"@task\ndef opened(): ...\n"))
	first := w.Snapshot()
	if file := file(t, w, path); !defines(file, "opened") || defines(file, "disk") || !file.Open || file.Version != 1 {
		t.Errorf("the open document doesn't count: %+v", file)
	}
	edit := workspace.Change{Range: &[2]parser.Position{{Line: 4, Character: 4}, {Line: 4, Character: 10}}, Text: "edited"}
	if err := w.Change(path, 2, []workspace.Change{edit}); err != nil {
		t.Fatal(err)
	}
	if file := file(t, w, path); !defines(file, "edited") || file.Version != 2 {
		t.Errorf("the edit doesn't count: %q", file.Source.Text())
	}
	if file, err := first.File(path); err != nil || !defines(file, "opened") || file.Version != 1 {
		t.Error("an older snapshot changed")
	}
	if open := w.Snapshot().OpenFiles(); len(open) != 1 || open[0].Path != path {
		t.Errorf("open are %v", open)
	}
	w.Close(path)
	if !defines(file(t, w, path), "disk") || len(w.Snapshot().OpenFiles()) != 0 {
		t.Error("the document still counts after it was closed")
	}
	if err := w.Change(path, 3, nil); err == nil || !strings.Contains(err.Error(), path) {
		t.Errorf("a change of a closed document gives %v", err)
	}
}

// Edits of one notification apply one after another, in positions of any
// encoding, and without a range they replace the document.
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
		{[]workspace.Change{{Text: "'é😀'"}, {Range: at(0, 7, 3), Encoding: parser.UTF8, Text: "!"}}, "'é!'"},
		{[]workspace.Change{{Text: "'é😀'"}, {Range: at(0, 2, 3), Encoding: parser.UTF32, Text: "!"}}, "'é!'"},
		{nil, "'é!'"},
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
	if !defines(file(t, w, path), "two") {
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
