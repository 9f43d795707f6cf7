package remote_test

import (
	"context"
	"errors"
	"regexp"
	"strings"
	"testing"

	"github.com/flyte-lsp/flyte-lsp/remote"
	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/admin"
	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/core"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
)

// launcher keeps executions as flyteadmin does, and loses answers.
type launcher struct {
	executions map[string]*admin.Execution
	// lost is how many answers to CreateExecution get lost after the
	// execution was made.
	lost  int
	calls int
}

func (l *launcher) handle(_ context.Context, req any) (proto.Message, error) {
	switch req := req.(type) {
	case *admin.ExecutionCreateRequest:
		return l.create(req)
	case *admin.WorkflowExecutionGetRequest:
		if found := l.executions[req.GetId().GetName()]; found != nil {
			return found, nil
		}
		return nil, status.Error(codes.NotFound, "missing entity")
	case *admin.ExecutionTerminateRequest:
		return nil, status.Error(codes.FailedPrecondition, "Cannot abort an already terminated workflow execution")
	}
	return nil, nil
}

func (l *launcher) create(req *admin.ExecutionCreateRequest) (proto.Message, error) {
	l.calls++
	if l.executions[req.GetName()] != nil {
		return nil, status.Error(codes.AlreadyExists, "execution exists")
	}
	id := execution(req.GetName())
	l.executions[req.GetName()] = &admin.Execution{Id: id, Spec: req.GetSpec()}
	if l.lost > 0 {
		l.lost--
		return nil, status.Error(codes.Unavailable, "connection reset")
	}
	return &admin.ExecutionCreateResponse{Id: id}, nil
}

func request(name string) remote.ExecuteRequest {
	return remote.ExecuteRequest{Project: "p", Domain: "d", Name: name, Entity: identifier(core.ResourceType_LAUNCH_PLAN, "lp")}
}

func TestExecuteSendsWhatFlyteRemoteSends(t *testing.T) {
	t.Parallel()
	l := &launcher{executions: map[string]*admin.Execution{}}
	req := request("")
	req.Envs = map[string]string{"B": "2", "A": "1"}
	req.Labels = map[string]string{"team": "shop"}
	req.Annotations = map[string]string{"flyte-lsp/python": "/usr/bin/python3"}
	id, err := dialStub(t, l.handle).Execute(t.Context(), req)
	if err != nil {
		t.Fatal(err)
	}
	want := &admin.ExecutionSpec{
		LaunchPlan:            identifier(core.ResourceType_LAUNCH_PLAN, "lp"),
		Metadata:              &admin.ExecutionMetadata{Mode: admin.ExecutionMetadata_MANUAL, Principal: "placeholder"},
		NotificationOverrides: &admin.ExecutionSpec_DisableAll{},
		Labels:                &admin.Labels{Values: map[string]string{"team": "shop"}},
		Annotations:           &admin.Annotations{Values: map[string]string{"flyte-lsp/python": "/usr/bin/python3"}},
		AuthRole:              &admin.AuthRole{},
		Envs:                  &admin.Envs{Values: []*core.KeyValuePair{{Key: "A", Value: "1"}, {Key: "B", Value: "2"}}},
	}
	if got := l.executions[id.GetName()].GetSpec(); !proto.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestExecutionNamesAreTheBackendsOwn(t *testing.T) {
	t.Parallel()
	form := regexp.MustCompile(`^a[bcdfghjklmnpqrstvwxz2456789]{19}$`)
	if a, b := remote.NewExecutionName(), remote.NewExecutionName(); !form.MatchString(a) || a == b {
		t.Errorf("got %q and %q", a, b)
	}
}

func TestALostAnswerStartsOneExecution(t *testing.T) {
	t.Parallel()
	l := &launcher{executions: map[string]*admin.Execution{}, lost: 1}
	id, err := dialStub(t, l.handle).Execute(t.Context(), request("mine"))
	if err != nil || id.GetName() != "mine" || len(l.executions) != 1 || l.calls != 2 {
		t.Errorf("%v, %v: %d executions, %d calls", id, err, len(l.executions), l.calls)
	}
}

func TestATakenName(t *testing.T) {
	t.Parallel()
	other := &admin.ExecutionSpec{LaunchPlan: identifier(core.ResourceType_LAUNCH_PLAN, "other")}
	same := &admin.ExecutionSpec{LaunchPlan: identifier(core.ResourceType_LAUNCH_PLAN, "lp")}
	for name, spec := range map[string]*admin.ExecutionSpec{"by another launch plan": other, "by an earlier run": same} {
		l := &launcher{executions: map[string]*admin.Execution{"mine": {Spec: spec}}}
		id, err := dialStub(t, l.handle).Execute(t.Context(), request("mine"))
		if id != nil || err == nil || !strings.Contains(err.Error(), "execution mine in p/d exists on") {
			t.Errorf("%s: %v, %v", name, id, err)
		}
	}
}

func TestAnUncertainStartKeepsItsName(t *testing.T) {
	t.Parallel()
	client := dial(t, remote.Config{Endpoint: closedPort(t), Insecure: true})
	id, err := client.Execute(t.Context(), request("mine"))
	var unreachable *remote.UnreachableError
	if !errors.As(err, &unreachable) || id.GetName() != "mine" {
		t.Errorf("got %v, %v", id, err)
	}
}

func TestTerminatingWhatHasEnded(t *testing.T) {
	t.Parallel()
	l := &launcher{}
	if err := dialStub(t, l.handle).Terminate(t.Context(), execution("mine"), "cancelled in the editor"); err != nil {
		t.Error(err)
	}
}

func TestExecutionURL(t *testing.T) {
	t.Parallel()
	for want, cfg := range map[string]remote.Config{
		"http://localhost:30080/console/projects/p/domains/d/executions/x":      {Endpoint: "localhost:30080", Insecure: true},
		"https://flyte.example.org/console/projects/p/domains/d/executions/x":   {Endpoint: "flyte.example.org"},
		"https://console.example.org/console/projects/p/domains/d/executions/x": {Endpoint: "localhost:1", Insecure: true, ConsoleEndpoint: "https://console.example.org"},
	} {
		if got := dial(t, cfg).ExecutionURL(execution("x")); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}
