package store_test

import (
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/admin"
	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/core"

	"github.com/flyte-lsp/flyte-lsp/sandbox/store"
)

func open(t *testing.T, path string) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func task(name string) store.Row[*admin.Task] {
	return store.Row[*admin.Task]{Note: "digest of " + name, Message: &admin.Task{
		Id: &core.Identifier{Project: "p", Domain: "d", Name: name, Version: "v"},
	}}
}

// What was written is there after the store was opened again; a key is taken
// once, also by two at the same time.
func TestRows(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state with space?.db")
	s := open(t, path)
	var wg sync.WaitGroup
	results := make([]error, 8)
	for i := range results {
		wg.Go(func() { results[i] = s.Tasks.Insert(t.Context(), task("one")) })
	}
	wg.Wait()
	taken := 0
	for _, err := range results {
		if errors.Is(err, store.ErrExists) {
			taken++
		} else if err != nil {
			t.Error(err)
		}
	}
	if taken != len(results)-1 {
		t.Errorf("%d of %d found the key taken", taken, len(results))
	}
	if err := s.Tasks.Update(t.Context(), task("two")); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("updating what isn't there gives %v", err)
	}
	again := open(t, path)
	row, err := again.Tasks.Get(t.Context(), "p", "d", "one", "v")
	if err != nil || row.Note != "digest of one" || row.Message.GetId().GetName() != "one" {
		t.Errorf("got %v (%v)", row, err)
	}
}

// A database that a later program wrote, or that is none, is refused with the
// way out, and stays as it is.
func TestStrangeDatabases(t *testing.T) {
	later := filepath.Join(t.TempDir(), "later.db")
	db, err := sql.Open("sqlite", later)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.ExecContext(t.Context(), "PRAGMA user_version = 1000"); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	none := filepath.Join(t.TempDir(), "none.db")
	if err := os.WriteFile(none, []byte(strings.Repeat("not a database ", 1000)), 0o600); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{later: "a later flyte-lsp wrote it", none: "file is not a database"} {
		_, err := store.Open(t.Context(), path)
		if err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "`flyte-lsp sandbox reset`") {
			t.Errorf("%s: %v", path, err)
		}
	}
}
