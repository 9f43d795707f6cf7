package analysis_test

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/flyte-lsp/flyte-lsp/analysis"
	"github.com/flyte-lsp/flyte-lsp/workspace"
)

const ignoring = `from flytekit import task, workflow


@task
def double(a: int, b: str = "") -> int:
    return 2 * a


@workflow
def flow(x: int) -> int:
`

// A comment hides what starts or ends in its line, and nothing else; one that
// hides nothing is told of, with a way to mend it.
func TestIgnoreComments(t *testing.T) {
	for _, test := range []struct {
		name, body string
		want       []string
		fixed      string // by the first fix, "" if nothing is to be fixed
	}{
		{"by code", "double(a=x, c=1)  # flyte: ignore[call-unknown-input]", nil, ""},
		{"all", "double(a=x, c=1)  # flyte: ignore", nil, ""},
		{"with a reason", "double(a=x, c=1)  # flyte: ignore[call-unknown-input] until 2.0", nil, ""},
		{"behind another comment", "double(a=x, c=1)  # noqa: E501  # flyte: ignore[call-unknown-input]", nil, ""},
		{"one comment for two", "double(x, '', c=1, d=2)  #flyte:ignore[call-unknown-input]", nil, ""},
		{"two codes", "double(c=x)  # flyte: ignore[call-unknown-input, call-missing-input]", nil, ""},
		{"where the finding ends", "double(a=x, **{},\n    c\\\n    =1)", []string{"call-unknown-input"}, ""},
		{"in its line", "double(\n    a=x,\n    c=1,  # flyte: ignore[call-unknown-input]\n)", nil, ""},
		{"in another line", "double(  # flyte: ignore[call-unknown-input]\n    a=x,\n    c=1,\n)", []string{"ignore-unused", "call-unknown-input"}, "double(\n    a=x,\n    c=1,\n)"},
		{"behind a string of several lines", "double(a=x, c=\"\"\"\n\"\"\")  # flyte: ignore[call-unknown-input]", nil, ""},
		{"behind a backslash", "double(a=x, c=1 \\\n    )  # flyte: ignore[call-unknown-input]", nil, ""},
		{"in a string", "double(a=x, c=1, b='# flyte: ignore')", []string{"call-unknown-input"}, ""},
		{"of another rule", "double(a=x, c=1)  # flyte: ignore[call-too-many]", []string{"call-unknown-input", "ignore-unused"}, "double(a=x, c=1)"},
		{"not a word of ours", "double(a=x, c=1)  # flyte: ignored", []string{"call-unknown-input"}, ""},
		{"nothing", "double(a=x)  # flyte: ignore  # noqa", []string{"ignore-unused"}, "double(a=x)  # noqa"},
		{"an empty list", "double(a=x)  # flyte: ignore[]", []string{"ignore-unused"}, "double(a=x)"},
		{"one of two", "double(a=x, c=1)  # flyte: ignore[call-unknown-input, call-too-many]", []string{"ignore-unused"}, "double(a=x, c=1)  # flyte: ignore[call-unknown-input]"},
		{"the first of two", "double(a=x, c=1)  # flyte: ignore[call-too-many, call-unknown-input]", []string{"ignore-unused"}, "double(a=x, c=1)  # flyte: ignore[call-unknown-input]"},
		{"misspelt", "double(a=x, c=1)  # flyte: ignore[call-unknown-inputs]", []string{"call-unknown-input", "ignore-unused"}, "double(a=x, c=1)  # flyte: ignore[call-unknown-input]"},
		{"itself", "double(a=x)  # flyte: ignore[call-too-many, ignore-unused]", nil, ""},
		{"a line of its own", "double(a=x)\n    # flyte: ignore\n", []string{"ignore-unused"}, "double(a=x)\n"},
	} {
		for ends, name := range map[string]string{"\n": test.name, "\r\n": test.name + ", CRLF"} {
			t.Run(name, func(t *testing.T) {
				withEnds := func(body string) string { return strings.ReplaceAll(ignoring+"    return "+body+"\n", "\n", ends) }
				text := withEnds(test.body)
				path := filepath.Join(t.TempDir(), "flow.py")
				write(t, path, text)
				var got []string
				var fix *analysis.Fix
				for _, found := range look(t, path) {
					got = append(got, found.Rule.Code)
					t.Log(found.Message)
					if fix == nil && found.Rule.Code == "ignore-unused" {
						fix = &found.Fixes[0]
					}
				}
				if !slices.Equal(got, test.want) {
					t.Errorf("found %q, want %q", got, test.want)
				}
				if test.fixed == "" {
					return
				}
				fixed := text
				for _, edit := range fix.Edits {
					fixed = fixed[:edit.Span.Start] + edit.Text + fixed[edit.Span.End:]
				}
				if want := withEnds(test.fixed); fixed != want {
					t.Errorf("%s: fixed it is\n%s\nwant\n%s", fix.Title, fixed, want)
				}
			})
		}
	}
}

