package lsp_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"testing"

	"github.com/flyte-lsp/flyte-lsp/internal/state"
	"github.com/flyte-lsp/flyte-lsp/sandbox"
)

// TestMain gives all tests one sandbox of their own, which the first that
// needs it starts.
func TestMain(m *testing.M) {
	code, err := withState(m.Run)
	if err != nil {
		fmt.Fprintln(os.Stderr, "the tests' sandbox:", err)
		code = 1
	}
	os.Exit(code)
}

func withState(run func() int) (int, error) {
	dir, err := os.MkdirTemp("", "state")
	if err != nil {
		return 1, err
	}
	// What a developer has configured is nothing to the tests.
	for _, name := range []string{"FLYTECTL_CONFIG", "UCTL_CONFIG", "VIRTUAL_ENV"} {
		if err := os.Unsetenv(name); err != nil {
			return 1, err
		}
	}
	if err := os.Setenv(state.EnvDir, dir); err != nil {
		return 1, err
	}
	code := run()
	return code, errors.Join(sandbox.Stop(context.Background(), ""), os.RemoveAll(dir))
}
