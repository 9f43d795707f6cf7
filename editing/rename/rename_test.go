package rename_test

import (
	"context"
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/flyte-lsp/flyte-lsp/editing/navigate"
	"github.com/flyte-lsp/flyte-lsp/editing/rename"
	"github.com/flyte-lsp/flyte-lsp/internal/testenv"
	"github.com/flyte-lsp/flyte-lsp/workspace"
)

// TestArchives makes what the first lines of testdata/*.txtar say, each a command:
//
//	move FROM TO                a file or a folder gets another path
//	rename FILE "a »name" NEW   the name behind the » in that text of the file gets another one
//	refused PART                the rename is refused, with that part in the reason
//	left PART                   a place is left, with that part in its sentence
//	confirm PART                an edit has to be confirmed, and its reason has that part
//
// Files below after/ are then as they say; the others are as they were.
func TestArchives(t *testing.T) {
	archives, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(archives) == 0 {
		t.Fatal("no archives", err)
	}
	for _, path := range archives {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) {
			t.Parallel()
			archive, err := txtar.ParseFile(path)
			if err != nil {
				t.Fatal(err)
			}
			checkArchive(t, archive)
		})
	}
}

// project is a workspace on disk.
type project struct {
	*testing.T
	root   string
	search *navigate.Search
}

func newProject(t *testing.T, files map[string]string) *project {
	t.Helper()
	p := &project{T: t, root: t.TempDir()}
	for name, text := range files {
		path := filepath.Join(p.root, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, []byte(text), 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	python := testenv.Python(t)
	w := workspace.New()
	w.SetInterpreter(func(string) (string, string) { return python, "" })
	w.SetFolders([]string{p.root})
	if _, err := w.Index(context.Background(), nil); err != nil {
		t.Fatal(err)
	}
	p.search = &navigate.Search{Snapshot: w.Snapshot(), Folders: []string{p.root, p.root}, Document: func(path string) ([]byte, error) {
		text, err := os.ReadFile(path)
		if errors.Is(err, fs.ErrNotExist) {
			return nil, nil
		}
		return text, err
	}}
	return p
}

// files are the texts of all files.
func (p *project) files() map[string]string {
	files := map[string]string{}
	err := filepath.WalkDir(p.root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		name, _ := filepath.Rel(p.root, path)
		files[name] = string(text)
		return err
	})
	if err != nil {
		p.Fatal(err)
	}
	return files
}

// apply are the texts of all files once a result is applied.
func (p *project) apply(result *rename.Result) map[string]string {
	files := p.files()
	edits := slices.Clone(result.Edits)
	slices.SortStableFunc(edits, func(a, b rename.Edit) int {
		if c := strings.Compare(a.Path, b.Path); c != 0 {
			return c
		}
		return b.Span.Start - a.Span.Start
	})
	for i, edit := range edits {
		if i > 0 && edits[i-1].Path == edit.Path && edits[i-1].Span.Start < edit.Span.End {
			p.Errorf("edits of %s meet at %v: %q and %q", edit.Path, edit.Span, edit.Text, edits[i-1].Text)
		}
		name, _ := filepath.Rel(p.root, edit.Path)
		text := files[name]
		files[name] = text[:edit.Span.Start] + edit.Text + text[edit.Span.End:]
	}
	for _, move := range result.Moves {
		p.move(files, move.From, move.To)
	}
	return files
}

// move moves a file or a folder, by absolute paths.
func (p *project) move(files map[string]string, from, to string) {
	from, _ = filepath.Rel(p.root, from)
	to, _ = filepath.Rel(p.root, to)
	for name, text := range maps.Clone(files) {
		if below, ok := strings.CutPrefix(name, from); ok && (below == "" || below[0] == filepath.Separator) {
			delete(files, name)
			files[to+below] = text
		}
	}
}

func checkArchive(t *testing.T, archive *txtar.Archive) {
	before, after := map[string]string{}, map[string]string{}
	for _, file := range archive.Files {
		if name, ok := strings.CutPrefix(file.Name, "after/"); ok {
			after[name] = string(file.Data)
		} else {
			before[file.Name] = string(file.Data)
		}
	}
	p := newProject(t, before)
	at := func(name string) string { return filepath.Join(p.root, name) }
	var result *rename.Result
	var refusal error
	var moves []rename.Move
	var wanted [][2]string
	for line := range strings.Lines(string(archive.Comment)) {
		command, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
		switch command {
		case "move":
			from, to, _ := strings.Cut(rest, " ")
			moves = append(moves, rename.Move{From: at(from), To: at(to)})
			result, refusal = rename.Moved(context.Background(), p.search, moves)
		case "rename":
			file, quoted, _ := strings.Cut(rest, ` "`)
			end := strings.LastIndexByte(quoted, '"')
			result, refusal = p.rename(at(file), quoted[:end], strings.TrimSpace(quoted[end+1:]))
		case "refused", "left", "confirm":
			wanted = append(wanted, [2]string{command, rest})
		case "", "#":
		default:
			t.Fatalf("%q is no command", command)
		}
	}
	for _, want := range wanted {
		if want[0] == "refused" {
			if refusal == nil || !strings.Contains(refusal.Error(), want[1]) {
				t.Errorf("the refusal is %v, want %q", refusal, want[1])
			}
			return
		}
	}
	if refusal != nil {
		t.Fatal(refusal)
	}
	var got [][2]string
	for _, left := range result.Left {
		got = append(got, [2]string{"left", left})
	}
	for _, edit := range result.Edits {
		if edit.Confirm != "" {
			got = append(got, [2]string{"confirm", edit.Confirm})
		}
	}
	if len(got) != len(wanted) {
		t.Errorf("to be said: %q, want %q", got, wanted)
	}
	for _, want := range wanted {
		if !slices.ContainsFunc(got, func(one [2]string) bool { return one[0] == want[0] && strings.Contains(one[1], want[1]) }) {
			t.Errorf("nothing says %q: %q", want, got)
		}
	}
	files := p.apply(result)
	for _, move := range moves {
		p.move(files, move.From, move.To)
	}
	for name, text := range files {
		want, changed := after[name]
		if !changed {
			want = before[name]
		}
		if text != want {
			t.Errorf("%s is\n%s\nwant\n%s", name, text, want)
		}
		delete(after, name)
	}
	for name := range after {
		t.Errorf("there is no %s", name)
	}
}

// rename renames what stands behind the » in a text of a file.
func (p *project) rename(path, marked, name string) (*rename.Result, error) {
	before, after, _ := strings.Cut(marked, "»")
	text, err := os.ReadFile(path)
	if err != nil {
		p.Fatal(err)
	}
	at := strings.Index(string(text), before+after)
	if at < 0 {
		p.Fatalf("%s has no %q", path, before+after)
	}
	return rename.Rename(context.Background(), p.search, path, at+len(before), name)
}
