package project_test

import (
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/flyte-lsp/flyte-lsp/internal/bench/project"
	"github.com/flyte-lsp/flyte-lsp/internal/testenv"
)

// The modules are ones that flytekit imports, and as long as they say.
func TestModules(t *testing.T) {
	dir := t.TempDir()
	path, err := project.Write(dir, 120)
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if lines := strings.Count(string(text), "\n"); lines != project.Lines {
		t.Errorf("%d lines, want %d:\n%s", lines, project.Lines, text)
	}
	command := exec.Command(testenv.Python(t), "-c", "import region_4.shop_119 as m; print(m.nightly_119.name)")
	command.Dir = dir
	if printed, err := command.CombinedOutput(); err != nil || !strings.HasSuffix(string(printed), "nightly_119\n") {
		t.Errorf("%v: %s", err, printed)
	}
}
