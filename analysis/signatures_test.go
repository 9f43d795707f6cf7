package analysis_test

import (
	"bytes"
	"os"
	"os/exec"
	"testing"

	"github.com/flyte-lsp/flyte-lsp/internal/testenv"
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
