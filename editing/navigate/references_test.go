package navigate_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/flyte-lsp/flyte-lsp/editing/navigate"
	"github.com/flyte-lsp/flyte-lsp/workspace"
)

// TestReferences: each archive has a project and, in the files "want ...", the
// places of the thing that is named at a place: the first line of the file says
// which, "path:line:text".
func TestReferences(t *testing.T) {
	archives, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(archives) == 0 {
		t.Fatal("no archives", err)
	}
	for _, path := range archives {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(path)
			if err != nil {
				t.Fatal(err)
			}
			p := newProject(t, archive)
			for _, file := range archive.Files {
				name, ok := strings.CutPrefix(file.Name, "want ")
				if !ok {
					continue
				}
				t.Run(name, func(t *testing.T) {
					at, want, _ := strings.Cut(string(file.Data), "\n")
					if got := p.references(t, at); got != want {
						t.Errorf("%s means\n%swant\n%s", at, got, want)
					}
				})
			}
		})
	}
}

// project is a workspace on disk.
type project struct {
	root string
	navigate.Search
}

func newProject(t *testing.T, archive *txtar.Archive) *project {
	t.Helper()
	root := t.TempDir()
	for _, file := range archive.Files {
		if strings.Contains(file.Name, " ") {
			continue
		}
		path := filepath.Join(root, file.Name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, file.Data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	w := workspace.New()
	w.SetFolders([]string{root})
	if _, err := w.Index(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	return &project{root, navigate.Search{Snapshot: w.Snapshot(), Folders: []string{root}, Document: os.ReadFile}}
}

// offset is that of the place "path:line:text", in the middle of the text.
func (p *project) offset(t *testing.T, at string) (string, int) {
	t.Helper()
	parts := strings.SplitN(at, ":", 3)
	path := filepath.Join(p.root, parts[0])
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var line int
	if _, err := fmt.Sscan(parts[1], &line); err != nil {
		t.Fatal(at, err)
	}
	offset := 0
	for range line - 1 {
		offset += strings.IndexByte(string(text[offset:]), '\n') + 1
	}
	i := strings.Index(string(text[offset:]), parts[2])
	if i < 0 {
		t.Fatal("nothing at", at)
	}
	return path, offset + i
}

func (p *project) references(t *testing.T, at string) string {
	t.Helper()
	path, offset := p.offset(t, at)
	thing, _, err := p.At(t.Context(), path, offset)
	if err != nil {
		t.Fatal(err)
	}
	if thing == nil {
		return "nothing\n"
	}
	places, err := p.References(t.Context(), thing)
	if err != nil {
		t.Fatal(err)
	}
	var text strings.Builder
	for _, place := range places {
		name, _ := filepath.Rel(p.root, place.Path)
		line := place.Source.Position(place.Span.Start).Line + 1
		fmt.Fprintf(&text, "%s:%d %s %s", name, line, kinds[place.Kind], place.Source.Slice(place.Span))
		if place.Alias {
			text.WriteString(" (another name)")
		}
		if place.Obstacle != "" {
			text.WriteString(" (" + place.Obstacle + ")")
		}
		text.WriteByte('\n')
	}
	return text.String()
}

var kinds = map[navigate.PlaceKind]string{
	navigate.Declaration: "declaration", navigate.Use: "use", navigate.Call: "call", navigate.Write: "write",
	navigate.Import: "import", navigate.Keyword: "keyword", navigate.DictKey: "key", navigate.Attribute: "attribute",
	navigate.Docstring: "docstring", navigate.Text: "text", navigate.DocumentKey: "document", navigate.DocumentHeader: "header",
}