// The edit that hides a finding hides it, wherever it is.
func TestIgnoreComment(t *testing.T) {
	for body, want := range map[string]string{
		"double(a=x, c=1)":         "double(a=x, c=1)  # flyte: ignore[call-unknown-input]",
		"double(a=x, c=1)  # noqa": "double(a=x, c=1)  # noqa  # flyte: ignore[call-unknown-input]",
		"double(a=x, c=1)  # flyte: ignore[call-missing-input]": "double(a=x, c=1)  # flyte: ignore[call-missing-input, call-unknown-input]",
		"double(a=x, c=\"\"\"\n\"\"\")":                         "double(a=x, c=\"\"\"\n\"\"\")  # flyte: ignore[call-unknown-input]",
		"double(a=x, c=1 \\\n    )":                             "double(a=x, c=1 \\\n    )  # flyte: ignore[call-unknown-input]",
	} {
		path := filepath.Join(t.TempDir(), "flow.py")
		text := ignoring + "    return " + body + "\n"
		write(t, path, text)
		found := look(t, path)[0]
		file, err := workspace.New().Snapshot().File(path)
		if err != nil {
			t.Fatal(err)
		}
		edit, ok := analysis.IgnoreComment(file, found)
		if !ok || found.Rule.Code != "call-unknown-input" {
			t.Fatalf("%s: %s has no comment", body, found.Rule.Code)
		}
		got := text[:edit.Span.Start] + edit.Text + text[edit.Span.End:]
		if got != ignoring+"    return "+want+"\n" {
			t.Errorf("it became\n%s\nwant\n%s", got, want)
		}
	}
}

// Severities are chosen by code or by how codes start, and what is wrong in the
// table is told without harm to the rest.
func TestSeverities(t *testing.T) {
	root := t.TempDir()
	path := filepath.Join(root, "flow.py")
	write(t, path, ignoring+"    return double(x, '', 3, c=1)\n")
	for _, test := range []struct {
		table string
		want  string
	}{
		{"", "error call-too-many, error call-unknown-input"},
		{"[tool.flyte-lsp.rules]\ncall-too-many = \"off\"", "error call-unknown-input"},
		{"[tool.flyte-lsp.rules]\ncall-too-many = \"hint\"\n\"call-*\" = \"warning\"", "hint call-too-many, warning call-unknown-input"},
		{"[tool.flyte-lsp.rules]\n\"*\" = \"off\"\ncall-unknown-input = \"error\"", "error call-unknown-input"},
		{"[tool.flyte-lsp.rules]\ncall-to-many = \"off\"", "error call-too-many, error call-unknown-input; call-to-many: there is no rule call-to-many; did you mean call-too-many?"},
		{"[tool.flyte-lsp.rules]\ncall-too-many = \"info\"", `error call-too-many, error call-unknown-input; "info": the severity of call-too-many is "info", want off, hint, warning or error`},
		{"[tool.flyte-lsp.rules]\ncall-too-many = 1\ncall-unknown-input = \"off\"", `error call-too-many; 1: want a table from codes to "off", "hint", "warning" or "error"`},
		{"[tool.flyte-lsp.rules]\n\"none-*\" = \"off\"", `error call-too-many, error call-unknown-input; "none-*": no rule's code starts with none-`},
		{"[tool.flyte-lsp]\nrule = \"off\"", "error call-too-many, error call-unknown-input; rule: flyte-lsp has no setting rule; it has source-roots and rules"},
		{"[tool.flyte-lsp.rules]\ncall-too-many = \"off\"\n[tool", "error call-unknown-input; "},
	} {
		write(t, filepath.Join(root, "pyproject.toml"), test.table)
		snapshot := workspace.New().Snapshot()
		file, err := snapshot.File(path)
		if err != nil {
			t.Fatal(err)
		}
		chosen, problems := analysis.ProjectSeverities(snapshot, path)
		var found []string
		for _, d := range analysis.File(t.Context(), snapshot, file, analysis.Options{Severities: chosen}) {
			found = append(found, fmt.Sprintf("%s %s", d.Severity, d.Rule.Code))
		}
		var got strings.Builder
		got.WriteString(strings.Join(found, ", "))
		for _, problem := range problems {
			got.WriteString(fmt.Sprintf("; %s: %s", problem.Source.Slice(problem.Span), problem.Message))
		}
		if got.String() != test.want && !(strings.HasSuffix(test.want, "; ") && strings.HasPrefix(got.String(), test.want)) {
			t.Errorf("%s: %s\nwant %s", test.table, got.String(), test.want)
		}
	}
}
