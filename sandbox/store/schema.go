package store

// schema is version 1. Times and durations are nanoseconds.
const schema = `
CREATE TABLE projects (
	identifier TEXT NOT NULL PRIMARY KEY, name TEXT NOT NULL, description TEXT NOT NULL, state INTEGER NOT NULL,
	body BLOB NOT NULL
);
CREATE TABLE tasks (
	project TEXT NOT NULL, domain TEXT NOT NULL, name TEXT NOT NULL, version TEXT NOT NULL,
	created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL, type TEXT NOT NULL, short_description TEXT NOT NULL,
	digest TEXT NOT NULL, body BLOB NOT NULL,
	PRIMARY KEY (project, domain, name, version)
);
CREATE TABLE workflows (
	project TEXT NOT NULL, domain TEXT NOT NULL, name TEXT NOT NULL, version TEXT NOT NULL,
	created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL, short_description TEXT NOT NULL,
	digest TEXT NOT NULL, body BLOB NOT NULL,
	PRIMARY KEY (project, domain, name, version)
);
CREATE TABLE launch_plans (
	project TEXT NOT NULL, domain TEXT NOT NULL, name TEXT NOT NULL, version TEXT NOT NULL,
	created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL, state INTEGER NOT NULL, schedule_type TEXT NOT NULL,
	workflow_project TEXT NOT NULL, workflow_domain TEXT NOT NULL, workflow_name TEXT NOT NULL, workflow_version TEXT NOT NULL,
	digest TEXT NOT NULL, body BLOB NOT NULL,
	PRIMARY KEY (project, domain, name, version)
);
CREATE UNIQUE INDEX launch_plans_active ON launch_plans (project, domain, name) WHERE state = 1;
CREATE TABLE executions (
	execution_project TEXT NOT NULL, execution_domain TEXT NOT NULL, execution_name TEXT NOT NULL,
	phase TEXT NOT NULL, created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL, started_at INTEGER NOT NULL,
	duration INTEGER NOT NULL, error_kind TEXT NOT NULL, error_code TEXT NOT NULL,
	mode INTEGER NOT NULL, state INTEGER NOT NULL, user TEXT NOT NULL, cluster TEXT NOT NULL, abort_cause TEXT NOT NULL, launch_entity TEXT NOT NULL,
	launch_plan_project TEXT NOT NULL, launch_plan_domain TEXT NOT NULL, launch_plan_name TEXT NOT NULL, launch_plan_version TEXT NOT NULL,
	workflow_project TEXT NOT NULL, workflow_domain TEXT NOT NULL, workflow_name TEXT NOT NULL, workflow_version TEXT NOT NULL,
	task_name TEXT NOT NULL, task_version TEXT NOT NULL, parent_execution_name TEXT NOT NULL, parent_node_id TEXT NOT NULL,
	body BLOB NOT NULL,
	PRIMARY KEY (execution_project, execution_domain, execution_name)
);
CREATE INDEX executions_created ON executions (execution_project, execution_domain, created_at);
CREATE INDEX executions_phase ON executions (phase);
CREATE INDEX executions_parent ON executions (execution_project, execution_domain, parent_execution_name, parent_node_id);
CREATE TABLE execution_tags (
	execution_project TEXT NOT NULL, execution_domain TEXT NOT NULL, execution_name TEXT NOT NULL,
	key TEXT NOT NULL, value TEXT NOT NULL,
	PRIMARY KEY (execution_project, execution_domain, execution_name, key, value)
) WITHOUT ROWID;
CREATE INDEX execution_tags_key ON execution_tags (key, value);
CREATE TABLE node_executions (
	execution_project TEXT NOT NULL, execution_domain TEXT NOT NULL, execution_name TEXT NOT NULL, node_id TEXT NOT NULL,
	phase TEXT NOT NULL, created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL, started_at INTEGER NOT NULL,
	duration INTEGER NOT NULL, error_kind TEXT NOT NULL, error_code TEXT NOT NULL,
	cache_status TEXT NOT NULL, parent_id TEXT NOT NULL, body BLOB NOT NULL,
	PRIMARY KEY (execution_project, execution_domain, execution_name, node_id)
);
CREATE TABLE task_executions (
	execution_project TEXT NOT NULL, execution_domain TEXT NOT NULL, execution_name TEXT NOT NULL, node_id TEXT NOT NULL,
	project TEXT NOT NULL, domain TEXT NOT NULL, name TEXT NOT NULL, version TEXT NOT NULL, retry_attempt INTEGER NOT NULL,
	phase TEXT NOT NULL, created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL, started_at INTEGER NOT NULL,
	duration INTEGER NOT NULL, error_kind TEXT NOT NULL, error_code TEXT NOT NULL,
	input_uri TEXT NOT NULL, process TEXT NOT NULL, body BLOB NOT NULL,
	PRIMARY KEY (execution_project, execution_domain, execution_name, node_id, project, domain, name, version, retry_attempt)
);
CREATE TABLE cache (
	key TEXT NOT NULL PRIMARY KEY, created_at INTEGER NOT NULL, outputs BLOB NOT NULL, source BLOB NOT NULL
);
`
