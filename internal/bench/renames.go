package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/flyte-lsp/flyte-lsp/internal/lspclient"
)

const (
	// renameFiles is how many files name the input that is renamed.
	renameFiles  = 500
	renameRounds = 7
)

// renames asks for the rename of an input that many files name.
func (b *bench) renames(ctx context.Context, report *report) error {
	root := filepath.Join(b.dir, "renames")
	if err := os.MkdirAll(root, 0o755); err != nil {
		return err
	}
	const shared = "from flytekit import task\n\n\n@task\ndef score(week: int, factor: float = 1.0) -> float:\n    return week * factor\n"
	path := filepath.Join(root, "shared.py")
	if err := os.WriteFile(path, []byte(shared), 0o644); err != nil {
		return err
	}
	for i := range renameFiles {
		text := fmt.Sprintf("from flytekit import workflow\n\nfrom shared import score\n\n\n@workflow\ndef score_%d(week: int) -> float:\n    return score(week=week, factor=%d.5)\n", i, i)
		if err := os.WriteFile(filepath.Join(root, fmt.Sprintf("shop_%d.py", i)), []byte(text), 0o644); err != nil {
			return err
		}
	}
	s := &subject{name: "flyte-lsp", command: []string{b.binary, "serve"}}
	if err := s.open(ctx, b, root, path); err != nil {
		return err
	}
	defer func() { _ = s.client.Close(ctx) }() // its times are known by then
	if _, err := s.indexed(ctx); err != nil {
		return err
	}
	at := endOf(shared, "week: int, fac")
	for range renameRounds {
		var edit struct {
			DocumentChanges []json.RawMessage `json:"documentChanges"`
		}
		begin := time.Now()
		err := s.client.Call(ctx, "textDocument/rename", map[string]any{
			"textDocument": map[string]any{"uri": lspclient.URI(path)}, "position": at, "newName": "weight",
		}, &edit)
		s.took = append(s.took, time.Since(begin))
		if err != nil {
			return err
		}
		if len(edit.DocumentChanges) != renameFiles+1 {
			return fmt.Errorf("the input is renamed in %d files, want %d", len(edit.DocumentChanges), renameFiles+1)
		}
		tick()
	}
	report.goal(s.took[0] < 300*time.Millisecond, "rename of an input that %d files name below 300 ms the first time: %s, then %s", renameFiles, milliseconds(s.took[0]), milliseconds(s.took[1:].median()))
	return nil
}
