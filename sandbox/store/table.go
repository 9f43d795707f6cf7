package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"google.golang.org/protobuf/proto"
)

// Row is a message, and the one thing that is kept beside it and that clients
// don't see: the digest of a registered entity's structure, the parent of a
// node execution, the process of a task execution.
type Row[M proto.Message] struct {
	Message M
	Note    string
}

// kind describes a table: where its columns come from and what filters may
// name.
type kind[M proto.Message] struct {
	table string
	// prefix is what filters may write before this table's columns ("task.").
	prefix string
	key    int // the first so many columns are the primary key
	// columns are the table's own, in order; values gives them for a message.
	columns []column
	values  func(M) []any
	note    string // the column of Row.Note, "" if none
	// joined are the columns of other entities that filters and sort keys may
	// name here, as "prefix.column".
	joined map[string]column
	make   func() M
}

// Table is one kind of message in the store.
type Table[M proto.Message] struct {
	kind[M]
	store  *Store
	insert string
	update string
	where  string // the primary key
}

type execer interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
}

func newTable[M proto.Message](s *Store, k kind[M]) *Table[M] {
	t := &Table[M]{kind: k, store: s}
	names := make([]string, 0, len(k.columns)+2)
	for _, c := range k.columns {
		names = append(names, c.name)
	}
	names = append(names, "body")
	if k.note != "" {
		names = append(names, k.note)
	}
	t.insert = fmt.Sprintf("INSERT INTO %s (%s) VALUES (?%s)", k.table, strings.Join(names, ", "), strings.Repeat(", ?", len(names)-1))
	t.update = fmt.Sprintf("UPDATE %s SET %s = ?", k.table, strings.Join(names, " = ?, "))
	t.where = " WHERE " + strings.Join(names[:k.key], " = ? AND ") + " = ?"
	return t
}

func (t *Table[M]) row(r Row[M]) ([]any, error) {
	body, err := proto.Marshal(r.Message)
	if err != nil {
		return nil, fmt.Errorf("storing in %s: %w", t.table, err)
	}
	values := append(t.values(r.Message), body)
	if t.note != "" {
		values = append(values, r.Note)
	}
	return values, nil
}

// Insert adds a row; ErrExists if its key is taken.
func (t *Table[M]) Insert(ctx context.Context, r Row[M]) error {
	return t.insertIn(ctx, t.store.write, r)
}

func (t *Table[M]) insertIn(ctx context.Context, db execer, r Row[M]) error {
	values, err := t.row(r)
	if err != nil {
		return err
	}
	_, err = db.ExecContext(ctx, t.insert, values...)
	if isDuplicate(err) {
		return ErrExists
	}
	if err != nil {
		return fmt.Errorf("storing in %s: %w", t.table, err)
	}
	return nil
}

// Update replaces the row of the same key; ErrNotFound if there is none.
func (t *Table[M]) Update(ctx context.Context, r Row[M]) error {
	return t.updateIn(ctx, t.store.write, r)
}

func (t *Table[M]) updateIn(ctx context.Context, db execer, r Row[M]) error {
	values, err := t.row(r)
	if err != nil {
		return err
	}
	result, err := db.ExecContext(ctx, t.update+t.where, append(values, values[:t.key]...)...)
	if err != nil {
		return fmt.Errorf("storing in %s: %w", t.table, err)
	}
	if n, err := result.RowsAffected(); err != nil || n == 0 {
		return errors.Join(ErrNotFound, err)
	}
	return nil
}

// Put inserts the row, or replaces the one of the same key.
func (t *Table[M]) Put(ctx context.Context, r Row[M]) error {
	return t.store.inTx(ctx, func(tx *sql.Tx) error {
		err := t.updateIn(ctx, tx, r)
		if errors.Is(err, ErrNotFound) {
			return t.insertIn(ctx, tx, r)
		}
		return err
	})
}

// Get reads the row with the key, given in the order of the table's key
// columns; ErrNotFound if there is none.
func (t *Table[M]) Get(ctx context.Context, key ...any) (Row[M], error) {
	rows, err := t.query(ctx, t.where, key...)
	if err != nil {
		return Row[M]{}, err
	}
	if len(rows) == 0 {
		return Row[M]{}, ErrNotFound
	}
	return rows[0], nil
}

// query reads the rows that the SQL after FROM selects.
func (t *Table[M]) query(ctx context.Context, rest string, args ...any) ([]Row[M], error) {
	columns := t.table + ".body"
	if t.note != "" {
		columns += ", " + t.table + "." + t.note
	}
	rows, err := t.store.read.QueryContext(ctx, "SELECT "+columns+" FROM "+t.table+rest, args...)
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", t.table, err)
	}
	defer rows.Close()
	var found []Row[M]
	for rows.Next() {
		r := Row[M]{Message: t.make()}
		var body []byte
		targets := []any{&body}
		if t.note != "" {
			targets = append(targets, &r.Note)
		}
		if err := rows.Scan(targets...); err != nil {
			return nil, fmt.Errorf("reading %s: %w", t.table, err)
		}
		if err := proto.Unmarshal(body, r.Message); err != nil {
			return nil, fmt.Errorf("reading %s: %w", t.table, err)
		}
		found = append(found, r)
	}
	return found, rows.Err()
}
