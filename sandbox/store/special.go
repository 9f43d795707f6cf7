package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/admin"
	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/core"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"
)

// SetLaunchPlanState makes a launch plan active or inactive. An activated one
// replaces the active version of its name. ErrNotFound if there is no such
// launch plan.
func (s *Store) SetLaunchPlanState(ctx context.Context, id *core.Identifier, state admin.LaunchPlanState) error {
	found, err := s.LaunchPlans.Get(ctx, id.GetProject(), id.GetDomain(), id.GetName(), id.GetVersion())
	if err != nil {
		return err
	}
	changed := []Row[*admin.LaunchPlan]{}
	if state == admin.LaunchPlanState_ACTIVE {
		active, err := s.ActiveLaunchPlan(ctx, id.GetProject(), id.GetDomain(), id.GetName())
		if err == nil && !proto.Equal(active.Message.GetId(), found.Message.GetId()) {
			active.Message.Closure.State = admin.LaunchPlanState_INACTIVE
			changed = append(changed, active)
		} else if err != nil && !errors.Is(err, ErrNotFound) {
			return err
		}
	}
	found.Message.Closure.State = state
	changed = append(changed, found)
	return s.inTx(ctx, func(tx *sql.Tx) error {
		for _, row := range changed {
			row.Message.Closure.UpdatedAt = timestamppb.Now()
			if err := s.LaunchPlans.updateIn(ctx, tx, row); err != nil {
				return err
			}
		}
		return nil
	})
}

// ActiveLaunchPlan is the active version of a name; ErrNotFound if none is.
func (s *Store) ActiveLaunchPlan(ctx context.Context, project, domain, name string) (Row[*admin.LaunchPlan], error) {
	rows, err := s.LaunchPlans.query(ctx, " WHERE project = ? AND domain = ? AND name = ? AND state = 1", project, domain, name)
	if err != nil {
		return Row[*admin.LaunchPlan]{}, err
	}
	if len(rows) == 0 {
		return Row[*admin.LaunchPlan]{}, ErrNotFound
	}
	return rows[0], nil
}

// Names lists the distinct names of a table of registered entities, and the
// token of the next page. all includes the launch plans and workflows that
// were generated for executing a single task.
func (t *Table[M]) Names(ctx context.Context, q Query, all bool) ([]string, string, error) {
	offset, err := q.page()
	if err != nil {
		return nil, "", err
	}
	where, args, err := t.whereOf(q)
	if err != nil {
		return nil, "", err
	}
	if !all {
		where += " AND name NOT LIKE '.flytegen.%'"
	}
	direction := "ASC"
	if key := q.Sort.GetKey(); key != "" && key != "name" {
		return nil, "", &FilterError{Message: fmt.Sprintf("invalid sort key '%s'", key)}
	} else if key != "" && q.Sort.GetDirection() == admin.Sort_DESCENDING {
		direction = "DESC"
	}
	rows, err := t.store.read.QueryContext(ctx, "SELECT DISTINCT name FROM "+t.table+where+" ORDER BY name "+direction+" LIMIT ? OFFSET ?", append(args, q.Limit, offset)...)
	if err != nil {
		return nil, "", fmt.Errorf("reading %s: %w", t.table, err)
	}
	defer rows.Close()
	var names []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return nil, "", err
		}
		names = append(names, name)
	}
	return names, q.next(offset, len(names)), rows.Err()
}

// unfinished selects executions that haven't ended.
const unfinished = " WHERE phase NOT IN ('SUCCEEDED', 'FAILED', 'ABORTED', 'TIMED_OUT')"

// Unfinished are the executions that haven't ended, oldest first.
func (s *Store) Unfinished(ctx context.Context) ([]Row[*admin.Execution], error) {
	return s.Executions.query(ctx, unfinished+" ORDER BY rowid")
}

// CountUnfinished counts the executions that haven't ended.
func (s *Store) CountUnfinished(ctx context.Context) (int, error) {
	var n int
	err := s.read.QueryRowContext(ctx, "SELECT count(*) FROM executions"+unfinished).Scan(&n)
	return n, err
}

// InsertExecution adds an execution with its tags (key to value).
func (s *Store) InsertExecution(ctx context.Context, execution *admin.Execution, tags map[string]string) error {
	id := execution.GetId()
	return s.inTx(ctx, func(tx *sql.Tx) error {
		if err := s.Executions.insertIn(ctx, tx, Row[*admin.Execution]{Message: execution}); err != nil {
			return err
		}
		for key, value := range tags {
			if _, err := tx.ExecContext(ctx, "INSERT OR IGNORE INTO execution_tags VALUES (?, ?, ?, ?, ?)", id.GetProject(), id.GetDomain(), id.GetName(), key, value); err != nil {
				return fmt.Errorf("storing an execution's tags: %w", err)
			}
		}
		return nil
	})
}

