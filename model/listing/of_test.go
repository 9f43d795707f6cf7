package listing_test

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/flyte-lsp/flyte-lsp/model/listing"
	"github.com/flyte-lsp/flyte-lsp/workspace"
)

// list lists the text of a file where there is no interpreter.
func list(t *testing.T, text string) map[string]listing.Entity {
	t.Helper()
	path := filepath.Join(t.TempDir(), "flow.py")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	snapshot := workspace.New().Snapshot()
	file, err := snapshot.File(path)
	if err != nil {
		t.Fatal(err)
	}
	module, err := snapshot.Module(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	entities, err := listing.Of(module, file.Source, "flow.py")
	if err != nil {
		t.Fatal(err)
	}
	byName := map[string]listing.Entity{}
	for _, entity := range entities {
		byName[entity.Name] = entity
	}
	return byName
}

// Where flytekit's answer hangs on what is installed, and there is no
// interpreter to ask, the common case is taken, and said to be taken.
func TestAssumed(t *testing.T) {
	entities := list(t, `
import polars as pl
from flytekit import task

@task
def rows(frame: pl.DataFrame, limit: int) -> pl.DataFrame: ...
`)
	rows := entities["rows"]
	want := []string{"flytekitplugins.polars is installed"}
	for name, got := range map[string][]string{"input": rows.Inputs[0].Assumed, "output": rows.Outputs[0].Assumed} {
		if !slices.Equal(got, want) {
			t.Errorf("the %s hangs on %q, want %q", name, got, want)
		}
	}
	if got := rows.Inputs[1]; got.Assumed != nil || string(got.Type) != `{"simple":"INTEGER"}` {
		t.Errorf("an int is %+v", got)
	}
}

// No type is told of what a decorator that can't be read may have changed.
func TestUnknownDecorator(t *testing.T) {
	add := list(t, `
from flytekit import task
from somewhere import changed

@task
@changed
def add(a: int = 1) -> int: ...
`)["add"]
	if add.Reason == "" || len(add.Inputs) != 1 || string(add.Inputs[0].Type) != "null" || add.Inputs[0].Reason == "" || string(add.Outputs[0].Type) != "null" {
		t.Errorf("got %+v", add)
	}
}
