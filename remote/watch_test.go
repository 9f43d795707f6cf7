package remote_test

import (
	"context"
	"errors"
	"fmt"
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

// moment is what a backend tells at one look.
type moment struct {
	phase core.WorkflowExecution_Phase
	nodes map[string]core.NodeExecution_Phase
}

// story shows one moment after the other, and stays at the last.
type story struct {
	mu      sync.Mutex
	moments []moment
	looks   int
	// children and attempts are what lies below failed nodes, by node id;
	// errors are what a node tells about itself.
	children map[string][]*admin.NodeExecution
	attempts map[string][]*admin.TaskExecution
	calls    []string
}

func (s *story) now() moment { return s.moments[min(s.looks, len(s.moments))-1] }

func (s *story) handle(_ context.Context, req any) (proto.Message, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls = append(s.calls, strings.TrimPrefix(fmt.Sprintf("%T", req), "*admin."))
	switch req := req.(type) {
	case *admin.WorkflowExecutionGetRequest:
		s.looks++
		return s.execution(req), nil
	case *admin.NodeExecutionListRequest:
		if parent := req.GetUniqueParentId(); parent != "" || req.GetWorkflowExecutionId().GetName() != "x" {
			return &admin.NodeExecutionList{NodeExecutions: s.children[firstOf(parent, req.GetWorkflowExecutionId().GetName())]}, nil
		}
		return s.nodes(), nil
	case *admin.TaskExecutionListRequest:
		return &admin.TaskExecutionList{TaskExecutions: s.attempts[req.GetNodeExecutionId().GetNodeId()]}, nil
	case *admin.NodeExecutionGetRequest:
		return failedNode(req.GetId().GetNodeId(), "whole error of "+req.GetId().GetNodeId()), nil
	case *admin.ObjectGetRequest:
		return compiledWorkflow(), nil
	}
	return nil, nil
}

func firstOf(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

func (s *story) execution(req *admin.WorkflowExecutionGetRequest) *admin.Execution {
	closure := &admin.ExecutionClosure{Phase: s.now().phase, WorkflowId: identifier(core.ResourceType_WORKFLOW, "w")}
	switch s.now().phase {
	case core.WorkflowExecution_FAILED:
		closure.OutputResult = &admin.ExecutionClosure_Error{Error: &core.ExecutionError{Message: "the workflow's own error"}}
	case core.WorkflowExecution_ABORTED:
		closure.OutputResult = &admin.ExecutionClosure_AbortMetadata{AbortMetadata: &admin.AbortMetadata{Cause: "cancelled in the editor"}}
	}
	return &admin.Execution{Id: req.GetId(), Closure: closure}
}

func (s *story) nodes() *admin.NodeExecutionList {
	list := &admin.NodeExecutionList{NodeExecutions: []*admin.NodeExecution{node("start-node", core.NodeExecution_SUCCEEDED)}}
	for _, id := range []string{"n0", "n1", "n2"} {
		if phase, ok := s.now().nodes[id]; ok {
			list.NodeExecutions = append(list.NodeExecutions, node(id, phase))
		}
	}
	return list
}

func node(id string, phase core.NodeExecution_Phase) *admin.NodeExecution {
	return &admin.NodeExecution{
		Id:       &core.NodeExecutionIdentifier{NodeId: id, ExecutionId: execution("x")},
		Metadata: &admin.NodeExecutionMetaData{SpecNodeId: id[max(0, len(id)-2):]},
		Closure:  &admin.NodeExecutionClosure{Phase: phase},
	}
}

func failedNode(id, message string) *admin.NodeExecution {
	out := node(id, core.NodeExecution_FAILED)
	out.Closure.OutputResult = &admin.NodeExecutionClosure_Error{Error: &core.ExecutionError{Message: message}}
	return out
}

func attempt(task, message string) *admin.TaskExecution {
	closure := &admin.TaskExecutionClosure{}
	if message != "" {
		closure.OutputResult = &admin.TaskExecutionClosure_Error{Error: &core.ExecutionError{Message: message}}
	}
	return &admin.TaskExecution{Id: &core.TaskExecutionIdentifier{TaskId: identifier(core.ResourceType_TASK, task)}, Closure: closure}
}

// compiledWorkflow runs a task in n0, a launch plan in n1, a conditional in n2.
func compiledWorkflow() *admin.Workflow {
	task := &core.TaskNode{Reference: &core.TaskNode_ReferenceId{ReferenceId: identifier(core.ResourceType_TASK, "m.fetch")}}
	n1, n2 := launchPlanNode("nightly"), branchNode(nil, nil)
	n1.Id, n2.Id, n2.Metadata = "n1", "n2", &core.NodeMetadata{Name: "choose"}
	return &admin.Workflow{Closure: &admin.WorkflowClosure{CompiledWorkflow: &core.CompiledWorkflowClosure{
		Primary: &core.CompiledWorkflow{Template: &core.WorkflowTemplate{
			Nodes: []*core.Node{{Id: "n0", Target: &core.Node_TaskNode{TaskNode: task}}, n1, n2},
		}},
	}}}
}

func line(e remote.Execution) string {
	words := []string{e.Phase.String()}
	if e.Outage != nil {
		words = append(words, "(outage)")
	}
	for _, n := range e.Nodes {
		words = append(words, n.Name+":"+n.Phase.String())
	}
	return strings.Join(words, " ")
}

func watch(t *testing.T, client *remote.Client) ([]string, remote.Execution, error) {
	t.Helper()
	var seen []string
	last, err := client.Watch(t.Context(), execution("x"), func(e remote.Execution) { seen = append(seen, line(e)) })
	return seen, last, err
}

type phases = map[string]core.NodeExecution_Phase

func TestWatchTellsEachChangeOnce(t *testing.T) {
	t.Parallel()
	running := moment{core.WorkflowExecution_RUNNING, phases{"n0": core.NodeExecution_RUNNING}}
	s := &story{moments: []moment{
		{core.WorkflowExecution_UNDEFINED, nil},
		running, running,
		{core.WorkflowExecution_RUNNING, phases{"n0": core.NodeExecution_SUCCEEDED, "n1": core.NodeExecution_QUEUED, "n2": core.NodeExecution_RUNNING}},
		{core.WorkflowExecution_SUCCEEDED, phases{"n0": core.NodeExecution_SUCCEEDED, "n1": core.NodeExecution_SUCCEEDED, "n2": core.NodeExecution_SUCCEEDED}},
	}}
	seen, last, err := watch(t, dialStub(t, s.handle))
	if err != nil || !last.Ended() {
		t.Fatalf("%+v, %v", last, err)
	}
	want := []string{
		"UNDEFINED",
		"RUNNING m.fetch:RUNNING",
		"RUNNING m.fetch:SUCCEEDED nightly:QUEUED choose:RUNNING",
		"SUCCEEDED m.fetch:SUCCEEDED nightly:SUCCEEDED choose:SUCCEEDED",
	}
	if !slices.Equal(seen, want) {
		t.Errorf("seen:\n%s\nwant:\n%s", strings.Join(seen, "\n"), strings.Join(want, "\n"))
	}
	count := map[string]int{}
	for _, call := range s.calls {
		count[call]++
	}
	if count["WorkflowExecutionGetRequest"] != 5 || count["NodeExecutionListRequest"] != 5 || count["ObjectGetRequest"] != 1 || len(count) != 3 {
		t.Errorf("five looks cost %v", count)
	}
}

// TestWatchFindsWhereItFailed: n0 is a sub-workflow whose second child
// started an execution of its own, in which a task failed twice.
func TestWatchFindsWhereItFailed(t *testing.T) {
	t.Parallel()
	launched := failedNode("n0-0-n1", "cut")
	launched.Closure.TargetMetadata = &admin.NodeExecutionClosure_WorkflowNodeMetadata{WorkflowNodeMetadata: &admin.WorkflowNodeMetadata{ExecutionId: execution("child")}}
	s := &story{
		moments: []moment{{core.WorkflowExecution_FAILED, phases{"n0": core.NodeExecution_FAILED, "n1": core.NodeExecution_SUCCEEDED, "n2": core.NodeExecution_FAILED}}},
		children: map[string][]*admin.NodeExecution{
			"n0":    {node("n0-0-n0", core.NodeExecution_SUCCEEDED), launched},
			"child": {failedNode("c0", "cut")},
		},
		attempts: map[string][]*admin.TaskExecution{"c0": {attempt("m.rate", "first try"), attempt("m.rate", "Traceback: ZeroDivisionError")}},
	}
	_, last, err := watch(t, dialStub(t, s.handle))
	if err != nil {
		t.Fatal(err)
	}
	if last.Error.GetMessage() != "Traceback: ZeroDivisionError" || last.FailedTask != "m.rate" {
		t.Errorf("the error of %q: %v", last.FailedTask, last.Error)
	}
	if last.Nodes[0].Error.GetMessage() != "Traceback: ZeroDivisionError" || last.Nodes[1].Error != nil || last.Nodes[2].Error.GetMessage() != "whole error of n2" {
		t.Errorf("the nodes' errors: %+v", last.Nodes)
	}
}

func TestWatchOfAFailureWithoutNodes(t *testing.T) {
	t.Parallel()
	s := &story{moments: []moment{{core.WorkflowExecution_FAILED, nil}}}
	_, last, err := watch(t, dialStub(t, s.handle))
	if err != nil || last.Error.GetMessage() != "the workflow's own error" || last.FailedTask != "" {
		t.Errorf("%+v, %v", last, err)
	}
}

func TestWatchOfATerminatedExecution(t *testing.T) {
	t.Parallel()
	s := &story{moments: []moment{{core.WorkflowExecution_ABORTED, nil}}}
	_, last, err := watch(t, dialStub(t, s.handle))
	if err != nil || last.AbortCause != "cancelled in the editor" || !last.Ended() {
		t.Errorf("%+v, %v", last, err)
	}
}

func TestWatchOfWhatIsNotThere(t *testing.T) {
	t.Parallel()
	client := dialStub(t, func(context.Context, any) (proto.Message, error) {
		return nil, status.Error(codes.NotFound, "missing entity")
	})
	seen, _, err := watch(t, client)
	if len(seen) > 0 || err == nil || !strings.Contains(err.Error(), "execution x in p/d doesn't exist") {
		t.Errorf("%v, %v", seen, err)
	}
}

func TestWatchEndsWithItsContext(t *testing.T) {
	t.Parallel()
	s := &story{moments: []moment{{core.WorkflowExecution_RUNNING, nil}}}
	ctx, cancel := context.WithCancel(t.Context())
	last, err := dialStub(t, s.handle).Watch(ctx, execution("x"), func(remote.Execution) { cancel() })
	if !errors.Is(err, context.Canceled) || last.Phase != core.WorkflowExecution_RUNNING {
		t.Errorf("%+v, %v", last, err)
	}
}

// TestWatchSurvivesAHangUp stops the backend in the middle and starts another
// at the same address.
func TestWatchSurvivesAHangUp(t *testing.T) {
	t.Parallel()
	before := &story{moments: []moment{{core.WorkflowExecution_RUNNING, phases{"n0": core.NodeExecution_RUNNING}}}}
	after := &story{moments: []moment{{core.WorkflowExecution_SUCCEEDED, phases{"n0": core.NodeExecution_SUCCEEDED}}}}
	cfg, server := serveStub(t, before.handle)
	client := dial(t, cfg)
	var seen []string
	last, err := client.Watch(t.Context(), execution("x"), func(e remote.Execution) {
		seen = append(seen, line(e))
		switch {
		case len(seen) == 1:
			server.Stop()
		case e.Outage != nil:
			serveStubAt(t, cfg.Endpoint, after.handle)
		}
	})
	want := []string{"RUNNING m.fetch:RUNNING", "RUNNING (outage) m.fetch:RUNNING", "SUCCEEDED m.fetch:SUCCEEDED"}
	if err != nil || !last.Ended() || !slices.Equal(seen, want) {
		t.Errorf("%v: seen\n%s\nwant\n%s", err, strings.Join(seen, "\n"), strings.Join(want, "\n"))
	}
}
