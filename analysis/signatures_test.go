package analysis_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"

	"github.com/flyte-lsp/flyte-lsp/analysis"
	"github.com/flyte-lsp/flyte-lsp/internal/testenv"
	"github.com/flyte-lsp/flyte-lsp/workspace"
)

// The signatures are those of the pinned flytekit: `go generate ./analysis`
// makes them.
func TestSignaturesAreFresh(t *testing.T) {
	want, err := exec.CommandContext(t.Context(), testenv.Python(t), "signatures.py").Output()
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile("signatures.txt")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Error("signatures.txt is stale: run `go generate ./analysis`")
	}
}

// Another flytekit may know other keywords, so that one which isn't known is no
// error there.
func TestOtherFlytekit(t *testing.T) {
	for version, want := range map[string]analysis.Severity{"1.16.31": analysis.Error, "1.17.0": analysis.Warning} {
		root := t.TempDir()
		site := filepath.Join(root, ".venv", "lib", "python3.11", "site-packages")
		write(t, filepath.Join(root, ".venv", "pyvenv.cfg"), "version = 3.11.4\n")
		write(t, filepath.Join(root, ".venv", "bin", "python"), "")
		write(t, filepath.Join(site, "flytekit-"+version+".dist-info", "METADATA"), "")
		write(t, filepath.Join(site, "flytekit", "__init__.py"), "")
		path := filepath.Join(root, "tasks.py")
		write(t, path, "from flytekit import task\n\n\n@task(novel=1)\ndef double(number: int) -> int:\n    return 2 * number\n")
		w := workspace.New()
		w.SetInterpreter(func(string) (string, string) { return filepath.Join(root, ".venv", "bin", "python"), "" })
		file, err := w.Snapshot().File(path)
		if err != nil {
			t.Fatal(err)
		}
		var severities []analysis.Severity
		for _, f := range analysis.File(t.Context(), w.Snapshot(), file, analysis.Options{}) {
			if f.Rule.Code == "task-unknown-keyword" {
				severities = append(severities, f.Severity)
			}
		}
		if !slices.Equal(severities, []analysis.Severity{want}) {
			t.Errorf("with flytekit %s task-unknown-keyword has the severities %v, want %v", version, severities, want)
		}
	}
}
