package store

import (
	maps0 "maps"

	"google.golang.org/protobuf/types/known/durationpb"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/admin"
	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/core"
)

// valueKind says how a filter's text becomes a column's value.
type valueKind int

const (
	text     valueKind = iota
	integer            // decimal, or a name of column.names
	moment             // RFC 3339 to nanoseconds since 1970
	duration           // seconds to nanoseconds
)

type column struct {
	name  string
	kind  valueKind
	names map[string]int32
}

func texts(names ...string) []column {
	columns := make([]column, len(names))
	for i, name := range names {
		columns[i] = column{name: name}
	}
	return columns
}

var registered = texts("project", "domain", "name", "version")

func registeredValues(id *core.Identifier, created *timestamppb.Timestamp) []any {
	return []any{id.GetProject(), id.GetDomain(), id.GetName(), id.GetVersion(), instant(created), instant(created)}
}

var created = []column{{name: "created_at", kind: moment}, {name: "updated_at", kind: moment}}

func columns(groups ...[]column) []column {
	var all []column
	for _, group := range groups {
		all = append(all, group...)
	}
	return all
}

var projects = kind[*admin.Project]{
	table: "projects", prefix: "project", key: 1,
	columns: columns(texts("identifier", "name", "description"), []column{{name: "state", kind: integer, names: admin.Project_ProjectState_value}}),
	values: func(m *admin.Project) []any {
		return []any{m.GetId(), m.GetName(), m.GetDescription(), int32(m.GetState())}
	},
	make: func() *admin.Project { return &admin.Project{} },
}

var tasks = kind[*admin.Task]{
	table: "tasks", prefix: "task", key: 4, note: "digest",
	columns: columns(registered, created, texts("type", "short_description")),
	values: func(m *admin.Task) []any {
		return append(registeredValues(m.GetId(), m.GetClosure().GetCreatedAt()),
			m.GetClosure().GetCompiledTask().GetTemplate().GetType(), m.GetShortDescription())
	},
	make: func() *admin.Task { return &admin.Task{} },
}

var workflows = kind[*admin.Workflow]{
	table: "workflows", prefix: "workflow", key: 4, note: "digest",
	columns: columns(registered, created, texts("short_description")),
	values: func(m *admin.Workflow) []any {
		return append(registeredValues(m.GetId(), m.GetClosure().GetCreatedAt()), m.GetShortDescription())
	},
	make: func() *admin.Workflow { return &admin.Workflow{} },
}

var launchPlans = kind[*admin.LaunchPlan]{
	table: "launch_plans", prefix: "launch_plan", key: 4, note: "digest",
	columns: columns(registered, created, []column{{name: "state", kind: integer, names: admin.LaunchPlanState_value}},
		texts("schedule_type", "workflow_project", "workflow_domain", "workflow_name", "workflow_version")),
	values: func(m *admin.LaunchPlan) []any {
		id, wf, closure := m.GetId(), m.GetSpec().GetWorkflowId(), m.GetClosure()
		return []any{
			id.GetProject(), id.GetDomain(), id.GetName(), id.GetVersion(),
			instant(closure.GetCreatedAt()), instant(closure.GetUpdatedAt()),
			int32(closure.GetState()), scheduleType(m.GetSpec().GetEntityMetadata().GetSchedule()),
			wf.GetProject(), wf.GetDomain(), wf.GetName(), wf.GetVersion(),
		}
	},
	joined: joins("workflow", "workflow_", "project", "domain", "name", "version"),
	make:   func() *admin.LaunchPlan { return &admin.LaunchPlan{} },
}

func scheduleType(s *admin.Schedule) string {
	switch s.GetScheduleExpression().(type) {
	case *admin.Schedule_CronExpression, *admin.Schedule_CronSchedule:
		return "CRON"
	case *admin.Schedule_Rate:
		return "RATE"
	}
	return "NONE"
}

// joins maps "<prefix>.<name>" to the column "<own><name>" of the table.
func joins(prefix, own string, names ...string) map[string]column {
	joined := make(map[string]column, len(names))
	for _, name := range names {
		joined[prefix+"."+name] = column{name: own + name}
	}
	return joined
}

func merged(maps ...map[string]column) map[string]column {
	all := map[string]column{}
	for _, m := range maps {
		maps0.Copy(all, m)
	}
	return all
}

// outcome are the columns of whatever runs.
var outcome = columns(texts("phase"), created,
	[]column{{name: "started_at", kind: moment}, {name: "duration", kind: duration}},
	texts("error_kind", "error_code"))

func outcomeValues(phase string, created, updated, started *timestamppb.Timestamp, took *durationpb.Duration, err *core.ExecutionError) []any {
	kind := ""
	if err != nil {
		kind = err.GetKind().String()
	}
	return []any{phase, instant(created), instant(updated), instant(started), took.AsDuration().Nanoseconds(), kind, err.GetCode()}
}

var executionKey = texts("execution_project", "execution_domain", "execution_name")

