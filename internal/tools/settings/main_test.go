package main

import (
	"os"
	"path/filepath"
	"testing"
)

// What people read of the settings is what the server has: `make generate`
// writes it anew.
func TestSettingsAreFresh(t *testing.T) {
	root := filepath.Join("..", "..", "..")
	made, err := files(root)
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range made {
		got, err := os.ReadFile(filepath.Join(root, name))
		if err != nil {
			t.Error(err)
		} else if string(got) != string(want) {
			t.Errorf("%s is stale: run `make generate`", name)
		}
	}
}
