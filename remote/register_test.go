package remote_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/flyte-lsp/flyte-lsp/remote"
	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/admin"
	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/core"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
)

// registry remembers in which order entities came.
type registry struct {
	mu    sync.Mutex
	order []string
	// refuse holds answers for single entities, by name.
	refuse map[string]error
}

func (r *registry) handle(_ context.Context, req any) (proto.Message, error) {
	named, ok := req.(interface{ GetId() *core.Identifier })
	if !ok {
		return nil, nil
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if err := r.refuse[named.GetId().GetName()]; err != nil {
		return nil, err
	}
	r.order = append(r.order, named.GetId().GetName())
	switch req.(type) {
	case *admin.TaskCreateRequest:
		return &admin.TaskCreateResponse{}, nil
	case *admin.WorkflowCreateRequest:
		return &admin.WorkflowCreateResponse{}, nil
	case *admin.LaunchPlanUpdateRequest:
		return &admin.LaunchPlanUpdateResponse{}, nil
	default:
		return &admin.LaunchPlanCreateResponse{}, nil
	}
}

func taskRequest(name string) *admin.TaskCreateRequest {
	return &admin.TaskCreateRequest{Id: identifier(core.ResourceType_TASK, name)}
}

func workflowRequest(name string, nodes ...*core.Node) *admin.WorkflowCreateRequest {
	template := &core.WorkflowTemplate{Nodes: nodes}
	return &admin.WorkflowCreateRequest{Id: identifier(core.ResourceType_WORKFLOW, name), Spec: &admin.WorkflowSpec{Template: template}}
}

func launchPlanRequest(name, workflow string) *admin.LaunchPlanCreateRequest {
	return &admin.LaunchPlanCreateRequest{
		Id:   identifier(core.ResourceType_LAUNCH_PLAN, name),
		Spec: &admin.LaunchPlanSpec{WorkflowId: identifier(core.ResourceType_WORKFLOW, workflow)},
	}
}

func launchPlanNode(name string) *core.Node {
	id := identifier(core.ResourceType_LAUNCH_PLAN, name)
	return &core.Node{Target: &core.Node_WorkflowNode{WorkflowNode: &core.WorkflowNode{Reference: &core.WorkflowNode_LaunchplanRef{LaunchplanRef: id}}}}
}

func branchNode(then, otherwise *core.Node) *core.Node {
	return &core.Node{Target: &core.Node_BranchNode{BranchNode: &core.BranchNode{IfElse: &core.IfElseBlock{
		Case:    &core.IfBlock{ThenNode: then},
		Default: &core.IfElseBlock_ElseNode{ElseNode: otherwise},
	}}}}
}

// TestRegisterKeepsReferencesBeforeTheirUsers: "outer" starts the launch plan
// of "inner" in the else case of a conditional, and stands first.
func TestRegisterKeepsReferencesBeforeTheirUsers(t *testing.T) {
	t.Parallel()
	r := &registry{}
	client := dialStub(t, r.handle)
	var told []string
	err := client.Register(t.Context(), remote.Registration{
		Tasks:       []*admin.TaskCreateRequest{taskRequest("t1"), taskRequest("t2"), taskRequest("t3")},
		Workflows:   []*admin.WorkflowCreateRequest{workflowRequest("outer", branchNode(nil, launchPlanNode("inner_lp"))), workflowRequest("inner")},
		LaunchPlans: []*admin.LaunchPlanCreateRequest{launchPlanRequest("outer_lp", "outer"), launchPlanRequest("inner_lp", "inner")},
		Activations: []*admin.LaunchPlanUpdateRequest{{Id: identifier(core.ResourceType_LAUNCH_PLAN, "outer_lp"), State: admin.LaunchPlanState_ACTIVE}},
	}, func(id *core.Identifier, existed bool) {
		if existed {
			t.Errorf("%s existed", id.GetName())
		}
		told = append(told, id.GetName())
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(r.order[:3])
	want := []string{"t1", "t2", "t3", "inner", "inner_lp", "outer", "outer_lp"}
	if order := append(slices.Clone(want), "outer_lp"); !slices.Equal(r.order, order) {
		t.Errorf("registered %v, want %v, the last for its activation", r.order, order)
	}
	slices.Sort(told[:3])
	if !slices.Equal(told, want) {
		t.Errorf("told %v, want %v", told, want)
	}
}

func TestRegisterEndsWithACycle(t *testing.T) {
	t.Parallel()
	r := &registry{}
	err := dialStub(t, r.handle).Register(t.Context(), remote.Registration{
		Workflows:   []*admin.WorkflowCreateRequest{workflowRequest("w", launchPlanNode("lp"))},
		LaunchPlans: []*admin.LaunchPlanCreateRequest{launchPlanRequest("lp", "w")},
	}, nil)
	if err != nil || len(r.order) != 2 {
		t.Errorf("registered %v, %v", r.order, err)
	}
}

func TestRegisterTakesWhatExists(t *testing.T) {
	t.Parallel()
	r := &registry{refuse: map[string]error{"t": status.Error(codes.AlreadyExists, "t task with identical structure already exists")}}
	existed := map[string]bool{}
	err := dialStub(t, r.handle).Register(t.Context(), remote.Registration{
		Tasks:     []*admin.TaskCreateRequest{taskRequest("t")},
		Workflows: []*admin.WorkflowCreateRequest{workflowRequest("w")},
	}, func(id *core.Identifier, e bool) { existed[id.GetName()] = e })
	if err != nil || !existed["t"] || existed["w"] {
		t.Errorf("existed: %v, %v", existed, err)
	}
}

func TestRegisterExplainsConflicts(t *testing.T) {
	t.Parallel()
	message := "t task with different structure already exists. (Please register a new version of the task):\n/template/container/image:\n- a:1\n+ b:2"
	r := &registry{refuse: map[string]error{
		"t": status.Error(codes.InvalidArgument, message),
		"u": status.Error(codes.InvalidArgument, "invalid value for container image"),
	}}
	client := dialStub(t, r.handle)
	err := client.Register(t.Context(), remote.Registration{
		Tasks:     []*admin.TaskCreateRequest{taskRequest("t")},
		Workflows: []*admin.WorkflowCreateRequest{workflowRequest("w")},
	}, nil)
	var conflict *remote.ConflictError
	if !errors.As(err, &conflict) || conflict.ID.GetName() != "t" {
		t.Fatalf("got %v", err)
	}
	for _, want := range []string{"task t in p/d, version v1 is registered already with another content", "under a new version", "- a:1\n+ b:2"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q doesn't tell %q", err, want)
		}
	}
	if len(r.order) > 0 {
		t.Errorf("%v was registered after the conflict", r.order)
	}
	err = client.Register(t.Context(), remote.Registration{Tasks: []*admin.TaskCreateRequest{taskRequest("u")}}, nil)
	if err == nil || errors.As(err, &conflict) || !strings.Contains(err.Error(), "rejects task u in p/d, version v1: invalid value for container image") {
		t.Errorf("another rejection: %v", err)
	}
}
