package analysis_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/flyte-lsp/flyte-lsp/analysis"
	"github.com/flyte-lsp/flyte-lsp/workspace"
)

// example is a module that shows what a rule does.
type example struct {
	rule   *analysis.Rule
	name   string // "bad", "good", "fixed", or a file's of testdata/rules
	folder string
	module string // in the folder
	text   string // without marks
	// marked is what stands between « and », as spans of the text without.
	marked [][2]int
	// stage is the one at which it is rejected, "" if it isn't.
	stage analysis.Stage
	// fixed is what the fixes make of it, "" if it isn't compared.
	fixed string
}

// TestRules holds each rule to its promise: its bad example, with those that
// testdata/rules/<code>.txtar adds, is rejected by the real flytekit, or by the
// backend, at the stage that the rule names, and found at the very place that
// is marked; its good examples, and what the fixes make of the bad ones, are
// accepted, and nothing is found in them.
//
// In a txtar, bad*.py and good*.py are examples, fixed*.py is what the fixes
// make of bad*.py; other files lie beside each of them. "# stage: run" in the
// first line of a bad example names another stage than the rule's.
func TestRules(t *testing.T) {
	var examples []*example
	for _, rule := range analysis.Rules {
		examples = append(examples, examplesOf(t, rule)...)
	}
	wanted := examples[:0:0]
	for _, e := range examples {
		// A part of the test, `-run TestRules/call-`, asks flytekit about that
		// part only.
		if chosen(e.rule.Code) {
			wanted = append(wanted, e)
		}
	}
	verdicts := flytekit(t, wanted)
	for i, e := range wanted {
		t.Run(e.rule.Code+"/"+e.name, func(t *testing.T) {
			e.check(t, verdicts[i])
		})
	}
}

// chosen tells whether -run leaves the tests of a rule in.
func chosen(code string) bool {
	pattern := flagValue("test.run")
	_, below, found := strings.Cut(pattern, "/")
	if !found {
		return true
	}
	below, _, _ = strings.Cut(below, "/")
	return matches(below, code)
}

// examplesOf are the examples of a rule, written to folders of their own.
func examplesOf(t *testing.T, rule *analysis.Rule) []*example {
	good := rule.Good
	if good == "" {
		good = rule.Fixed
	}
	if rule.Bad == "" || good == "" || rule.Summary == "" || rule.Details == "" || rule.Source == "" {
		t.Errorf("%s lacks an example, a text or its source", rule.Code)
	}
	files := map[string]string{"bad.py": rule.Bad, "good.py": good}
	if rule.Fixed != "" {
		files["fixed.py"] = rule.Fixed
	}
	beside := map[string]string{}
	if archive, err := txtar.ParseFile(filepath.Join("testdata", "rules", rule.Code+".txtar")); err == nil {
		for _, file := range archive.Files {
			if exampleName(file.Name) != "" {
				files[file.Name] = string(file.Data)
			} else {
				beside[file.Name] = string(file.Data)
			}
		}
	}
	var examples []*example
	for name, text := range files {
		e := &example{rule: rule, name: strings.TrimSuffix(name, ".py"), folder: t.TempDir(), module: "example", stage: rule.Stage}
		e.text, e.marked = unmark(text)
		kind := exampleName(name)
		if kind == "bad" {
			e.fixed = files["fixed"+strings.TrimPrefix(name, "bad")]
			if first, _, _ := strings.Cut(text, "\n"); strings.HasPrefix(first, "# stage: ") {
				e.stage = analysis.Stage(strings.TrimPrefix(first, "# stage: "))
			}
		} else {
			e.stage = ""
		}
		for name, text := range beside {
			write(t, filepath.Join(e.folder, name), text)
		}
		write(t, filepath.Join(e.folder, "example.py"), e.text)
		examples = append(examples, e)
	}
	slices.SortFunc(examples, func(a, b *example) int { return strings.Compare(a.name, b.name) })
	return examples
}

