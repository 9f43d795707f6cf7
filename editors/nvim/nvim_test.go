// Package nvim has the test of the Neovim plugin beside it, in a real Neovim.
package nvim

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/flyte-lsp/flyte-lsp/internal/testenv"
)

// A user opens the quickstart, chooses "Run locally" with the lens key, reads
// the result in the hover, and opens the inputs document and the log.
func TestQuickstart(t *testing.T) {
	source, err := os.ReadFile(testenv.Quickstart(t))
	if err != nil {
		t.Fatal(err)
	}
	file := workflow(t, "quickstart", string(source))
	var report struct {
		Lens, Hover, Screen, Inputs string
	}
	run(t, "quickstart.lua", file, &report, "TEST_PYTHON="+testenv.Python(t))
	if err := os.WriteFile(testenv.Output(t, "nvim-quickstart.txt"), []byte(report.Screen), 0o644); err != nil {
		t.Error(err)
	}
	if !strings.Contains(report.Lens, "▶ Run locally | ▶ Run remote | ✎ Inputs | ✓ local ") || !strings.Contains(report.Lens, " → Rating(") {
		t.Errorf("the lenses aren't in order, or don't tell the result: %s", report.Lens)
	}
	for _, want := range []string{"workflow product_rating(limit: int = 4) -> Rating", "succeeded", "0.5"} {
		if !strings.Contains(report.Hover, want) {
			t.Errorf("the hover lacks %q:\n%s", want, report.Hover)
		}
	}
	if want := filepath.Join(filepath.Dir(file), ".flyte", "inputs", "workflow.product_rating.yaml"); report.Inputs != want {
		t.Errorf("the inputs document is %s, want %s", report.Inputs, want)
	}
}

// A user sees a mistake while typing, mends it with a code action, and has the
// rest mended on save, as the documentation has it.
func TestDiagnostics(t *testing.T) {
	docs, err := os.ReadFile(filepath.Join(testenv.Root(t), "docs", "diagnostics.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, onSave, _ := strings.Cut(string(docs), "```lua\n")
	onSave, _, found := strings.Cut(onSave, "```")
	if !found {
		t.Fatal("docs/diagnostics.md has no Lua")
	}
	config := filepath.Join(t.TempDir(), "on_save.lua")
	if err := os.WriteFile(config, []byte(onSave), 0o644); err != nil {
		t.Fatal(err)
	}
	text := `from flytekit import task, workflow


@task(disable_deck=True)
def half(number: int) -> int:
    return number // 2


@workflow
def flow(x: int) -> int:
    return half(number=x)
`
	file := workflow(t, "mistakes", text)
	var report struct {
		Marked, Mended []string
		Saved          string
	}
	run(t, "diagnostics.lua", file, &report, "TEST_ON_SAVE="+config)
	if want := []string{"deck-disable-deprecated", "call-unknown-input"}; !slices.Equal(report.Marked, want) {
		t.Errorf("with the mistake %q are marked, want %q", report.Marked, want)
	}
	if want := []string{"deck-disable-deprecated"}; !slices.Equal(report.Mended, want) {
		t.Errorf("after the code action %q are marked, want %q", report.Mended, want)
	}
	if want := strings.Replace(text, "disable_deck=True", "enable_deck=False", 1); report.Saved != want {
		t.Errorf("saved is\n%s\nwant\n%s", report.Saved, want)
	}
}

// A user types a call and chooses among the inputs that Neovim offers.
func TestCompletion(t *testing.T) {
	file := workflow(t, "completion", `from flytekit import task, workflow


@task
def count(text: str, least: int) -> int:
    return len(text.split()) + least


@workflow
def flow(text: str, least: int) -> int:
    return count(text=text, least=least)
`)
	var report struct {
		Items []string
		Line  string
	}
	run(t, "completion.lua", file, &report)
	if want := []string{"text=, least=", "text=", "least=", "text"}; !slices.Equal(report.Items, want) {
		t.Errorf("the menu has %q, want %q", report.Items, want)
	}
	if want := "    words = count(text=text, least=least"; report.Line != want {
		t.Errorf("the line is %q, want %q", report.Line, want)
	}
}

// workflow makes a workflow file in a folder of its own.
func workflow(t *testing.T, folder, text string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), folder, "workflow.py")
	if err := os.Mkdir(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return file
}

// run runs a script of the folder test in a Neovim that has the plugin, on a
// file, and reads what it reports.
func run(t *testing.T, script, file string, report any, env ...string) {
	t.Helper()
	home := t.TempDir()
	plugin := filepath.Join(testenv.Root(t), "editors", "nvim")
	reportFile := filepath.Join(home, "report.json")
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	nvim := exec.CommandContext(ctx, testenv.Neovim(t), "--headless", "-i", "NONE", "-n",
		"-u", filepath.Join(plugin, "test", "init.lua"), "-S", filepath.Join(plugin, "test", script))
	nvim.Env = append(os.Environ(),
		"HOME="+home, "XDG_CONFIG_HOME="+home, "XDG_DATA_HOME="+home, "XDG_STATE_HOME="+home,
		"FLYTE_LSP_STATE_DIR="+filepath.Join(home, "state"),
		"TEST_PLUGIN="+plugin, "TEST_SERVER="+testenv.Binary(t),
		"TEST_FILE="+file, "TEST_REPORT="+reportFile,
	)
	nvim.Env = append(nvim.Env, env...)
	output, err := nvim.CombinedOutput()
	if err != nil {
		t.Fatalf("nvim: %v\n%s", err, output)
	}
	text, err := os.ReadFile(reportFile)
	if err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
	var problem struct{ Problem string }
	if err := errors.Join(json.Unmarshal(text, &problem), json.Unmarshal(text, report)); err != nil {
		t.Fatal(err)
	}
	if problem.Problem != "" {
		t.Fatalf("%s\n%s", problem.Problem, output)
	}
}
