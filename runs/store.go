package runs

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"
	_ "modernc.org/sqlite" // the driver
)

// keptRuns bounds the history: older runs and their logs are removed when a
// store opens.
const keptRuns = 2000

// openTimeout bounds the wait for another server that opens the history.
const openTimeout = 10 * time.Second

// migrations bring a database to the current schema: the one at index i takes
// it from user_version i to i+1.
var migrations = []string{
	`CREATE TABLE runs (
		id      TEXT PRIMARY KEY,
		file    TEXT NOT NULL,
		entity  TEXT NOT NULL,
		target  TEXT NOT NULL,
		state   TEXT NOT NULL,
		started INTEGER NOT NULL, -- Unix microseconds
		owner   INTEGER NOT NULL, -- process id of the server that runs it
		run     TEXT NOT NULL     -- the Run as JSON
	) STRICT;
	CREATE INDEX runs_by_entity ON runs (file, entity, target, started DESC);
	CREATE INDEX runs_by_state ON runs (state);`,
}

// Store is the history of runs, in one SQLite file that all servers of the
// user share.
type Store struct {
	db   *sql.DB
	logs string
}

// OpenStore opens, or makes, the history below dir. A database that SQLite
// can't read is moved aside, and its new place is in the error that comes
// with the new, empty store.
func OpenStore(ctx context.Context, dir string) (*Store, error) {
	logs := filepath.Join(dir, "logs")
	if err := os.MkdirAll(logs, 0o700); err != nil {
		return nil, fmt.Errorf("history: %w", err)
	}
	path := filepath.Join(dir, "history.db")
	// Of two servers that make the database at once, SQLite turns one away
	// without waiting: both want to switch it to WAL.
	lock := flock.New(path + ".lock")
	waiting, cancel := context.WithTimeout(ctx, openTimeout)
	defer cancel()
	if _, err := lock.TryLockContext(waiting, 10*time.Millisecond); err != nil {
		return nil, fmt.Errorf("history: another flyte-lsp holds %s: %w", lock.Path(), err)
	}
	defer lock.Close()
	store, err := openStore(ctx, path, logs)
	if err == nil || !isCorrupt(err) {
		return store, err
	}
	aside := fmt.Sprintf("%s.unreadable-%d", path, time.Now().Unix())
	if renameErr := os.Rename(path, aside); renameErr != nil {
		return nil, fmt.Errorf("history %s is unreadable (%w), and can't be moved aside: %w", path, err, renameErr)
	}
	for _, suffix := range []string{"-wal", "-shm"} {
		if rmErr := os.Remove(path + suffix); rmErr != nil && !errors.Is(rmErr, os.ErrNotExist) {
			return nil, fmt.Errorf("history: %w", rmErr)
		}
	}
	store, openErr := openStore(ctx, path, logs)
	if openErr != nil {
		return nil, openErr
	}
	return store, &UnreadableHistoryError{Path: path, Aside: aside, Err: err}
}

// UnreadableHistoryError tells that the history could not be read and was
// moved aside. The store that comes with it works and is empty.
type UnreadableHistoryError struct {
	Path, Aside string
	Err         error
}

func (e *UnreadableHistoryError) Error() string {
	return fmt.Sprintf("the history of runs, %s, could not be read (%v): it was moved to %s, and a new one started", e.Path, e.Err, e.Aside)
}

func (e *UnreadableHistoryError) Unwrap() error { return e.Err }

func openStore(ctx context.Context, path, logs string) (*Store, error) {
	query := url.Values{"_pragma": {"journal_mode(WAL)", "busy_timeout(5000)", "synchronous(NORMAL)"}}
	db, err := sql.Open("sqlite", (&url.URL{Scheme: "file", Path: path, RawQuery: query.Encode()}).String())
	if err != nil {
		return nil, fmt.Errorf("history %s: %w", path, err)
	}
	db.SetMaxOpenConns(2)
	store := &Store{db: db, logs: logs}
	if err := store.migrate(ctx); err != nil {
		_ = db.Close() // the error below tells more
		return nil, fmt.Errorf("history %s: %w", path, err)
	}
	if err := os.Chmod(path, 0o600); err != nil {
		_ = db.Close() // likewise
		return nil, fmt.Errorf("history: %w", err)
	}
	return store, nil
}

func (s *Store) migrate(ctx context.Context) error {
	var version int
	if err := s.db.QueryRowContext(ctx, "PRAGMA user_version").Scan(&version); err != nil {
		return err
	}
	if version == len(migrations) {
		return nil
	}
	if version > len(migrations) {
		return fmt.Errorf("it was written by a newer flyte-lsp (schema %d, this one knows %d): update flyte-lsp", version, len(migrations))
	}
	conn, err := s.db.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	// Two servers may start at once: the second waits here and then finds the
	// work done.
	if _, err := conn.ExecContext(ctx, "BEGIN IMMEDIATE"); err != nil {
		return err
	}
	err = conn.QueryRowContext(ctx, "PRAGMA user_version").Scan(&version)
	for ; err == nil && version < len(migrations); version++ {
		_, err = conn.ExecContext(ctx, fmt.Sprintf("%s; PRAGMA user_version = %d", migrations[version], version+1))
	}
	if err != nil {
		_, rollbackErr := conn.ExecContext(ctx, "ROLLBACK")
		return errors.Join(err, rollbackErr)
	}
	_, err = conn.ExecContext(ctx, "COMMIT")
	return err
}

