package lsp

import (
	"bytes"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/flyte-lsp/flyte-lsp/analysis"
	"github.com/flyte-lsp/flyte-lsp/workspace"
)

// A rule that panics is logged with its code and the text's hash, once for each
// text, and without the text.
func TestPanicIsLoggedOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "flow.py")
	file := func(text string) *workspace.File {
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		file, err := workspace.New().Snapshot().File(path)
		if err != nil {
			t.Fatal(err)
		}
		return file
	}
	var log bytes.Buffer
	s := &Server{log: slog.New(slog.NewTextHandler(&log, nil))}
	s.panics.server = s
	rule, secret := analysis.RuleOf("call-too-many"), file("SECRET = 1\n")
	for range 3 {
		s.panics.panicked(rule, secret, "index out of range", []byte("rule.go:1"))
	}
	for _, part := range []string{"call-too-many", "sha256=", "index out of range", "rule.go:1"} {
		if !strings.Contains(log.String(), part) {
			t.Errorf("the log %q doesn't tell %q", log.String(), part)
		}
	}
	if lines := strings.Count(log.String(), "\n"); lines != 1 || strings.Contains(log.String(), "SECRET") {
		t.Errorf("the log has %d lines: %s", lines, log.String())
	}
	s.panics.panicked(rule, file("OTHER = 1\n"), "index out of range", nil)
	if lines := strings.Count(log.String(), "\n"); lines != 2 {
		t.Errorf("a panic in another text isn't logged: %s", log.String())
	}
}