var executions = kind[*admin.Execution]{
	table: "executions", prefix: "execution", key: 3,
	columns: columns(executionKey, outcome,
		[]column{{name: "mode", kind: integer, names: admin.ExecutionMetadata_ExecutionMode_value}, {name: "state", kind: integer, names: admin.ExecutionState_value}},
		texts("user", "cluster", "abort_cause", "launch_entity",
			"launch_plan_project", "launch_plan_domain", "launch_plan_name", "launch_plan_version",
			"workflow_project", "workflow_domain", "workflow_name", "workflow_version", "task_name", "task_version",
			"parent_execution_name", "parent_node_id")),
	values: func(m *admin.Execution) []any {
		id, spec, closure := m.GetId(), m.GetSpec(), m.GetClosure()
		plan, wf, meta := spec.GetLaunchPlan(), closure.GetWorkflowId(), spec.GetMetadata()
		entity, task, taskVersion := "LAUNCH_PLAN", "", ""
		if plan.GetResourceType() == core.ResourceType_TASK {
			entity, task, taskVersion = "TASK", plan.GetName(), plan.GetVersion()
		}
		values := []any{id.GetProject(), id.GetDomain(), id.GetName()}
		values = append(values, outcomeValues(closure.GetPhase().String(), closure.GetCreatedAt(), closure.GetUpdatedAt(), closure.GetStartedAt(), closure.GetDuration(), closure.GetError())...)
		return append(values, int32(meta.GetMode()), int32(closure.GetStateChangeDetails().GetState()),
			meta.GetPrincipal(), meta.GetSystemMetadata().GetExecutionCluster(), closure.GetAbortMetadata().GetCause(), entity,
			plan.GetProject(), plan.GetDomain(), plan.GetName(), plan.GetVersion(),
			wf.GetProject(), wf.GetDomain(), wf.GetName(), wf.GetVersion(), task, taskVersion,
			meta.GetParentNodeExecution().GetExecutionId().GetName(), meta.GetParentNodeExecution().GetNodeId())
	},
	joined: merged(
		joins("launch_plan", "launch_plan_", "project", "domain", "name", "version"),
		joins("workflow", "workflow_", "project", "domain", "name", "version"),
		joins("task", "task_", "name", "version"),
		map[string]column{
			"execution_tag.key": {name: "execution_tags.key"}, "execution_tag.value": {name: "execution_tags.value"},
			"admin_tag.name": {name: "execution_tags.key"},
			"project":        {name: "execution_project"}, "domain": {name: "execution_domain"}, "name": {name: "execution_name"},
			"execution_created_at": {name: "created_at", kind: moment}, "execution_updated_at": {name: "updated_at", kind: moment},
		}),
	make: func() *admin.Execution { return &admin.Execution{} },
}

var ofExecution = joins("execution", "", "execution_project", "execution_domain", "execution_name")

var nodeExecutions = kind[*admin.NodeExecution]{
	table: "node_executions", prefix: "node_execution", key: 4, note: "parent_id",
	columns: columns(executionKey, texts("node_id"), outcome, texts("cache_status")),
	values: func(m *admin.NodeExecution) []any {
		id, closure := m.GetId(), m.GetClosure()
		cache := ""
		if meta := closure.GetTaskNodeMetadata(); meta != nil {
			cache = meta.GetCacheStatus().String()
		}
		values := []any{id.GetExecutionId().GetProject(), id.GetExecutionId().GetDomain(), id.GetExecutionId().GetName(), id.GetNodeId()}
		values = append(values, outcomeValues(closure.GetPhase().String(), closure.GetCreatedAt(), closure.GetUpdatedAt(), closure.GetStartedAt(), closure.GetDuration(), closure.GetError())...)
		return append(values, cache)
	},
	joined: merged(ofExecution, map[string]column{
		"node_execution_created_at": {name: "created_at", kind: moment}, "node_execution_updated_at": {name: "updated_at", kind: moment},
	}),
	make: func() *admin.NodeExecution { return &admin.NodeExecution{} },
}

var taskExecutions = kind[*admin.TaskExecution]{
	table: "task_executions", prefix: "task_execution", key: 9, note: "process",
	columns: columns(executionKey, texts("node_id", "project", "domain", "name", "version"),
		[]column{{name: "retry_attempt", kind: integer}}, outcome, texts("input_uri")),
	values: func(m *admin.TaskExecution) []any {
		closure := m.GetClosure()
		values := append(taskExecutionKey(m.GetId()), outcomeValues(closure.GetPhase().String(), closure.GetCreatedAt(), closure.GetUpdatedAt(), closure.GetStartedAt(), closure.GetDuration(), closure.GetError())...)
		return append(values, m.GetInputUri())
	},
	joined: merged(ofExecution, joins("task", "", "project", "domain", "name", "version"), joins("node_execution", "", "node_id"),
		map[string]column{
			"task_execution_created_at": {name: "created_at", kind: moment}, "task_execution_updated_at": {name: "updated_at", kind: moment},
		}),
	make: func() *admin.TaskExecution { return &admin.TaskExecution{} },
}

func taskExecutionKey(id *core.TaskExecutionIdentifier) []any {
	execution, task := id.GetNodeExecutionId().GetExecutionId(), id.GetTaskId()
	return []any{
		execution.GetProject(), execution.GetDomain(), execution.GetName(), id.GetNodeExecutionId().GetNodeId(),
		task.GetProject(), task.GetDomain(), task.GetName(), task.GetVersion(), int64(id.GetRetryAttempt()),
	}
}

func instant(t *timestamppb.Timestamp) int64 {
	if t == nil {
		return 0
	}
	return nanos(t.AsTime())
}
