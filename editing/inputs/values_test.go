package inputs_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/flyte-lsp/flyte-lsp/analysis"
	"github.com/flyte-lsp/flyte-lsp/editing/inputs"
	"github.com/flyte-lsp/flyte-lsp/internal/testenv"
	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyte-lsp/flyte-lsp/workspace"
)

// scalars are given to each of the inputs that are no lists or maps.
var scalars = []string{
	"3", "2.5", "true", "false", "yes", "null", "abc", `"3"`, `"true"`, "010", "1_000", "1:24", "2024-01-02", `"2024-01-02"`,
	"2024-01-02T03:04:05", `"2024-01-02T03:04:05"`, `"2024-01-02 03:04:05"`, `"2024-01-02T03:04:05Z"`, `"2024-13-02"`, "now", "now + 1d",
	"[1, 2]", "{a: 1}", "1h 5m", `"1:24"`, "90 seconds", `""`, "1e3", `"1.0"`, "red", `" 7 "`,
}

// structured are values for the inputs that have parts.
var structured = map[string][]string{
	"listint_":   {"[1]", "[1.0]", "['1']", "[true]", "[null]", "[]", "{}", "'[1]'", "'[a]'", "[[1]]", "[2024-01-02]", "3", "abc", "values.json"},
	"listfloat_": {"[1]", "[1.5]", "['1']", "[true]", "[1e3]"},
	"liststr_":   {"[a]", "[1]", "[true]", "[null]", "a"},
	"listbool_":  {"[true]", "[1]", "['true']"},
	"listopt_":   {"[1, null]", "[a]"},
	"listenum_":  {"[red]", "[green]", "[RED]"},
	"listdt_":    {"['2024-01-02T03:04:05']"},
	"listlist_":  {"[[1],[2]]", "[[a]]", "[1]"},
	"dictint_":   {"{a: 1}", "{a: b}", "{a: 1.0}", "{1: 1}", "{a: null}", "[1]", "{}"},
	"dictlist_":  {"{a: [b]}", "{a: b}"},
	"dict_":      {"{a: {b: [1]}}", "[1]", "3", "abc"},
	"point_": {
		"{x: 1}", "{}", "{x: a}", "{x: '1'}", "{x: 1.5}", "{x: true}", "{x: null}", "{x: 1, y: 2}", "{x: 1, y: a}", "{x: 1, y: '2'}",
		"{x: 1, z: 3}", "{x: 1, name: 3}", "{x: 1, name: null}", "{x: 1, tags: [a]}", "{x: 1, tags: a}", "{x: 1, tags: [1]}",
		"{x: 1, tags: null}", "{x: 1, tags: 3}", "{x: [1]}", "3", "[1]", `'{"x": 1}'`, `'{"x": "a"}'`, "abc", "{x: 1, y: null}",
	},
	"line_": {
		"{a: {x: 1}}", "{a: {}}", "{a: 3}", "{a: {x: 1}, points: [{x: 2}]}", "{a: {x: 1}, points: [3]}", "{a: {x: 1}, points: [{}]}",
		"{a: {x: 1}, points: {x: 1}}", "{a: {x: 1}, by_name: {k: {x: 1}}}", "{a: {x: 1}, by_name: {k: 1}}", "{a: {x: 1}, by_name: []}",
		"{a: {x: 1}, color: blue}", "{a: {x: 1}, color: green}", "{a: {x: 1}, flag: 1}", "{a: {x: 1}, flag: abc}", "{a: {x: 1}, when: 3}",
		"{a: {x: 1}, when: 'abc'}", "{a: {x: a}}", "{a: null}", "{a: {x: 1, q: 1}}", "{a: {x: 1}, color: null}", "{a: {x: 1}, by_name: null}",
	},
	"strict_":    {"{x: 1}", "{}", "{x: a}", "{x: '1'}", "{x: null}", "{x: 1, z: 2}", "{x: 1, color: blue}", "{x: 1, color: green}", "{x: [1]}"},
	"nodef_":     {"{x: 1, s: a}", "{x: 1, o: a}", "{x: 1, o: null, s: b}", "{x: 1, o: 1, s: 3}"},
	"points_":    {"[{x: 1}]", "[{}]", "[3]", "{x: 1}", "[]", "[{x: a}]", "[{x: 1, z: 1}]"},
	"dictpoint_": {"{a: {x: 1}}", "{a: {}}", "{a: 3}"},
	"optpoint_":  {"{x: 1}", "{}", "{x: a}", "3", "abc"},
	"file_":      {"values.json", "nofile.txt", "3", "[a]", "."},
	"dir_":       {".", "nodir", "values.json", "3"},
	"files_":     {"[values.json]", "[nofile.txt]", "[3]", "values.json"},
	"optfile_":   {"values.json", "nofile.txt", "3"},
}

