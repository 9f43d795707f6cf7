package workspace_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/flyte-lsp/flyte-lsp/internal/testenv"
	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyte-lsp/flyte-lsp/workspace"
)

const lensSample = `from flytekit import task, workflow


@task
def first(a: int) -> int:
    return a


@workflow
def last(a: int = 1) -> int:
    """Call first."""
    return first(a=a)
`

// lensLines are the rows of a document, each as the entity and its line; "?"
// marks a stale one.
func lensLines(file *workspace.File) []string {
	var lines []string
	for _, row := range file.Lenses {
		stale := ""
		if row.Stale {
			stale = "?"
		}
		lines = append(lines, fmt.Sprintf("%s%s:%d", row.Entity.Name, stale, file.Source.Position(row.Offset).Line))
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
func TestRowsNeverJumpWhileTyping(t *testing.T) {
	const typed = "@task(cache=True, cache_version=\"1\")\ndef second(\n    a: int,\n    b: List[str] = [\"x\"],\n" +
		") -> Tuple[int, str]:\n    \"\"\"Do it.\"\"\"\n    x = {\"a\": [a, (b)], 'c': f\"{a} of {b}\"}\n" +
		"    if a > 3 and (b or not x):\n        return a, \"b\"\n    for i in range(10):\n        print(i)\n    return x[\"a\"][0], b\n\n\n"
	for _, at := range []int{3, 8, 12} {
		w := workspace.New()
		w.Open("/a.py", 1, []byte(lensSample))
		edit(t, w, at, 0, at, 0, "\n")
		line, character, appeared := at, 0, false
		for i, c := range typed {
			file := edit(t, w, line, character, line, character, string(c))
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
			for _, row := range file.Lenses {
				got[row.Entity.Name] = file.Source.Position(row.Offset).Line
				if got[row.Entity.Name] == at {
					appeared = true
				}
			}
			for name, row := range want {
				if got[name] != row {
					t.Fatalf("typed at %d up to %q: the rows are %v, %s should be at %d in\n%s",
						at, typed[:i+1], lensLines(file), name, row, file.Source.Text())
				}
			}
			if _, there := got["second"]; appeared && !there && i > len("@task(cache=True, cache_version=\"1\")\ndef second") {
				t.Fatalf("typed at %d up to %q: the new row went: %v", at, typed[:i+1], lensLines(file))
			}
		}
		if file := file(t, w, "/a.py"); len(file.Lenses) != 3 || len(file.Errors) != 0 {
			t.Errorf("in the end the rows are %v, with errors %v", lensLines(file), file.Errors)
		}
	}
}

// Each line of a real file is cut shorter and typed again. While it doesn't
// parse, the rows of the last text that did stay, but for the line itself.
func TestRowsNeverJumpWhileRetyping(t *testing.T) {
	text, err := os.ReadFile(testenv.Quickstart(t))
	if err != nil {
		t.Fatal(err)
	}
	w := workspace.New()
	w.Open("/a.py", 1, text)
	good := file(t, w, "/a.py")
	for line, content := range strings.Split(string(text), "\n") {
		states := []string{}
		for cut := range content {
			states = append(states, content[:len(content)-cut])
		}
		for cut := range content {
			states = append(states, content[:cut])
		}
		for _, state := range append(states, content) {
			file := edit(t, w, line, 0, line, 1000, state)
			if len(file.Errors) == 0 {
				good = file
				continue
			}
			got := lensLines(file)
			for _, row := range good.Lenses {
				at := good.Source.Position(row.Offset).Line
				if at != line && !strings.Contains(content, row.Entity.Name) &&
					!slices.Contains(got, fmt.Sprintf("%s:%d", row.Entity.Name, at)) &&
					!slices.Contains(got, fmt.Sprintf("%s?:%d", row.Entity.Name, at)) {
					t.Fatalf("line %d is %q: %s isn't at %d but %v", line, state, row.Entity.Name, at, got)
				}
			}
		}
	}
}

// A row whose line is deleted goes, also while the text doesn't parse, and all
// below it move up.
func TestDeletedRows(t *testing.T) {
	w := workspace.New()
	w.Open("/a.py", 1, []byte(lensSample))
	if got := lensLines(edit(t, w, 11, 17, 11, 20, "")); !slices.Equal(got, []string{"first:3", "last:8"}) {
		t.Fatalf("with an open bracket the rows are %v", got)
	}
	if got := lensLines(edit(t, w, 3, 0, 7, 0, "")); !slices.Equal(got, []string{"last:4"}) {
		t.Errorf("after the task was deleted the rows are %v", got)
	}
	if got := lensLines(edit(t, w, 0, 0, 100, 0, "(")); len(got) != 0 {
		t.Errorf("after all was deleted the rows are %v", got)
	}
}

// An entity that the broken text doesn't show keeps its row, as stale, and
// gets it back.
func TestStaleRows(t *testing.T) {
	w := workspace.New()
	w.Open("/a.py", 1, []byte(lensSample))
	if got := lensLines(edit(t, w, 0, 0, 0, 100, "from flytekit import (task, ,")); !slices.Equal(got, []string{"first:3", "last?:8"}) {
		t.Errorf("with a broken import the rows are %v", got)
	}
	if got := lensLines(edit(t, w, 0, 0, 0, 0, "\n\n")); !slices.Equal(got, []string{"first:5", "last?:10"}) {
		t.Errorf("with lines above the rows are %v", got)
	}
	if got := lensLines(edit(t, w, 2, 0, 2, 100, "from flytekit import task, workflow")); !slices.Equal(got, []string{"first:5", "last:10"}) {
		t.Errorf("with the import repaired the rows are %v", got)
	}
}

// However a document is edited, rows lie at starts of lines, in order, one a
// line, each entity once.
func TestRowsOfRandomEdits(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	random := rand.New(rand.NewPCG(seed, 0))
	pieces := []string{"(", ")", "\"\"\"", "\n", "@task\n", "def f():\n", "    ", "x", ":", "\r\n", "😀", "@workflow\ndef last():\n"}
	w := workspace.New()
	w.Open("/a.py", 1, []byte(lensSample))
	for step := range 600 {
		if step%60 == 0 {
			w.Open("/a.py", 1, []byte(lensSample))
		}
		lines := file(t, w, "/a.py").Source.Lines()
		line := random.IntN(lines)
		from := random.IntN(30)
		file := edit(t, w, line, from, line+random.IntN(2), from+random.IntN(8), pieces[random.IntN(len(pieces))])
		names := map[string]bool{}
		last := -1
		for _, row := range file.Lenses {
			if row.Offset <= last || file.Source.LineStart(row.Offset) != row.Offset || names[row.Entity.Name] ||
				row.Stale && len(file.Errors) == 0 {
				t.Fatalf("seed %d: the rows are %v in\n%s", seed, lensLines(file), file.Source.Text())
			}
			last, names[row.Entity.Name] = row.Offset, true
		}
	}
}
