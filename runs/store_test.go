package runs_test

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	_ "modernc.org/sqlite" // the driver

	"github.com/flyte-lsp/flyte-lsp/runs"
)

// envOrphan makes a process of the test binary leave a running run in the
// history below the folder that it names.
const envOrphan = "RUNS_TEST_ORPHAN"

func TestMain(m *testing.M) {
	if dir := os.Getenv(envOrphan); dir != "" {
		if err := leaveOrphan(dir); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

func leaveOrphan(dir string) error {
	store, err := runs.OpenStore(context.Background(), dir)
	if err != nil {
		return err
	}
	defer store.Close()
	run := runOf("orphan", "flow", runs.Remote, runs.Running, 0)
	return store.Save(context.Background(), &run)
}

func openStore(t *testing.T, dir string) *runs.Store {
	t.Helper()
	store, err := runs.OpenStore(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	return store
}

// begun is when the runs of these tests begin, in a form that JSON gives back.
var begun = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func runOf(id, entity string, target runs.Target, state runs.State, minute int) runs.Run {
	return runs.Run{
		ID: id, File: "/project/flow.py", Entity: entity, Target: target, State: state,
		Started: begun.Add(time.Duration(minute) * time.Minute), Ended: begun.Add(time.Duration(minute)*time.Minute + time.Second),
	}
}

func save(t *testing.T, store *runs.Store, all ...runs.Run) {
	t.Helper()
	for _, run := range all {
		if err := store.Save(t.Context(), &run); err != nil {
			t.Fatal(err)
		}
	}
}

// What is saved comes back whole, after the database was closed too; a later
// state replaces an earlier one.
func TestStoreKeepsRuns(t *testing.T) {
	dir := t.TempDir()
	store := openStore(t, dir)
	run := runOf("1", "flow", runs.Remote, runs.Running, 0)
	run.Inputs = map[string]json.RawMessage{"n": json.RawMessage("12345678901234567890"), "text": json.RawMessage(`"a\"'é"`)}
	save(t, store, run)
	run.State, run.Phase = runs.Failed, "failed"
	run.Failure = &runs.Failure{Message: "no", Kind: runs.FailureRun, Node: "n0", Frames: []runs.Frame{{File: "/project/flow.py", Line: 3, Function: "f", Text: "x"}}}
	run.Outputs = []runs.Output{{Name: "o0", Type: "int", Value: []byte("1"), Text: "1"}}
	run.Execution = &runs.Execution{Name: "a1", URL: "http://a/1", Version: "v"}
	run.Execution.Config.Project = "flytesnacks"
	save(t, store, run)
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	store = openStore(t, dir)
	got, err := store.Get(t.Context(), "1")
	if err != nil || !reflect.DeepEqual(*got, run) {
		t.Errorf("got %+v (%v), want %+v", got, err, run)
	}
	if got, err := store.Get(t.Context(), "2"); got != nil || err != nil {
		t.Errorf("an unknown run: %+v, %v", got, err)
	}
	for _, name := range []string{"history.db", "logs"} {
		if info, err := os.Stat(filepath.Join(dir, name)); err != nil || info.Mode().Perm()&0o077 != 0 {
			t.Errorf("others than the user may look into %s: %v %v", name, info.Mode(), err)
		}
	}
}

func TestLatestOfEachEntityAndTarget(t *testing.T) {
	store := openStore(t, t.TempDir())
	other := runOf("other", "flow", runs.Local, runs.Succeeded, 9)
	other.File = "/project/other.py"
	save(t, store,
		runOf("2", "flow", runs.Local, runs.Failed, 2),
		runOf("1", "flow", runs.Local, runs.Succeeded, 1),
		runOf("3", "flow", runs.Remote, runs.Running, 0),
		runOf("4", "task", runs.Local, runs.Cancelled, 5),
		other,
	)
	latest, err := store.Latest(t.Context(), "/project/flow.py")
	if err != nil {
		t.Fatal(err)
	}
	ids := map[string]bool{}
	for _, run := range latest {
		ids[run.ID] = true
	}
	if want := map[string]bool{"2": true, "3": true, "4": true}; len(latest) != 3 || !reflect.DeepEqual(ids, want) {
		t.Errorf("got %v, want %v", ids, want)
	}
}

// Two servers write at once and see each other's runs.
func TestTwoStoresAtOnce(t *testing.T) {
	dir := t.TempDir()
	var stores [2]*runs.Store
	var opening sync.WaitGroup
	for i := range stores {
		opening.Go(func() { // both make the database
			store, err := runs.OpenStore(t.Context(), dir)
			if err != nil {
				t.Error(err)
				return
			}
			stores[i] = store
		})
	}
	opening.Wait()
	if t.Failed() {
		return
	}
	var writing sync.WaitGroup
	for i, store := range stores {
		t.Cleanup(func() { store.Close() })
		writing.Go(func() {
			for n := range 50 {
				run := runOf(fmt.Sprint(i, "-", n), fmt.Sprint("entity", i, n), runs.Local, runs.Succeeded, n)
				if err := store.Save(t.Context(), &run); err != nil {
					t.Error(err)
				}
			}
		})
	}
	writing.Wait()
	for _, store := range stores {
		if latest, err := store.Latest(t.Context(), "/project/flow.py"); err != nil || len(latest) != 100 {
			t.Errorf("one store sees %d runs (%v), want 100", len(latest), err)
		}
	}
}

// The history doesn't grow for ever: the oldest runs go, with their logs; one
// that goes on stays.
func TestPrune(t *testing.T) {
	dir := t.TempDir()
	store := openStore(t, dir)
	save(t, store, runOf("oldest", "flow", runs.Local, runs.Succeeded, 0), runOf("running", "flow", runs.Remote, runs.Running, 1))
	for _, id := range []string{"oldest", "running"} {
		if err := os.WriteFile(store.LogPath(id), []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	fill(t, dir, 2000)
	if err := store.Prune(t.Context()); err != nil {
		t.Fatal(err)
	}
	for id, want := range map[string]bool{"oldest": false, "running": true, "filler-0": true, "filler-1999": true} {
		run, err := store.Get(t.Context(), id)
		if err != nil || (run != nil) != want {
			t.Errorf("%s is there: %v (%v), want %v", id, run != nil, err, want)
		}
	}
	if _, err := os.Stat(store.LogPath("oldest")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the log of a removed run: %v", err)
	}
	if _, err := os.Stat(store.LogPath("running")); err != nil {
		t.Error(err)
	}
}

// fill adds runs in one transaction.
func fill(t *testing.T, dir string, number int) {
	t.Helper()
	db := rawDatabase(t, dir)
	_, err := db.Exec(`WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ?)
		INSERT INTO runs SELECT 'filler-' || i, '/project/filler.py', 'flow', 'local', 'succeeded', ? + i, 0,
		'{"id":"filler-' || i || '","state":"succeeded"}' FROM n`, number, begun.Add(time.Hour).UnixMicro())
	if err != nil {
		t.Fatal(err)
	}
}

func rawDatabase(t *testing.T, dir string) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite", filepath.Join(dir, "history.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

// Of the runs whose server is gone, each goes to one other server.
func TestOrphans(t *testing.T) {
	dir := t.TempDir()
	store := openStore(t, dir)
	save(t, store, runOf("mine", "flow", runs.Local, runs.Running, 0))
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), envOrphan+"="+dir)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	second := openStore(t, dir)
	var all []string
	for _, store := range []*runs.Store{store, second, store} {
		orphans, err := store.Orphans(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, run := range orphans {
			all = append(all, run.ID)
		}
	}
	if strings.Join(all, " ") != "orphan" {
		t.Errorf("taken over: %q, want the orphan, once", all)
	}
}

// A file that is no database is put aside, and a new history begins.
func TestUnreadableHistory(t *testing.T) {
	for name, spoil := range map[string]func(path string) error{
		"no database": func(path string) error {
			return os.WriteFile(path, []byte(strings.Repeat("not a database ", 100)), 0o600)
		},
		"overwritten in the middle": func(path string) error {
			file, err := os.OpenFile(path, os.O_RDWR, 0)
			if err != nil {
				return err
			}
			_, err = file.WriteAt([]byte(strings.Repeat("\xff", 3*4096)), 100)
			return errors.Join(err, file.Close())
		},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			store := openStore(t, dir)
			save(t, store, runOf("1", "flow", runs.Local, runs.Succeeded, 0))
			if err := store.Close(); err != nil {
				t.Fatal(err)
			}
			path := filepath.Join(dir, "history.db")
			if err := spoil(path); err != nil {
				t.Fatal(err)
			}
			store, err := runs.OpenStore(t.Context(), dir)
			var unreadable *runs.UnreadableHistoryError
			if !errors.As(err, &unreadable) || store == nil {
				t.Fatalf("got %v, want an UnreadableHistoryError and a store", err)
			}
			defer store.Close()
			if _, err := os.Stat(unreadable.Aside); err != nil || !strings.Contains(unreadable.Error(), unreadable.Aside) {
				t.Errorf("the old file: %v; the error: %v", err, unreadable)
			}
			save(t, store, runOf("2", "flow", runs.Local, runs.Succeeded, 0))
			if latest, err := store.Latest(t.Context(), "/project/flow.py"); err != nil || len(latest) != 1 || latest[0].ID != "2" {
				t.Errorf("the new history has %v (%v)", latest, err)
			}
		})
	}
}

// A history of a newer flyte-lsp is left alone.
func TestNewerHistory(t *testing.T) {
	dir := t.TempDir()
	store := openStore(t, dir)
	save(t, store, runOf("1", "flow", runs.Local, runs.Succeeded, 0))
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	db := rawDatabase(t, dir)
	if _, err := db.Exec("PRAGMA user_version = 99"); err != nil {
		t.Fatal(err)
	}
	if _, err := runs.OpenStore(t.Context(), dir); err == nil || !strings.Contains(err.Error(), "newer flyte-lsp") {
		t.Errorf("got %v", err)
	}
	if matches, err := filepath.Glob(filepath.Join(dir, "*.unreadable-*")); err != nil || len(matches) != 0 {
		t.Errorf("it was put aside: %v %v", matches, err)
	}
}
