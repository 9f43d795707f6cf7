package remote

import (
	"context"
	"errors"
	"strings"
	"sync"

	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/admin"
	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/core"
	"golang.org/x/sync/errgroup"
	"google.golang.org/grpc/codes"
)

// registerConcurrency bounds how many tasks are sent at once.
const registerConcurrency = 8

// Registration is a set of entities that belong together.
type Registration struct {
	Tasks       []*admin.TaskCreateRequest
	Workflows   []*admin.WorkflowCreateRequest
	LaunchPlans []*admin.LaunchPlanCreateRequest
	// Activations set the state of launch plans once all is registered
	// (auto_activate).
	Activations []*admin.LaunchPlanUpdateRequest
}

// Register registers what isn't registered yet: all tasks, concurrently, then
// each workflow followed by what needs it, as pyflyte does
// (flytekit/remote/remote.py, raw_register): a launch plan comes after its
// workflow, and before a workflow that has it as a node. What exists with the
// same content is fine; with another content it gives *ConflictError, and the
// rest isn't sent.
//
// progress may be nil; its calls don't overlap.
func (c *Client) Register(ctx context.Context, reg Registration, progress func(id *core.Identifier, existed bool)) error {
	r := registrar{client: c, progress: progress, done: map[string]bool{}}
	tasks, tasksCtx := errgroup.WithContext(ctx)
	tasks.SetLimit(registerConcurrency)
	for _, request := range reg.Tasks {
		tasks.Go(func() error {
			_, err := c.admin.CreateTask(tasksCtx, request)
			return r.settle(request.GetId(), err)
		})
	}
	if err := tasks.Wait(); err != nil {
		return err
	}
	r.index(reg)
	for _, request := range reg.Workflows {
		if err := r.workflow(ctx, request); err != nil {
			return err
		}
	}
	for _, request := range reg.LaunchPlans {
		if err := r.launchPlan(ctx, request); err != nil {
			return err
		}
	}
	for _, request := range reg.Activations {
		if _, err := c.admin.UpdateLaunchPlan(ctx, request); err != nil {
			return about("the activation of "+describe(request.GetId()), err)
		}
	}
	return nil
}

// registrar brings workflows and launch plans into an order in which the
// backend can resolve each reference.
type registrar struct {
	client      *Client
	workflows   map[string]*admin.WorkflowCreateRequest
	launchPlans map[string]*admin.LaunchPlanCreateRequest
	// done holds what was begun, so that a cycle, which the backend will
	// reject, ends here.
	done map[string]bool

	mu       sync.Mutex
	progress func(id *core.Identifier, existed bool)
}

func (r *registrar) index(reg Registration) {
	r.workflows = map[string]*admin.WorkflowCreateRequest{}
	for _, request := range reg.Workflows {
		r.workflows[request.GetId().String()] = request
	}
	r.launchPlans = map[string]*admin.LaunchPlanCreateRequest{}
	for _, request := range reg.LaunchPlans {
		r.launchPlans[request.GetId().String()] = request
	}
}

func (r *registrar) workflow(ctx context.Context, request *admin.WorkflowCreateRequest) error {
	if !r.begin(request.GetId()) {
		return nil
	}
	for _, id := range launchPlanNodes(request.GetSpec()) {
		if needed := r.launchPlans[id.String()]; needed != nil {
			if err := r.launchPlan(ctx, needed); err != nil {
				return err
			}
		}
	}
	_, err := r.client.admin.CreateWorkflow(ctx, request)
	return r.settle(request.GetId(), err)
}

func (r *registrar) launchPlan(ctx context.Context, request *admin.LaunchPlanCreateRequest) error {
	if !r.begin(request.GetId()) {
		return nil
	}
	if needed := r.workflows[request.GetSpec().GetWorkflowId().String()]; needed != nil {
		if err := r.workflow(ctx, needed); err != nil {
			return err
		}
	}
	_, err := r.client.admin.CreateLaunchPlan(ctx, request)
	return r.settle(request.GetId(), err)
}

func (r *registrar) begin(id *core.Identifier) bool {
	key := id.String()
	begun := r.done[key]
	r.done[key] = true
	return !begun
}

// settle tells one entity's end. The backend answers ALREADY_EXISTS where the
// content is the same.
func (r *registrar) settle(id *core.Identifier, err error) error {
	existed := codeOf(err) == codes.AlreadyExists
	if err != nil && !existed {
		return registerError(id, err)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.progress != nil {
		r.progress(id, existed)
	}
	return nil
}

// registerError finds flyteadmin's "<name> task with different structure
// already exists. (...):" and the list of differences below it.
func registerError(id *core.Identifier, err error) error {
	var answer *CallError
	if !errors.As(err, &answer) || answer.Code != codes.InvalidArgument || !strings.Contains(answer.Message, "with different structure") {
		return about(describe(id), err)
	}
	_, difference, _ := strings.Cut(answer.Message, "\n")
	return &ConflictError{ID: id, Difference: strings.TrimSpace(difference), Err: err}
}

// launchPlanNodes lists the launch plans that a workflow or one of its
// sub-workflows starts.
func launchPlanNodes(spec *admin.WorkflowSpec) []*core.Identifier {
	var found []*core.Identifier
	visit := func(node *core.Node) {
		if id := node.GetWorkflowNode().GetLaunchplanRef(); id != nil {
			found = append(found, id)
		}
	}
	for _, template := range append([]*core.WorkflowTemplate{spec.GetTemplate()}, spec.GetSubWorkflows()...) {
		for _, node := range template.GetNodes() {
			eachNode(node, visit)
		}
	}
	return found
}

// eachNode visits a node and what is inside it: the cases of a branch and the
// item of an array.
func eachNode(node *core.Node, visit func(*core.Node)) {
	if node == nil {
		return
	}
	visit(node)
	eachNode(node.GetArrayNode().GetNode(), visit)
	cases := node.GetBranchNode().GetIfElse()
	eachNode(cases.GetCase().GetThenNode(), visit)
	for _, other := range cases.GetOther() {
		eachNode(other.GetThenNode(), visit)
	}
	eachNode(cases.GetElseNode(), visit)
}
