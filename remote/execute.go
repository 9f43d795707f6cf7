package remote

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"

	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/admin"
	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/core"
	"google.golang.org/grpc/codes"
)

// ExecuteRequest is one execution to start.
type ExecuteRequest struct {
	Project, Domain string
	// Name is the execution's, from [NewExecutionName] or the user's; ""
	// takes a new one. It must fit ^[a-z][a-z\-0-9]*$, 63 at most.
	Name string
	// Entity is a TASK or a LAUNCH_PLAN with its version.
	Entity *core.Identifier
	Inputs *core.LiteralMap
	// Envs are environment variables of the tasks.
	Envs                map[string]string
	Labels, Annotations map[string]string
}

// NewExecutionName makes a name of the form that the backend itself gives: an
// "a" and 19 letters and digits that can't be mistaken for others or spell a
// word.
func NewExecutionName() string {
	const letters = "bcdfghjklmnpqrstvwxz2456789"
	name := []byte("a")
	for range 19 {
		name = append(name, letters[rand.IntN(len(letters))])
	}
	return string(name)
}

// Execute starts an execution and returns its identifier. The name is chosen
// before the call, so that a call whose answer was lost neither loses the
// execution nor starts a second: Execute looks for it, and takes it for its
// own if it runs the same entity and version. A name that was taken before is
// an error.
//
// Where it can't be known whether the execution was started, because ctx ended
// or the backend is gone, the identifier comes beside the error: watching or
// terminating it tells.
func (c *Client) Execute(ctx context.Context, req ExecuteRequest) (*core.WorkflowExecutionIdentifier, error) {
	req.Name = firstOf(req.Name, NewExecutionName())
	id := &core.WorkflowExecutionIdentifier{Project: req.Project, Domain: req.Domain, Name: req.Name}
	counted, attempts := countAttempts(ctx)
	answer, err := c.admin.CreateExecution(counted, req.message())
	if err == nil {
		return answer.GetId(), nil
	}
	if ctx.Err() != nil {
		return id, err
	}
	var unreachable *UnreachableError
	lost := errors.As(err, &unreachable)
	retried := codeOf(err) == codes.AlreadyExists && attempts.Load() > 1
	switch {
	case (lost || retried) && c.runs(ctx, id, req.Entity):
		return id, nil
	case lost:
		return id, err
	case codeOf(err) == codes.AlreadyExists:
		return nil, about(describeExecution(id), err)
	default:
		return nil, about(describe(req.Entity), err)
	}
}

// runs tells whether the execution exists and runs the entity.
func (c *Client) runs(ctx context.Context, id *core.WorkflowExecutionIdentifier, entity *core.Identifier) bool {
	found, err := c.admin.GetExecution(ctx, &admin.WorkflowExecutionGetRequest{Id: id})
	running := found.GetSpec().GetLaunchPlan()
	return err == nil && running.GetProject() == entity.GetProject() && running.GetDomain() == entity.GetDomain() &&
		running.GetName() == entity.GetName() && running.GetVersion() == entity.GetVersion()
}

// message is what FlyteRemote sends (flytekit/remote/remote.py, _execute).
func (r ExecuteRequest) message() *admin.ExecutionCreateRequest {
	inputs := r.Inputs
	if inputs == nil {
		inputs = &core.LiteralMap{}
	}
	spec := &admin.ExecutionSpec{
		LaunchPlan: r.Entity,
		Metadata: &admin.ExecutionMetadata{
			Mode: admin.ExecutionMetadata_MANUAL,
			// The backend puts the user of a login in its place.
			Principal: "placeholder",
		},
		NotificationOverrides: &admin.ExecutionSpec_DisableAll{},
		Labels:                &admin.Labels{Values: r.Labels},
		Annotations:           &admin.Annotations{Values: r.Annotations},
		AuthRole:              &admin.AuthRole{},
	}
	if len(r.Envs) > 0 {
		spec.Envs = &admin.Envs{}
		for _, key := range slices.Sorted(maps.Keys(r.Envs)) {
			spec.Envs.Values = append(spec.Envs.Values, &core.KeyValuePair{Key: key, Value: r.Envs[key]})
		}
	}
	return &admin.ExecutionCreateRequest{Project: r.Project, Domain: r.Domain, Name: r.Name, Spec: spec, Inputs: inputs}
}

// Terminate ends an execution, with a cause that others will read. It is no
// error if it has ended before.
func (c *Client) Terminate(ctx context.Context, id *core.WorkflowExecutionIdentifier, cause string) error {
	_, err := c.admin.TerminateExecution(ctx, &admin.ExecutionTerminateRequest{Id: id, Cause: cause})
	if codeOf(err) == codes.FailedPrecondition {
		return nil
	}
	return about(describeExecution(id), err)
}

// ExecutionURL is the execution's page in the web console
// (flytekit/remote/remote.py, generate_console_url).
func (c *Client) ExecutionURL(id *core.WorkflowExecutionIdentifier) string {
	host := c.cfg.ConsoleEndpoint
	if host == "" {
		scheme := "https"
		if c.cfg.Insecure {
			scheme = "http"
		}
		host = scheme + "://" + c.cfg.Endpoint
	}
	return fmt.Sprintf("%s/console/projects/%s/domains/%s/executions/%s", host, id.GetProject(), id.GetDomain(), id.GetName())
}