// NodesOf are all node executions of an execution, in the order in which they
// began.
func (s *Store) NodesOf(ctx context.Context, id *core.WorkflowExecutionIdentifier) ([]Row[*admin.NodeExecution], error) {
	return s.NodeExecutions.query(ctx, " WHERE execution_project = ? AND execution_domain = ? AND execution_name = ? ORDER BY rowid",
		id.GetProject(), id.GetDomain(), id.GetName())
}

// AttemptsOf are a node execution's task executions, in order of attempts.
func (s *Store) AttemptsOf(ctx context.Context, id *core.NodeExecutionIdentifier) ([]Row[*admin.TaskExecution], error) {
	execution := id.GetExecutionId()
	return s.TaskExecutions.query(ctx, " WHERE execution_project = ? AND execution_domain = ? AND execution_name = ? AND node_id = ? ORDER BY retry_attempt",
		execution.GetProject(), execution.GetDomain(), execution.GetName(), id.GetNodeId())
}

// Attempt reads one task execution.
func (s *Store) Attempt(ctx context.Context, id *core.TaskExecutionIdentifier) (Row[*admin.TaskExecution], error) {
	return s.TaskExecutions.Get(ctx, taskExecutionKey(id)...)
}

// Node reads one node execution.
func (s *Store) Node(ctx context.Context, id *core.NodeExecutionIdentifier) (Row[*admin.NodeExecution], error) {
	execution := id.GetExecutionId()
	return s.NodeExecutions.Get(ctx, execution.GetProject(), execution.GetDomain(), execution.GetName(), id.GetNodeId())
}

// Execution reads one execution.
func (s *Store) Execution(ctx context.Context, id *core.WorkflowExecutionIdentifier) (*admin.Execution, error) {
	row, err := s.Executions.Get(ctx, id.GetProject(), id.GetDomain(), id.GetName())
	return row.Message, err
}

// Task reads the task that is registered under an identifier.
func (s *Store) Task(ctx context.Context, id *core.Identifier) (Row[*admin.Task], error) {
	return s.Tasks.Get(ctx, id.GetProject(), id.GetDomain(), id.GetName(), id.GetVersion())
}

// Workflow reads the workflow that is registered under an identifier.
func (s *Store) Workflow(ctx context.Context, id *core.Identifier) (Row[*admin.Workflow], error) {
	return s.Workflows.Get(ctx, id.GetProject(), id.GetDomain(), id.GetName(), id.GetVersion())
}

// LaunchPlan reads the launch plan that is registered under an identifier.
func (s *Store) LaunchPlan(ctx context.Context, id *core.Identifier) (Row[*admin.LaunchPlan], error) {
	return s.LaunchPlans.Get(ctx, id.GetProject(), id.GetDomain(), id.GetName(), id.GetVersion())
}

// Cached reads a cache entry: the outputs, and the task execution that made
// them. ErrNotFound if there is none.
func (s *Store) Cached(ctx context.Context, key string) (*core.LiteralMap, *core.TaskExecutionIdentifier, error) {
	var outputs, source []byte
	err := s.read.QueryRowContext(ctx, "SELECT outputs, source FROM cache WHERE key = ?", key).Scan(&outputs, &source)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil, ErrNotFound
	}
	if err != nil {
		return nil, nil, fmt.Errorf("reading the cache: %w", err)
	}
	literals, from := &core.LiteralMap{}, &core.TaskExecutionIdentifier{}
	return literals, from, errors.Join(proto.Unmarshal(outputs, literals), proto.Unmarshal(source, from))
}

// Cache writes a cache entry, over an older one of the same key.
func (s *Store) Cache(ctx context.Context, key string, outputs *core.LiteralMap, source *core.TaskExecutionIdentifier) error {
	data, err := proto.Marshal(outputs)
	if err != nil {
		return fmt.Errorf("writing the cache: %w", err)
	}
	from, err := proto.Marshal(source)
	if err != nil {
		return fmt.Errorf("writing the cache: %w", err)
	}
	if _, err := s.write.ExecContext(ctx, "INSERT OR REPLACE INTO cache VALUES (?, ?, ?, ?)", key, time.Now().UnixNano(), data, from); err != nil {
		return fmt.Errorf("writing the cache: %w", err)
	}
	return nil
}