// Close closes the database.
func (s *Store) Close() error { return s.db.Close() }

// LogPath is where the log of a run with this id lives.
func (s *Store) LogPath(id string) string { return filepath.Join(s.logs, id+".log") }

// Save writes the run's present state.
func (s *Store) Save(ctx context.Context, run *Run) error {
	text, err := json.Marshal(run)
	if err != nil {
		return fmt.Errorf("history: run %s: %w", run.ID, err)
	}
	_, err = s.db.ExecContext(ctx, `INSERT INTO runs (id, file, entity, target, state, started, owner, run)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (id) DO UPDATE SET state = excluded.state, owner = excluded.owner, run = excluded.run`,
		run.ID, run.File, run.Entity, run.Target, run.State, run.Started.UnixMicro(), os.Getpid(), string(text))
	if err != nil {
		return fmt.Errorf("the history of runs can't be written, this run won't be remembered: %w", err)
	}
	return nil
}

// Get returns the run with this id, or nil.
func (s *Store) Get(ctx context.Context, id string) (*Run, error) {
	runs, err := s.query(ctx, "SELECT run FROM runs WHERE id = ?", id)
	if err != nil || len(runs) == 0 {
		return nil, err
	}
	return runs[0], nil
}

// Latest returns the newest run of each entity and target of the file.
func (s *Store) Latest(ctx context.Context, file string) ([]*Run, error) {
	return s.query(ctx, `SELECT run FROM runs AS r WHERE file = ?1 AND started =
		(SELECT max(started) FROM runs WHERE file = ?1 AND entity = r.entity AND target = r.target)`, file)
}

// Orphans returns the runs that still count as running though the process
// that ran them is gone, and takes them over for this process.
func (s *Store) Orphans(ctx context.Context) ([]*Run, error) {
	rows, err := s.db.QueryContext(ctx, "SELECT DISTINCT owner FROM runs WHERE state = ?", Running)
	if err != nil {
		return nil, fmt.Errorf("history: %w", err)
	}
	owners, err := scan[int](rows)
	if err != nil {
		return nil, err
	}
	var orphans []*Run
	for _, owner := range owners {
		if owner == os.Getpid() || alive(owner) {
			continue
		}
		// The update makes sure that of two servers only one takes a run.
		found, err := s.query(ctx, "UPDATE runs SET owner = ? WHERE state = ? AND owner = ? RETURNING run", os.Getpid(), Running, owner)
		if err != nil {
			return nil, err
		}
		orphans = append(orphans, found...)
	}
	return orphans, nil
}

// Prune removes the oldest runs, and their logs, beyond the number kept.
func (s *Store) Prune(ctx context.Context) error {
	rows, err := s.db.QueryContext(ctx, `DELETE FROM runs WHERE state <> ? AND id NOT IN
		(SELECT id FROM runs ORDER BY started DESC LIMIT ?) RETURNING id`, Running, keptRuns)
	if err != nil {
		return fmt.Errorf("history: %w", err)
	}
	ids, err := scan[string](rows)
	if err != nil {
		return err
	}
	for _, id := range ids {
		if rmErr := os.Remove(s.LogPath(id)); rmErr != nil && !errors.Is(rmErr, os.ErrNotExist) {
			err = errors.Join(err, rmErr)
		}
	}
	return err
}

func (s *Store) query(ctx context.Context, query string, args ...any) ([]*Run, error) {
	rows, err := s.db.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, fmt.Errorf("history: %w", err)
	}
	texts, err := scan[string](rows)
	if err != nil {
		return nil, err
	}
	runs := make([]*Run, 0, len(texts))
	for _, text := range texts {
		run := new(Run)
		if err := json.Unmarshal([]byte(text), run); err != nil {
			return nil, fmt.Errorf("history: %w", err)
		}
		runs = append(runs, run)
	}
	return runs, nil
}

// scan reads the one column of all rows and closes them.
func scan[T any](rows *sql.Rows) ([]T, error) {
	defer rows.Close()
	var all []T
	for rows.Next() {
		var one T
		if err := rows.Scan(&one); err != nil {
			return nil, fmt.Errorf("history: %w", err)
		}
		all = append(all, one)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("history: %w", err)
	}
	return all, nil
}

// HashSource identifies a source text: a run whose hash differs from that of
// the entity's present text is older than the source.
func HashSource(text []byte) string {
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:16])
}