// exampleName is "bad", "good" or "fixed", and "" of other files.
func exampleName(name string) string {
	for _, kind := range []string{"bad", "good", "fixed"} {
		if strings.HasPrefix(name, kind) && strings.HasSuffix(name, ".py") {
			return kind
		}
	}
	return ""
}

// unmark takes the marks out of a text.
func unmark(text string) (string, [][2]int) {
	var plain strings.Builder
	var marked [][2]int
	for {
		before, rest, found := strings.Cut(text, "«")
		plain.WriteString(before)
		if !found {
			return plain.String(), marked
		}
		inside, after, _ := strings.Cut(rest, "»")
		start := plain.Len()
		plain.WriteString(inside)
		marked = append(marked, [2]int{start, plain.Len()})
		text = after
	}
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func (e *example) check(t *testing.T, said *verdict) {
	path := filepath.Join(e.folder, "example.py")
	found := look(t, path)
	var want, got []string
	for _, span := range e.marked {
		want = append(want, fmt.Sprintf("%s %d-%d %q", e.rule.Code, span[0], span[1], e.text[span[0]:span[1]]))
	}
	for _, f := range found {
		if f.Rule != e.rule && f.Severity == analysis.Hint {
			continue // what could be better elsewhere is none of its business
		}
		got = append(got, fmt.Sprintf("%s %d-%d %q", f.Rule.Code, f.Span.Start, f.Span.End, e.text[f.Span.Start:f.Span.End]))
		t.Logf("%s: %s", f.Rule.Code, f.Message)
	}
	if strings.HasPrefix(e.name, "bad") && len(want) == 0 {
		t.Error("the example marks no place")
	}
	if !slices.Equal(got, want) {
		t.Errorf("found\n\t%s\nwant\n\t%s", strings.Join(got, "\n\t"), strings.Join(want, "\n\t"))
	}
	t.Logf("flytekit says: %s %s", said.Stage, said.Error)
	wantStage := e.stage
	if wantStage == analysis.NeverFails {
		wantStage = ""
	}
	if wantStage == analysis.OnCluster && said.Stage == "" && e.rule.Severity != analysis.Error {
		wantStage = "" // what a real cluster lacks can't be seen here
	}
	if said.Stage != wantStage {
		t.Errorf("flytekit rejects it at stage %q (%s), want %q", said.Stage, said.Error, wantStage)
	}
	if wantStage == analysis.AtBackend && !strings.Contains(said.Error, e.rule.Backend) {
		t.Errorf("the backend says %q, want the code %s", said.Error, e.rule.Backend)
	}
	if e.fixed != "" {
		if fixed := e.fix(t, path); fixed != e.fixed {
			t.Errorf("fixed it is\n%s\nwant\n%s", fixed, e.fixed)
		}
	}
}

// fix makes the first fix of each finding until none is left.
func (e *example) fix(t *testing.T, path string) string {
	text := e.text
	for range 20 {
		var edits []analysis.Edit
		for _, f := range look(t, path) {
			if len(f.Fixes) > 0 {
				edits = f.Fixes[0].Edits
				break
			}
		}
		if len(edits) == 0 {
			break
		}
		slices.SortFunc(edits, func(a, b analysis.Edit) int { return b.Span.Start - a.Span.Start })
		for _, edit := range edits {
			if edit.File.Path == path {
				text = text[:edit.Span.Start] + edit.Text + text[edit.Span.End:]
			}
		}
		write(t, path, text)
	}
	return text
}

// look is what the rules find in a file.
func look(t *testing.T, path string) []*analysis.Diagnostic {
	t.Helper()
	snapshot := workspace.New().Snapshot()
	file, err := snapshot.File(path)
	if err != nil {
		t.Fatal(err)
	}
	found := analysis.File(t.Context(), snapshot, file, analysis.Options{})
	for _, f := range found {
		if f.Span.Start >= f.Span.End || f.Message == "" {
			t.Errorf("%s: %+v has no place or no text", f.Rule.Code, f)
		}
	}
	return found
}
