package store

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// FilterError is a fault of the request: a filter, sort key, limit or token
// that can't be read. Its text is flyteadmin's.
type FilterError struct{ Message string }

func (e *FilterError) Error() string { return e.Message }

var operators = map[string]string{
	"eq": "= ?", "ne": "!= ?", "gt": "> ?", "gte": ">= ?", "lt": "< ?", "lte": "<= ?",
	"contains": "LIKE ? ESCAPE '\\'", "not_like": "NOT LIKE ?", "value_in": "IN", "value_not_in": "NOT IN",
}

// condition is one SQL condition with its arguments.
type condition struct {
	sql  string
	args []any
	tags bool // needs the table execution_tags
}

// conditions reads flyteadmin's filter syntax, `func(column,value)` joined by
// `+` (flyteadmin pkg/manager/impl/util/filters.go).
func (k *kind[M]) conditions(filters string) ([]condition, error) {
	if filters == "" {
		return nil, nil
	}
	var all []condition
	for _, part := range splitFilters(filters) {
		c, err := k.condition(part)
		if err != nil {
			return nil, err
		}
		all = append(all, c)
	}
	return all, nil
}

// splitFilters splits at `+` between conditions, not at one inside a value.
func splitFilters(filters string) []string {
	var parts []string
	for {
		end := strings.Index(filters, ")+")
		if end < 0 {
			return append(parts, filters)
		}
		parts = append(parts, filters[:end+1])
		filters = filters[end+2:]
	}
}

func (k *kind[M]) condition(part string) (condition, error) {
	invalid := &FilterError{Message: "invalid value for filters"}
	function, rest, found := strings.Cut(part, "(")
	if !found || !strings.HasSuffix(rest, ")") {
		return condition{}, invalid
	}
	name, value, found := strings.Cut(strings.TrimSuffix(rest, ")"), ",")
	operator, known := operators[strings.TrimSpace(function)]
	if !found || !known {
		return condition{}, invalid
	}
	name, value = strings.TrimSpace(name), strings.TrimSpace(value)
	c, found := k.column(name)
	if !found {
		return condition{}, &FilterError{Message: fmt.Sprintf("'%s' is invalid filter", name)}
	}
	made := condition{tags: strings.HasPrefix(c.name, "execution_tags.")}
	values := []string{value}
	if strings.HasSuffix(operator, "IN") {
		values = strings.Split(value, ";")
		operator += " (?" + strings.Repeat(", ?", len(values)-1) + ")"
	}
	made.sql = k.qualified(c) + " " + operator
	for _, v := range values {
		if function == "contains" {
			made.args = append(made.args, "%"+likeEscaper.Replace(v)+"%")
			continue
		}
		arg, err := c.value(v)
		if err != nil {
			return condition{}, &FilterError{Message: fmt.Sprintf("invalid value for filters: %s: %v", name, err)}
		}
		made.args = append(made.args, arg)
	}
	return made, nil
}

var likeEscaper = strings.NewReplacer(`\`, `\\`, "%", `\%`, "_", `\_`)

// column finds a column by the name that a filter or sort key gives, with or
// without this table's own prefix.
func (k *kind[M]) column(name string) (column, bool) {
	if c, found := k.joined[name]; found {
		return c, true
	}
	name = strings.TrimPrefix(name, k.prefix+".")
	for _, c := range k.columns {
		if c.name == name {
			return c, true
		}
	}
	c, found := k.joined[name]
	return c, found
}

func (k *kind[M]) qualified(c column) string {
	if strings.Contains(c.name, ".") {
		return c.name
	}
	return k.table + "." + c.name
}

func (c column) value(text string) (any, error) {
	switch c.kind {
	case integer:
		if n, named := c.names[text]; named {
			return n, nil
		}
		return strconv.ParseInt(text, 10, 64)
	case moment:
		t, err := time.Parse(time.RFC3339Nano, text)
		return nanos(t), err
	case duration:
		seconds, err := strconv.ParseFloat(text, 64)
		return int64(seconds * float64(time.Second)), err
	}
	return text, nil
}
