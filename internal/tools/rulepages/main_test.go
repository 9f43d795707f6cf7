package main

import (
	"os"
	"path/filepath"
	"testing"
)

// The pages are those of the rules: `make generate` writes them anew.
func TestPagesAreFresh(t *testing.T) {
	folder := filepath.Join("..", "..", "..", "docs", "rules")
	want := pages(t.Context())
	for name, text := range want {
		got, err := os.ReadFile(filepath.Join(folder, name))
		if err != nil {
			t.Error(err)
		} else if string(got) != text {
			t.Errorf("docs/rules/%s is stale: run `make generate`", name)
		}
	}
	there, err := filepath.Glob(filepath.Join(folder, "*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range there {
		if want[filepath.Base(path)] == "" {
			t.Errorf("docs/rules/%s is no rule's page: run `make generate`", filepath.Base(path))
		}
	}
}
