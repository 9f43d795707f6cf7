package remote

import (
	"context"
	"errors"
	"time"

	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/admin"
	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/core"
)

var errSkeleton = errors.New("not there yet")

// Client talks to one backend.
type Client struct{}

// Dial makes a client; it connects with the first call.
func Dial(cfg Config) (*Client, error) { return nil, errSkeleton }

// Close ends the connection.
func (c *Client) Close() error { return errSkeleton }

// Config returns what the client was made with.
func (c *Client) Config() Config { return Config{} }

// Ping asks whether the backend answers.
func (c *Client) Ping(ctx context.Context) error { return errSkeleton }

// Version returns the backend's version.
func (c *Client) Version(ctx context.Context) (string, error) { return "", errSkeleton }

// Registered tells whether the entity (TASK, WORKFLOW, LAUNCH_PLAN) exists.
func (c *Client) Registered(ctx context.Context, id *core.Identifier) (bool, error) {
	return false, errSkeleton
}

// Upload puts a file where the backend's tasks can read it.
func (c *Client) Upload(ctx context.Context, project, domain, file string) (nativeURI string, err error) {
	return "", errSkeleton
}

// UploadInputs uploads the local files that inputs refer to, and puts the
// uploaded addresses in their place.
func (c *Client) UploadInputs(ctx context.Context, project, domain string, inputs *core.LiteralMap) error {
	return errSkeleton
}

// Registration is a set of entities that belong together.
type Registration struct {
	Tasks       []*admin.TaskCreateRequest
	Workflows   []*admin.WorkflowCreateRequest
	LaunchPlans []*admin.LaunchPlanCreateRequest
}

// Register registers what isn't there yet. progress may be nil; its calls
// don't overlap.
func (c *Client) Register(ctx context.Context, reg Registration, progress func(id *core.Identifier, existed bool)) error {
	return errSkeleton
}

// ExecuteRequest is one execution to start.
type ExecuteRequest struct {
	Project, Domain string
	// Name is the execution's, from NewExecutionName or the user; "" takes a new one.
	Name string
	// Entity is a TASK or a LAUNCH_PLAN with its version.
	Entity *core.Identifier
	Inputs *core.LiteralMap
	// Envs are environment variables of the tasks.
	Envs                map[string]string
	Labels, Annotations map[string]string
}

// NewExecutionName makes a name as the backend itself would.
func NewExecutionName() string { return "" }

// Execute starts an execution.
func (c *Client) Execute(ctx context.Context, req ExecuteRequest) (*core.WorkflowExecutionIdentifier, error) {
	return nil, errSkeleton
}

// Execution is the state of an execution.
type Execution struct {
	ID        *core.WorkflowExecutionIdentifier
	Phase     core.WorkflowExecution_Phase
	StartedAt time.Time
	UpdatedAt time.Time
	Duration  time.Duration
	// Nodes are the top level's, in the order in which they were created.
	Nodes []Node
	// Error is the failing task's own error where there is one, else the execution's.
	Error *core.ExecutionError
	// FailedTask is the registered name of the task that Error comes from, "" if it isn't a task's.
	FailedTask string
	// AbortCause is what the one who terminated it said.
	AbortCause string
	// Outage is why the backend can't be asked at the moment: the rest is
	// what was known before. nil while it answers.
	Outage error
}

// Ended tells whether the execution has reached its last phase.
func (e Execution) Ended() bool { return false }

// Node is the state of a node execution.
type Node struct {
	// ID is the node execution's, such as n0.
	ID string
	// Name is the name of the task, workflow or launch plan, the ID if it isn't known.
	Name      string
	Phase     core.NodeExecution_Phase
	StartedAt time.Time
	Duration  time.Duration
	Error     *core.ExecutionError
}

// Watch polls until the execution has ended, and calls onChange with each new state.
func (c *Client) Watch(ctx context.Context, id *core.WorkflowExecutionIdentifier, onChange func(Execution)) (Execution, error) {
	return Execution{}, errSkeleton
}

// Outputs returns the outputs of an execution that succeeded.
func (c *Client) Outputs(ctx context.Context, id *core.WorkflowExecutionIdentifier) (*core.LiteralMap, error) {
	return nil, errSkeleton
}

// Terminate ends an execution.
func (c *Client) Terminate(ctx context.Context, id *core.WorkflowExecutionIdentifier, cause string) error {
	return errSkeleton
}

// ExecutionURL is the execution's page in the web console.
func (c *Client) ExecutionURL(id *core.WorkflowExecutionIdentifier) string { return "" }