// silent are values that are refused, and of which nothing is said: what would
// tell isn't in the source.
var silent = map[string]bool{"files_ x: values.json": true}

// An error is said of what a run refuses and of nothing else, and something of
// what pyflyte refuses.
func TestProblemsAreThoseOfRuns(t *testing.T) {
	folder := t.TempDir()
	workflows := filepath.Join(folder, "values.py")
	source, err := os.ReadFile(filepath.Join("testdata", "values.py"))
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"values.py": string(source), "values.json": "[1, 2]"} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var cases [][2]string
	for entity := range strings.FieldsSeq("int_ float_ str_ bool_ booltrue_ dt_ date_ td_ enum_ lit_ optint_ optint5_ optstr_ uintstr_ uboolint_ uintlist_ optdt_ optenum_ optlist_") {
		for i, value := range scalars {
			if strings.HasPrefix(entity, "opt") && i%2 == 1 {
				continue // they are read as what they are options of
			}
			cases = append(cases, [2]string{entity, "x: " + value + "\n"})
		}
	}
	for entity, values := range structured {
		for _, value := range values {
			cases = append(cases, [2]string{entity, "x: " + value + "\n"})
		}
	}
	for _, document := range []string{"x: 1\ny: 2\n", "", "{}", "- a\n", "x:\n", "# c\n{\"x\": 1}\n", "y: 1\n", "true: 1\n", "x: [\n"} {
		cases = append(cases, [2]string{"int_", document})
	}
	judged := judge(t, folder, workflows, cases)
	snapshot := workspace.New().Snapshot()
	for i, one := range cases {
		header := "# Inputs of " + one[0] + " in values.py\n"
		problems, _ := check(t, snapshot, filepath.Join(folder, "in.yaml"), header+one[1], folder)
		var worst analysis.Severity
		var said []string
		for _, problem := range problems {
			if worst == 0 || problem.Severity < worst {
				worst = problem.Severity
			}
			said = append(said, problem.Message)
		}
		pyflyte, ours := judged[i][0], judged[i][1]
		at := one[0] + " " + strings.TrimSpace(one[1])
		switch {
		case worst == analysis.Error && ours:
			t.Errorf("%s: said %q, but flyte-lsp takes it", at, said)
		case worst == 0 && !(pyflyte && ours) && !silent[at]:
			t.Errorf("%s: nothing is said, but pyflyte takes it: %v, flyte-lsp: %v", at, pyflyte, ours)
		case worst > analysis.Error && !pyflyte && !ours && !strings.Contains(strings.Join(said, ""), "there is no ") && !strings.Contains(strings.Join(said, ""), " is no f"):
			t.Errorf("%s: only a warning %q, but both refuse it", at, said)
		}
	}
}

// judge asks pyflyte and the worker.
func judge(t *testing.T, folder, workflows string, cases [][2]string) [][2]bool {
	t.Helper()
	script, err := filepath.Abs(filepath.Join("testdata", "judge.py"))
	if err != nil {
		t.Fatal(err)
	}
	worker, err := filepath.Abs(filepath.Join("..", "..", "local", "worker", "inputs.py"))
	if err != nil {
		t.Fatal(err)
	}
	asked, err := json.Marshal(cases)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), testenv.Python(t), script, workflows, worker)
	cmd.Dir = folder
	cmd.Stdin = strings.NewReader(string(asked))
	var complaint strings.Builder
	cmd.Stderr = &complaint
	printed, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, complaint.String())
	}
	var judged [][2]bool
	for line := range strings.Lines(string(printed)) {
		if parts := strings.Fields(line); len(parts) == 3 && parts[0] == "judged" {
			judged = append(judged, [2]bool{parts[1] == "True", parts[2] == "True"})
		}
	}
	if len(judged) != len(cases) {
		t.Fatalf("%d documents of %d were judged\n%s", len(judged), len(cases), complaint.String())
	}
	return judged
}

// check checks a document.
func check(t *testing.T, snapshot *workspace.Snapshot, path, text, folder string) ([]inputs.Problem, *inputs.Document) {
	t.Helper()
	document := inputs.Read(path, parser.NewSource([]byte(text)))
	subject, problem := subjectOf(t, snapshot, document, folder)
	return inputs.Check(document, subject, problem), document
}
