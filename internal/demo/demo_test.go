package demo_test

import (
	"context"
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/flyte-lsp/flyte-lsp/internal/demo"
	"github.com/flyte-lsp/flyte-lsp/internal/state"
	"github.com/flyte-lsp/flyte-lsp/internal/testenv"
	"github.com/flyte-lsp/flyte-lsp/sandbox"
)

// The main job works from the lens to the result, locally and on the sandbox.
func TestDemo(t *testing.T) {
	dir, err := os.MkdirTemp("", "demo")
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv(state.EnvDir, dir)
	t.Cleanup(func() {
		if err := errors.Join(sandbox.Stop(context.Background(), ""), os.RemoveAll(dir)); err != nil {
			t.Error(err)
		}
	})
	var out strings.Builder
	err = demo.Run(t.Context(), demo.Options{
		File: testenv.Quickstart(t), Python: testenv.Python(t), Executable: testenv.Binary(t), Out: &out, Err: t.Output(),
	})
	if err != nil {
		t.Fatalf("%v\n%s", err, out.String())
	}
	for _, part := range []string{"registered workflow.product_rating", "✓ remote", "execution: http://127.0.0.1:", "call-unknown-input"} {
		if !strings.Contains(out.String(), part) {
			t.Errorf("the demo doesn't show %q:\n%s", part, out.String())
		}
	}
}
