// Package nvim has the test of the Neovim plugin beside it, in a real Neovim.
package nvim

import (
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/flyte-lsp/flyte-lsp/internal/testenv"
)

// A user opens the quickstart, chooses "Run locally" with the lens key, reads
// the result in the hover, and opens the inputs document and the log.
func TestQuickstart(t *testing.T) {
	home := t.TempDir()
	source, err := os.ReadFile(testenv.Quickstart(t))
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(home, "quickstart", "workflow.py")
	if err := os.Mkdir(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, source, 0o644); err != nil {
		t.Fatal(err)
	}
	plugin := filepath.Join(testenv.Root(t), "editors", "nvim")
	reportFile := filepath.Join(home, "report.json")

	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	nvim := exec.CommandContext(ctx, testenv.Neovim(t), "--headless", "-i", "NONE", "-n",
		"-u", filepath.Join(plugin, "test", "init.lua"), "-S", filepath.Join(plugin, "test", "quickstart.lua"))
	nvim.Env = append(os.Environ(),
		"HOME="+home, "XDG_CONFIG_HOME="+home, "XDG_DATA_HOME="+home, "XDG_STATE_HOME="+home,
		"FLYTE_LSP_STATE_DIR="+filepath.Join(home, "state"),
		"TEST_PLUGIN="+plugin, "TEST_SERVER="+testenv.Binary(t), "TEST_PYTHON="+testenv.Python(t),
		"TEST_FILE="+file, "TEST_REPORT="+reportFile,
	)
	output, err := nvim.CombinedOutput()
	if err != nil {
		t.Fatalf("nvim: %v\n%s", err, output)
	}

	text, err := os.ReadFile(reportFile)
	if err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
	var report struct {
		Lens, Hover, Screen, Inputs, Problem string
	}
	if err := json.Unmarshal(text, &report); err != nil {
		t.Fatal(err)
	}
	if report.Problem != "" {
		t.Fatalf("%s\n%s", report.Problem, output)
	}
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
