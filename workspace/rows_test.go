package workspace_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/flyte-lsp/flyte-lsp/internal/testenv"
	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyte-lsp/flyte-lsp/workspace"
)

const rowSample = `from flytekit import task, workflow


@task
def first(a: int) -> int:
    return a


@workflow
def last(a: int = 1) -> int:
    """Call first."""
    return first(a=a)
`

func rows(t testing.TB, w *workspace.Workspace) []workspace.Row {
	t.Helper()
	rows, err := w.Snapshot().Rows(t.Context(), "/a.py")
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// rowLines are the rows of /a.py, each as the entity and its line; "?" marks a
// stale one.
func rowLines(t testing.TB, w *workspace.Workspace) []string {
	t.Helper()
	var lines []string
	for _, row := range rows(t, w) {
		stale := ""
		if row.Stale {
			stale = "?"
		}
		lines = append(lines, fmt.Sprintf("%s%s:%d", row.Entity.Name, stale, file(t, w, "/a.py").Source.Position(row.Offset).Line))
	}
	return lines
}

func edit(t testing.TB, w *workspace.Workspace, line, from, toLine, to int, text string) *workspace.File {
	t.Helper()
	change := workspace.Change{Text: text, Range: &[2]parser.Position{
		{Line: line, Character: from}, {Line: toLine, Character: to},
	}}
	if err := w.Change("/a.py", 2, []workspace.Change{change}); err != nil {
		t.Fatal(err)
	}
	return file(t, w, "/a.py")
}

// While a new task is typed, character by character, above, between and below
// others, their rows move by the lines that are typed and never go; and the
// new one's row, once there, stays.
func TestRowsStayWhileTyping(t *testing.T) {
	const typed = "@task(cache=True, cache_version=\"1\")\ndef second(\n    a: int,\n    b: List[str] = [\"x\"],\n" +
		") -> Tuple[int, str]:\n    \"\"\"Do it.\"\"\"\n    x = {\"a\": [a, (b)], 'c': f\"{a} of {b}\"}\n" +
		"    if a > 3 and (b or not x):\n        return a, \"b\"\n    for i in range(10):\n        print(i)\n    return x[\"a\"][0], b\n\n\n"
	for _, at := range []int{3, 8, 12} {
		w := workspace.New()
		w.Open("/a.py", 1, []byte(rowSample))
		edit(t, w, at, 0, at, 0, "\n")
		rows(t, w)
		line, character, appeared := at, 0, false
		for i, c := range typed {
			edit(t, w, line, character, line, character, string(c))
			if character++; c == '\n' {
				line, character = line+1, 0
			}
			below := line - at + 1
			want := map[string]int{"first": 3, "last": 8}
			for name, row := range want {
				if row >= at {
					want[name] = row + below
				}
			}
			got := map[string]int{}
			for _, row := range rows(t, w) {
				got[row.Entity.Name] = file(t, w, "/a.py").Source.Position(row.Offset).Line
				if got[row.Entity.Name] == at {
					appeared = true
				}
			}
			for name, row := range want {
				if got[name] != row {
					t.Fatalf("typed at %d up to %q: the rows are %v, %s should be at %d in\n%s",
						at, typed[:i+1], rowLines(t, w), name, row, file(t, w, "/a.py").Source.Text())
				}
			}
			if _, there := got["second"]; appeared && !there && i > len("@task(cache=True, cache_version=\"1\")\ndef second") {
				t.Fatalf("typed at %d up to %q: the new row went: %v", at, typed[:i+1], rowLines(t, w))
			}
		}
		if errors := file(t, w, "/a.py").Errors; len(rows(t, w)) != 3 || len(errors) != 0 {
			t.Errorf("in the end the rows are %v, with errors %v", rowLines(t, w), errors)
		}
	}
}

// Each line of a real file is cut shorter and typed again. While it doesn't
// parse, the rows of the last text that did stay, but for the line itself.
func TestRowsStayWhileRetyping(t *testing.T) {
	text, err := os.ReadFile(testenv.Quickstart(t))
	if err != nil {
		t.Fatal(err)
	}
	w := workspace.New()
	w.Open("/a.py", 1, text)
	type seen struct {
		name string
		line int
	}
	var good []seen
	look := func() []string {
		if file := file(t, w, "/a.py"); len(file.Errors) == 0 {
			good = nil
			for _, row := range rows(t, w) {
				good = append(good, seen{row.Entity.Name, file.Source.Position(row.Offset).Line})
			}
		}
		return rowLines(t, w)
	}
	look()
	for line, content := range strings.Split(string(text), "\n") {
		states := []string{}
		for cut := range content {
			states = append(states, content[:len(content)-cut])
		}
		for cut := range content {
			states = append(states, content[:cut])
		}
		for _, state := range append(states, content) {
			edit(t, w, line, 0, line, 1000, state)
			got := look()
			for _, row := range good {
				if row.line != line && !strings.Contains(content, row.name) &&
					!slices.Contains(got, fmt.Sprintf("%s:%d", row.name, row.line)) &&
					!slices.Contains(got, fmt.Sprintf("%s?:%d", row.name, row.line)) {
					t.Fatalf("line %d is %q: %s isn't at %d but %v", line, state, row.name, row.line, got)
				}
			}
		}
	}
}

// A row whose line is deleted goes, also while the text doesn't parse, and all
// below it move up.
func TestRowsThatAreDeleted(t *testing.T) {
	w := workspace.New()
	w.Open("/a.py", 1, []byte(rowSample))
	rows(t, w)
	edit(t, w, 11, 17, 11, 20, "")
	if got := rowLines(t, w); !slices.Equal(got, []string{"first:3", "last:8"}) {
		t.Fatalf("with an open bracket the rows are %v", got)
	}
	edit(t, w, 3, 0, 7, 0, "")
	if got := rowLines(t, w); !slices.Equal(got, []string{"last:4"}) {
		t.Errorf("after the task was deleted the rows are %v", got)
	}
	edit(t, w, 0, 0, 100, 0, "(")
	if got := rowLines(t, w); len(got) != 0 {
		t.Errorf("after all was deleted the rows are %v", got)
	}
}

// An entity that the broken text doesn't show keeps its row, as stale, and
// gets it back; also where the texts between were never looked at.
func TestRowsThatAreStale(t *testing.T) {
	w := workspace.New()
	w.Open("/a.py", 1, []byte(rowSample))
	rows(t, w)
	edit(t, w, 0, 0, 0, 100, "from flytekit import (task, ,")
	if got := rowLines(t, w); !slices.Equal(got, []string{"first:3", "last?:8"}) {
		t.Errorf("with a broken import the rows are %v", got)
	}
	edit(t, w, 0, 0, 0, 0, "\n")
	edit(t, w, 0, 0, 0, 0, "\n")
	if got := rowLines(t, w); !slices.Equal(got, []string{"first:5", "last?:10"}) {
		t.Errorf("with lines above the rows are %v", got)
	}
	edit(t, w, 2, 0, 2, 100, "from flytekit import task, workflow")
	if got := rowLines(t, w); !slices.Equal(got, []string{"first:5", "last:10"}) {
		t.Errorf("with the import repaired the rows are %v", got)
	}
}

// However a document is edited, rows lie at starts of lines, in order, one a
// line, each entity once.
func TestRowsAfterRandomEdits(t *testing.T) {
	for _, seed := range []uint64{testenv.Seed(t), 1795525127803853389} {
		rowsAfterRandomEdits(t, seed)
	}
}

func rowsAfterRandomEdits(t *testing.T, seed uint64) {
	random := rand.New(rand.NewPCG(seed, 0))
	pieces := []string{"(", ")", "\"\"\"", "\n", "@task\n", "def f():\n", "    ", "x", ":", "\r\n", "😀", "@workflow\ndef last():\n"}
	w := workspace.New()
	w.Open("/a.py", 1, []byte(rowSample))
	for step := range 600 {
		if step%60 == 0 {
			w.Open("/a.py", 1, []byte(rowSample))
		}
		line, from := random.IntN(file(t, w, "/a.py").Source.Lines()), random.IntN(30)
		file := edit(t, w, line, from, line+random.IntN(2), from+random.IntN(8), pieces[random.IntN(len(pieces))])
		if random.IntN(3) == 0 {
			continue // not every text is looked at
		}
		names := map[string]bool{}
		last := -1
		for _, row := range rows(t, w) {
			if row.Offset <= last || file.Source.LineStart(row.Offset) != row.Offset || names[row.Entity.Name] ||
				row.Stale && len(file.Errors) == 0 {
				t.Fatalf("seed %d: the rows are %v in\n%s", seed, rowLines(t, w), file.Source.Text())
			}
			last, names[row.Entity.Name] = row.Offset, true
		}
	}
}
