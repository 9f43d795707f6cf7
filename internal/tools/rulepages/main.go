// Command rulepages writes the pages of the rules, docs/rules/*.md.
package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/flyte-lsp/flyte-lsp/analysis"
	"github.com/flyte-lsp/flyte-lsp/analysis/rulebook"
)

//go:generate go run . -out ../../../docs/rules

func main() {
	out := flag.String("out", "", "folder to write the pages to")
	flag.Parse()
	if err := write(context.Background(), *out); err != nil {
		fmt.Fprintln(os.Stderr, "rulepages:", err)
		os.Exit(1)
	}
}

// pages are the pages by the names of their files.
func pages(ctx context.Context) map[string]string {
	made := map[string]string{}
	var entries []*rulebook.Entry
	for _, rule := range analysis.Rules {
		entry := rulebook.Of(ctx, rule)
		entries = append(entries, entry)
		made[rule.Code+".md"] = entry.Page()
	}
	made["README.md"] = rulebook.Index(entries)
	return made
}

// write makes the files of a folder the pages.
func write(ctx context.Context, folder string) error {
	if folder == "" {
		return errors.New("want -out FOLDER")
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	made := pages(ctx)
	there, err := filepath.Glob(filepath.Join(folder, "*.md"))
	if err != nil {
		return err
	}
	for _, path := range there {
		if _, still := made[filepath.Base(path)]; !still {
			if err := os.Remove(path); err != nil {
				return err
			}
		}
	}
	for name, text := range made {
		path := filepath.Join(folder, name)
		before, err := os.ReadFile(path)
		if err == nil && bytes.Equal(before, []byte(text)) {
			continue
		} else if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			return err
		}
	}
	return nil
}
