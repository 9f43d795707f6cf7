// Package store keeps the sandbox's state in SQLite: what is registered, and
// each execution, node execution and task attempt as the message that clients
// get, beside the columns that lists filter and sort by (flyteadmin's own
// names, since clients write them in filters).
package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"syscall"
	"time"

	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/admin"
	"modernc.org/sqlite" // the driver "sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// ErrNotFound is returned where no row has the key.
var ErrNotFound = errors.New("not found")

// ErrExists is returned by Insert where a row has the key already.
var ErrExists = errors.New("exists already")

// Store is the database. Its methods may be called concurrently.
type Store struct {
	write *sql.DB // one connection: SQLite has one writer
	read  *sql.DB

	Projects       *Table[*admin.Project]
	Tasks          *Table[*admin.Task]
	Workflows      *Table[*admin.Workflow]
	LaunchPlans    *Table[*admin.LaunchPlan]
	Executions     *Table[*admin.Execution]
	NodeExecutions *Table[*admin.NodeExecution]
	TaskExecutions *Table[*admin.TaskExecution]
}

// migrations bring a database from version i to i+1 (PRAGMA user_version).
var migrations = []string{schema}

// Open opens the database in path, makes it if it is missing, and brings it
// to this program's version. It refuses one that a later program wrote.
func Open(ctx context.Context, path string) (*Store, error) {
	dsn := "file:" + (&url.URL{Path: path}).EscapedPath() +
		"?_pragma=journal_mode(WAL)&_pragma=synchronous(NORMAL)&_pragma=busy_timeout(5000)&_txlock=immediate"
	write, err := sql.Open("sqlite", dsn)
	if err != nil {
		return nil, fmt.Errorf("opening the sandbox's database %s: %w", path, err)
	}
	write.SetMaxOpenConns(1)
	if err := migrate(ctx, write); err != nil {
		return nil, errors.Join(fmt.Errorf("opening the sandbox's database %s: %w (`flyte-lsp sandbox reset` starts with an empty one)", path, err), write.Close())
	}
	read, err := sql.Open("sqlite", dsn+"&_pragma=query_only(1)")
	if err != nil {
		return nil, errors.Join(fmt.Errorf("opening the sandbox's database %s: %w", path, err), write.Close())
	}
	read.SetMaxOpenConns(4)
	s := &Store{write: write, read: read}
	s.Projects = newTable(s, projects)
	s.Tasks = newTable(s, tasks)
	s.Workflows = newTable(s, workflows)
	s.LaunchPlans = newTable(s, launchPlans)
	s.Executions = newTable(s, executions)
	s.NodeExecutions = newTable(s, nodeExecutions)
	s.TaskExecutions = newTable(s, taskExecutions)
	return s, nil
}

// Close closes the database.
func (s *Store) Close() error { return errors.Join(s.read.Close(), s.write.Close()) }

func migrate(ctx context.Context, db *sql.DB) error {
	var version int
	if err := db.QueryRowContext(ctx, "PRAGMA user_version").Scan(&version); err != nil {
		return err
	}
	if version > len(migrations) {
		return fmt.Errorf("a later flyte-lsp wrote it (version %d, this one knows %d)", version, len(migrations))
	}
	for ; version < len(migrations); version++ {
		script := fmt.Sprintf("BEGIN IMMEDIATE;\n%s\nPRAGMA user_version = %d;\nCOMMIT;", migrations[version], version+1)
		if _, err := db.ExecContext(ctx, script); err != nil {
			return fmt.Errorf("migration to version %d: %w", version+1, err)
		}
	}
	return nil
}

// inTx runs do in one write transaction.
func (s *Store) inTx(ctx context.Context, do func(*sql.Tx) error) error {
	tx, err := s.write.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if err := do(tx); err != nil {
		return errors.Join(err, tx.Rollback())
	}
	return tx.Commit()
}

func isDuplicate(err error) bool {
	var failed *sqlite.Error
	if !errors.As(err, &failed) {
		return false
	}
	return failed.Code() == sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY || failed.Code() == sqlite3.SQLITE_CONSTRAINT_UNIQUE
}

// NoRoom tells whether err means that the disk, or the user's share of it, is
// full.
func NoRoom(err error) bool {
	var failed *sqlite.Error
	if errors.As(err, &failed) {
		return failed.Code() == sqlite3.SQLITE_IOERR_WRITE || failed.Code()&0xff == sqlite3.SQLITE_FULL
	}
	return errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) || errors.Is(err, syscall.EFBIG)
}

func nanos(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixNano()
}
