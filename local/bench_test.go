package local

import (
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/flyte-lsp/flyte-lsp/internal/testenv"
)

// BenchmarkWarmRun is a press of "Run locally" on the quickstart, with the
// worker running.
func BenchmarkWarmRun(b *testing.B) {
	python := testenv.Python(b)
	if err := shared.Warm(b.Context(), python); err != nil {
		b.Fatal(err)
	}
	job := Job{File: testenv.Quickstart(b), Entity: "product_rating", Log: filepath.Join(b.TempDir(), "log")}
	for b.Loop() {
		if _, err := shared.Run(b.Context(), python, job, nil); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkPyflyteRun is what BenchmarkWarmRun replaces.
func BenchmarkPyflyteRun(b *testing.B) {
	pyflyte, file := testenv.Pyflyte(b), testenv.Quickstart(b)
	for b.Loop() {
		if printed, err := exec.Command(pyflyte, "run", file, "product_rating").CombinedOutput(); err != nil {
			b.Fatalf("%v: %s", err, printed)
		}
	}
}
