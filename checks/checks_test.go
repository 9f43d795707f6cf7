package checks_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif"

	"github.com/flyte-lsp/flyte-lsp/checks"
	"github.com/flyte-lsp/flyte-lsp/workspace"
)

// write writes files to a new folder and lists them.
func write(t *testing.T, files map[string]string) (string, []workspace.Listed) {
	t.Helper()
	folder := t.TempDir()
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	listed, err := workspace.List(t.Context(), []string{folder})
	if err != nil {
		t.Fatal(err)
	}
	return folder, listed
}

// A report in SARIF is one by the standard's schema, with all that is told.
func TestSARIF(t *testing.T) {
	folder, files := write(t, map[string]string{"ä flow.py": `from flytekit import task, workflow
@task
def add(b: int) -> int: return b
@task
def untyped(b) -> None: ...
@workflow
def flow() -> int:
    return add()
`})
	checker := &checks.Checker{Workspace: workspace.New()}
	checked, err := checker.Check(t.Context(), append(files, workspace.Listed{Path: filepath.Join(folder, "none.py"), Typed: "none.py"}))
	if err != nil {
		t.Fatal(err)
	}
	var text bytes.Buffer
	if err := checks.Formats["sarif"](&text, &checks.Report{Files: checked, Root: folder, Version: "1.2.3"}); err != nil {
		t.Fatal(err)
	}
	report, err := sarif.FromBytes(text.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	if err := report.Validate(); err != nil {
		t.Error(err)
	}
	run := report.Runs[0]
	if len(run.Results) != 2 || len(run.Tool.Driver.Rules) != 2 {
		t.Fatalf("%d results and %d rules in\n%s", len(run.Results), len(run.Tool.Driver.Rules), &text)
	}
	place := run.Results[1].Locations[0].PhysicalLocation
	got := fmt.Sprint(*run.Results[1].RuleID, " ", *place.ArtifactLocation.URI, " ", *place.Region.StartLine, ":", *place.Region.StartColumn, " ", len(run.Results[1].RelatedLocations))
	if want := "call-missing-input %C3%A4%20flow.py 8:12 1"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if *run.Invocations[0].ExecutionSuccessful || len(run.Invocations[0].ToolExecutionNotifications) != 1 {
		t.Errorf("nothing tells of the file that can't be read:\n%s", &text)
	}
}

// Files keep their encoding and line ends when they are fixed. What can't be
// written in a file's encoding isn't.
func TestFixedEncodings(t *testing.T) {
	const schedule = "from flytekit import CronSchedule\nnightly = CronSchedule(\"0 2 * * *\")\n"
	fixedSchedule := strings.ReplaceAll(schedule, `("`, `(schedule="`)
	windows := func(text string) string { return strings.ReplaceAll(text, "\n", "\r\n") }
	for name, test := range map[string]struct{ file, want string }{
		"byte order mark": {"\ufeff" + windows(schedule), "\ufeff" + windows(fixedSchedule)},
		"latin-1":         {"# coding: latin-1\nx = '\xe4'\n" + schedule, "# coding: latin-1\nx = '\xe4'\n" + fixedSchedule},
		"no last newline": {strings.TrimSpace(schedule), strings.TrimSpace(fixedSchedule)},
	} {
		t.Run(name, func(t *testing.T) {
			folder, files := write(t, map[string]string{"flow.py": test.file})
			checker := &checks.Checker{Workspace: workspace.New()}
			fixed, err := checker.Fix(t.Context(), files)
			if err != nil {
				t.Fatal(err)
			}
			if err := fixed.Write(); err != nil {
				t.Error(err)
			}
			if got, err := os.ReadFile(filepath.Join(folder, "flow.py")); string(got) != test.want || err != nil {
				t.Errorf("got %q, want %q, %v", got, test.want, err)
			}
		})
	}
}

// A file that somebody changed meanwhile isn't overwritten; the others are
// fixed.
func TestFixedMeanwhile(t *testing.T) {
	const schedule = "from flytekit import CronSchedule\nnightly = CronSchedule(\"0 2 * * *\")\n"
	folder, files := write(t, map[string]string{"a.py": schedule, "b.py": schedule})
	fixed, err := (&checks.Checker{Workspace: workspace.New()}).Fix(t.Context(), files)
	if err != nil {
		t.Fatal(err)
	}
	edited := schedule + "# more\n"
	if err := os.WriteFile(filepath.Join(folder, "a.py"), []byte(edited), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := fixed.Write(); err == nil || !strings.Contains(err.Error(), "a.py isn't fixed: it changed") {
		t.Errorf("got %v", err)
	}
	if got, _ := os.ReadFile(filepath.Join(folder, "a.py")); string(got) != edited {
		t.Errorf("a.py is %q", got)
	}
	if got, _ := os.ReadFile(filepath.Join(folder, "b.py")); !strings.Contains(string(got), "schedule=") {
		t.Errorf("b.py is %q", got)
	}
}
