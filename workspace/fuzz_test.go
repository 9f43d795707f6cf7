package workspace_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/flyte-lsp/flyte-lsp/internal/testenv"
	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyte-lsp/flyte-lsp/workspace"
)

// fuzzed are the files that FuzzEdits edits.
var fuzzed = map[string]string{
	"types_of.py": "from dataclasses import dataclass\n\n\n@dataclass\nclass Row:\n    a: int\n",
	"tasks.py":    header + "from types_of import Row\nfrom flow import helper\n\n\n@task\ndef t(row: Row, n: int = 1) -> Row:\n    return row\n",
	"flow.py":     header + "from tasks import *\n\n\n@workflow\ndef wf(n: int = 2) -> int:\n    return t(n=n)\n\n\ndef helper(): ...\n\n\nplan = LaunchPlan.get_or_create(wf, name=\"p\")\n",
}

// pieces are what is typed: good code and broken, so that other modules see
// something else.
var pieces = []string{
	"", "x", "(", "\"\"\"", "\n", "    ", "@task\n", "def f(a: int) -> str:\n    return a\n", "from types_of import Row\n", "import tasks\n",
	"from flow import *\n", "int", "Row", "str", ":", "n=3", "😀", "\r\n", "t = 1\n", "class Row: ...\n",
}

// summary tells of a module what is shown of it.
func summary(module *model.Module) string {
	var b strings.Builder
	for _, e := range module.Entities {
		fmt.Fprintf(&b, "%s %q %q at %v", e.Kind, e.Name, e.FullName, e.Span)
		for _, variables := range [][]*model.Variable{e.Inputs, e.Outputs} {
			for _, v := range variables {
				literalType, err := module.LiteralType(v)
				fmt.Fprintf(&b, " %s: %s = %s (%v, %v)", v.Name, v.Type, v.Default, literalType, err)
			}
			b.WriteString(" ->")
		}
		fmt.Fprintf(&b, " %s %s %s\n", e.InputsUnknown, e.OutputsUnknown, e.Opaque)
	}
	return b.String()
}

// FuzzEdits opens, edits, writes, removes and closes documents that import each
// other, and asks in between or not: what the workspace then tells is what a
// new one tells of the same texts.
func FuzzEdits(f *testing.F) {
	f.Add([]byte{0, 0, 0, 1, 0, 10, 5, 7, 4, 0, 0, 0})
	f.Add([]byte{0, 1, 0, 0, 0, 2, 0, 0, 1, 1, 60, 11, 4, 2, 0, 0, 1, 1, 70, 12})
	f.Add([]byte{0, 2, 0, 0, 1, 2, 30, 8, 4, 1, 0, 0, 2, 2, 0, 0, 3, 1, 40, 13, 4, 2, 0, 0})
	f.Add([]byte{7, 0, 0, 0, 4, 2, 0, 0, 6, 1, 0, 0, 4, 2, 0, 0, 5, 1, 0, 12, 0, 1, 0, 0, 3, 1, 0, 0, 4, 2, 0, 0})
	f.Fuzz(checkEdits)
}

// TestRandomEdits is FuzzEdits with steps that are thrown.
func TestRandomEdits(t *testing.T) {
	seed := testenv.Seed(t)
	random := rand.New(rand.NewPCG(seed, 0))
	for range 80 {
		steps := make([]byte, 80)
		for i := range steps {
			steps[i] = byte(random.IntN(256))
		}
		if checkEdits(t, steps); t.Failed() {
			t.Fatalf("seed %d", seed)
		}
	}
}

func checkEdits(t *testing.T, steps []byte) {
	dir := write(t, fuzzed)
	w := workspace.New()
	w.SetFolders([]string{dir})
	names := []string{"types_of.py", "tasks.py", "flow.py"}
	texts := map[string]string{} // of the open documents
	for i := 0; i+4 <= len(steps) && i < 80; i += 4 {
		name := names[int(steps[i+1])%len(names)]
		path, at, piece := filepath.Join(dir, name), int(steps[i+2]), pieces[int(steps[i+3])%len(pieces)]
		text, open := texts[name]
		switch steps[i] % 8 {
		case 0:
			if !open {
				disk, err := os.ReadFile(path)
				if err != nil && !os.IsNotExist(err) {
					t.Fatal(err)
				}
				texts[name] = string(disk)
				w.Open(path, 1, disk)
			}
		case 1, 2:
			if open {
				source := parser.NewSource([]byte(text))
				start := source.Position(at)
				end := source.Position(at + int(steps[i+1])/16)
				change := workspace.Change{Text: piece, Range: &[2]parser.Position{start, end}}
				from, to := source.Offset(start), max(source.Offset(start), source.Offset(end))
				texts[name] = text[:from] + piece + text[to:]
				if err := w.Change(path, 2, []workspace.Change{change}); err != nil {
					t.Fatal(err)
				}
			}
		case 3:
			w.Close(path)
			delete(texts, name)
		case 4:
			// Whether there is one is compared in the end.
			_, _ = w.Snapshot().Module(t.Context(), path)
		case 5:
			disk := fuzzed[name] + piece
			if err := os.WriteFile(path, []byte(disk), 0o600); err != nil {
				t.Fatal(err)
			}
			w.Changed([]string{path})
		case 6:
			if err := os.Remove(path); err != nil && !os.IsNotExist(err) {
				t.Fatal(err)
			}
			w.Changed([]string{path})
		case 7:
			index(t, w)
		}
	}
	index(t, w)
	fresh := workspace.New()
	fresh.SetFolders([]string{dir})
	for name, text := range texts {
		fresh.Open(filepath.Join(dir, name), 1, []byte(text))
	}
	index(t, fresh)
	for _, name := range names {
		path := filepath.Join(dir, name)
		got, gotErr := w.Snapshot().Module(t.Context(), path)
		want, wantErr := fresh.Snapshot().Module(t.Context(), path)
		switch {
		case (gotErr == nil) != (wantErr == nil):
			t.Errorf("%s gives %v, want %v", name, gotErr, wantErr)
		case gotErr == nil && summary(got) != summary(want):
			t.Errorf("%s is\n%s, want\n%s of %v", name, summary(got), summary(want), texts)
		}
		if got, want := w.Snapshot().Dependents(path), fresh.Snapshot().Dependents(path); !slices.Equal(got, want) {
			t.Errorf("%s is imported by %v, want %v", name, got, want)
		}
	}
}
