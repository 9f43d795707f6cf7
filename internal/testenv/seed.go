package testenv

import (
	"os"
	"testing"
	"time"
)

// Long tells whether tests may take as long as they find something: `make
// test-long` says so by FLYTE_LSP_TEST_LONG.
func Long() bool { return os.Getenv("FLYTE_LSP_TEST_LONG") != "" }

// Seed is the seed of a test that throws random input at something: the same
// each time, so that a change is judged by the change alone, and in long runs
// another each time, which the test's log tells.
func Seed(t testing.TB) uint64 {
	t.Helper()
	seed := uint64(1)
	if Long() {
		seed = uint64(time.Now().UnixNano())
	}
	t.Logf("seed %d", seed)
	return seed
}
