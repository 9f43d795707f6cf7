package store

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/admin"
)

// Query is a list request, as all of flyteadmin's have it.
type Query struct {
	// Equal are conditions of the request's own: column to value.
	Equal   map[string]any
	Filters string
	Sort    *admin.Sort
	Limit   uint32
	Token   string
}

// page reads limit and token. flyteadmin refuses limit 0 and takes a decimal
// offset as token.
func (q Query) page() (offset int, err error) {
	if q.Limit == 0 {
		return 0, &FilterError{Message: "invalid value for limit"}
	}
	if q.Token == "" {
		return 0, nil
	}
	offset, err = strconv.Atoi(q.Token)
	if err != nil || offset < 0 {
		return 0, &FilterError{Message: fmt.Sprintf("invalid pagination token %s", q.Token)}
	}
	return offset, nil
}

// next is the token of the page after one of n rows: none unless this one was
// full.
func (q Query) next(offset, n int) string {
	if n < int(q.Limit) {
		return ""
	}
	return strconv.Itoa(offset + n)
}

// List reads a page of rows and the token of the next. A *FilterError tells
// that the request can't be read.
func (t *Table[M]) List(ctx context.Context, q Query) ([]Row[M], string, error) {
	offset, err := q.page()
	if err != nil {
		return nil, "", err
	}
	where, args, err := t.whereOf(q)
	if err != nil {
		return nil, "", err
	}
	order, err := t.orderOf(q.Sort)
	if err != nil {
		return nil, "", err
	}
	args = append(args, q.Limit, offset)
	rows, err := t.query(ctx, where+order+" LIMIT ? OFFSET ?", args...)
	if err != nil {
		return nil, "", err
	}
	return rows, q.next(offset, len(rows)), nil
}

func (t *Table[M]) whereOf(q Query) (string, []any, error) {
	conditions, err := t.conditions(q.Filters)
	if err != nil {
		return "", nil, err
	}
	for name, value := range q.Equal {
		conditions = append(conditions, condition{sql: t.table + "." + name + " = ?", args: []any{value}})
	}
	var tags, plain []string
	var tagArgs, args []any
	for _, c := range conditions {
		if c.tags {
			tags, tagArgs = append(tags, c.sql), append(tagArgs, c.args...)
		} else {
			plain, args = append(plain, c.sql), append(args, c.args...)
		}
	}
	if len(tags) > 0 {
		// All conditions on tags hold for one tag, as in flyteadmin's join.
		plain = append(plain, fmt.Sprintf("EXISTS (SELECT 1 FROM execution_tags WHERE execution_tags.execution_project = %[1]s.execution_project"+
			" AND execution_tags.execution_domain = %[1]s.execution_domain AND execution_tags.execution_name = %[1]s.execution_name AND %[2]s)",
			t.table, strings.Join(tags, " AND ")))
		args = append(args, tagArgs...)
	}
	if len(plain) == 0 {
		return "", nil, nil
	}
	return " WHERE " + strings.Join(plain, " AND "), args, nil
}

func (t *Table[M]) orderOf(sort *admin.Sort) (string, error) {
	if sort.GetKey() == "" {
		return fmt.Sprintf(" ORDER BY %s.rowid", t.table), nil
	}
	c, found := t.column(sort.GetKey())
	if !found || strings.Contains(c.name, ".") {
		return "", &FilterError{Message: fmt.Sprintf("invalid sort key '%s'", sort.GetKey())}
	}
	direction := "DESC"
	if sort.GetDirection() == admin.Sort_ASCENDING {
		direction = "ASC"
	}
	return fmt.Sprintf(" ORDER BY %s %s, %s.rowid %s", t.qualified(c), direction, t.table, direction), nil
}
