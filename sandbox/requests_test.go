package sandbox_test

import (
	"context"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/admin"
	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/core"
	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/service"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/durationpb"
)

func wantStatus(t *testing.T, err error, code, message string) {
	t.Helper()
	got := status.Convert(err)
	if got.Code().String() != code || !strings.Contains(got.Message(), message) {
		t.Errorf("got %s %q, want %s %q", got.Code(), got.Message(), code, message)
	}
}

// What flyteadmin refuses is refused with its code and its words.
func TestRefusals(t *testing.T) {
	c := dial(t, running(t))
	task := shell("refused", "true")
	c.register(t, task)
	names := &admin.NamedEntityIdentifier{Project: project, Domain: domain}
	execute := func(change func(*admin.ExecutionCreateRequest)) func(context.Context) error {
		return func(ctx context.Context) error {
			request := &admin.ExecutionCreateRequest{Project: project, Domain: domain, Spec: &admin.ExecutionSpec{LaunchPlan: task.GetId()}}
			change(request)
			_, err := c.CreateExecution(ctx, request)
			return err
		}
	}
	list := func(request *admin.ResourceListRequest) func(context.Context) error {
		return func(ctx context.Context) error {
			request.Id = names
			_, err := c.ListExecutions(ctx, request)
			return err
		}
	}
	upload := func(request *service.CreateUploadLocationRequest) func(context.Context) error {
		return func(ctx context.Context) error {
			request.Project, request.Domain = project, domain
			_, err := c.data.CreateUploadLocation(ctx, request)
			return err
		}
	}
	tests := []struct {
		what, code, message string
		call                func(context.Context) error
	}{
		{"the same task again", "AlreadyExists", "refused task with identical structure already exists", func(ctx context.Context) error {
			_, err := c.CreateTask(ctx, &admin.TaskCreateRequest{Id: task.GetId(), Spec: &admin.TaskSpec{Template: shell("refused", "true")}})
			return err
		}},
		{"another task of the same version", "InvalidArgument", "refused task with different structure already exists. (Please register a new version of the task):\ntemplate.container.command[2]:\n\t- \"true\"\n\t+ \"false\"", func(ctx context.Context) error {
			_, err := c.CreateTask(ctx, &admin.TaskCreateRequest{Id: task.GetId(), Spec: &admin.TaskSpec{Template: shell("refused", "false")}})
			return err
		}},
		{"a task without interface", "InvalidArgument", "missing interface", func(ctx context.Context) error {
			bad := shell("bad", "true")
			bad.Interface = nil
			_, err := c.CreateTask(ctx, &admin.TaskCreateRequest{Id: bad.GetId(), Spec: &admin.TaskSpec{Template: bad}})
			return err
		}},
		{"a wrong resource type", "InvalidArgument", "unexpected resource type", func(ctx context.Context) error {
			_, err := c.GetWorkflow(ctx, &admin.ObjectGetRequest{Id: task.GetId()})
			return err
		}},
		{"an unknown task", "NotFound", "missing entity of type TASK with identifier", func(ctx context.Context) error {
			_, err := c.GetTask(ctx, &admin.ObjectGetRequest{Id: identifier(core.ResourceType_TASK, "nobody")})
			return err
		}},
		{"an unknown launch plan", "NotFound", "missing entity of type LAUNCH_PLAN", execute(func(r *admin.ExecutionCreateRequest) {
			r.Spec.LaunchPlan = identifier(core.ResourceType_LAUNCH_PLAN, "nobody")
		})},
		{"no active launch plan", "NotFound", "No active launch plan could be found: flytesnacks:development:nobody", func(ctx context.Context) error {
			_, err := c.GetActiveLaunchPlan(ctx, &admin.ActiveLaunchPlanRequest{Id: &admin.NamedEntityIdentifier{Project: project, Domain: domain, Name: "nobody"}})
			return err
		}},
		{"an unknown project", "InvalidArgument", "failed to validate that project [nowhere] and domain [development] are registered", execute(func(r *admin.ExecutionCreateRequest) { r.Project = "nowhere" })},
		{"an unknown domain", "InvalidArgument", "domain [moon] is unrecognized by system", execute(func(r *admin.ExecutionCreateRequest) { r.Domain = "moon" })},
		{"a bad name", "InvalidArgument", "invalid execution name", execute(func(r *admin.ExecutionCreateRequest) { r.Name = "1../x" })},
		{"a bad label", "InvalidArgument", "invalid label value", execute(func(r *admin.ExecutionCreateRequest) {
			r.Spec.Labels = &admin.Labels{Values: map[string]string{"a": "no spaces"}}
		})},
		{"no spec", "InvalidArgument", "missing spec", execute(func(r *admin.ExecutionCreateRequest) { r.Spec = nil })},
		{"an unknown input", "InvalidArgument", "invalid input x", execute(func(r *admin.ExecutionCreateRequest) {
			r.Inputs = &core.LiteralMap{Literals: map[string]*core.Literal{"x": {}}}
		})},
		{"an unknown execution", "NotFound", "missing entity of type execution", func(ctx context.Context) error {
			_, err := c.GetExecution(ctx, &admin.WorkflowExecutionGetRequest{Id: &core.WorkflowExecutionIdentifier{Project: project, Domain: domain, Name: "nobody"}})
			return err
		}},
		{"a list without limit", "InvalidArgument", "invalid value for limit", list(&admin.ResourceListRequest{})},
		{"a bad token", "InvalidArgument", "invalid pagination token", list(&admin.ResourceListRequest{Limit: 1, Token: "x"})},
		{"a bad filter", "InvalidArgument", "invalid value for filters", list(&admin.ResourceListRequest{Limit: 1, Filters: "phase=RUNNING"})},
		{"an unknown column", "InvalidArgument", "'launch_plan.colour' is invalid filter", list(&admin.ResourceListRequest{Limit: 1, Filters: "eq(launch_plan.colour,red)"})},
		{"an injected column", "InvalidArgument", "is invalid filter", list(&admin.ResourceListRequest{Limit: 1, Filters: "eq(1=1 OR phase,x)"})},
		{"a bad time", "InvalidArgument", "invalid value for filters", list(&admin.ResourceListRequest{Limit: 1, Filters: "gt(created_at,yesterday)"})},
		{"a bad sort key", "InvalidArgument", "invalid sort key 'colour'", list(&admin.ResourceListRequest{Limit: 1, SortBy: &admin.Sort{Key: "colour"}})},
		{"an upload without a name", "InvalidArgument", "content_md5 or filename_root", upload(&service.CreateUploadLocationRequest{})},
		{"an upload elsewhere", "InvalidArgument", "leads out of its folder", upload(&service.CreateUploadLocationRequest{FilenameRoot: "..", Filename: "x"})},
		{"an absolute upload", "InvalidArgument", "leads out of its folder", upload(&service.CreateUploadLocationRequest{FilenameRoot: "a", Filename: "/etc/passwd"})},
		{"an upload for a day", "InvalidArgument", "expires_in", upload(&service.CreateUploadLocationRequest{FilenameRoot: "a", ExpiresIn: durationpb.New(24 * time.Hour)})},
		{"a download elsewhere", "InvalidArgument", "isn't in the sandbox's data", func(ctx context.Context) error {
			_, err := c.data.CreateDownloadLocation(ctx, &service.CreateDownloadLocationRequest{NativeUrl: "/etc/passwd"})
			return err
		}},
		{"a method that isn't there yet", "Unimplemented", "the sandbox doesn't have RecoverExecution yet", func(ctx context.Context) error {
			_, err := c.RecoverExecution(ctx, &admin.ExecutionRecoverRequest{})
			return err
		}},
	}
	for _, test := range tests {
		t.Run(test.what, func(t *testing.T) { wantStatus(t, test.call(t.Context()), test.code, test.message) })
	}
}

// Lists page with tokens, filter and sort as flyteadmin's do.
func TestLists(t *testing.T) {
	c := dial(t, running(t))
	for _, name := range []string{"list.a", "list.b", "list.c"} {
		c.register(t, shell(name, "true"))
	}
	names := func(request *admin.ResourceListRequest) (string, string) {
		t.Helper()
		request.Id = &admin.NamedEntityIdentifier{Project: project, Domain: domain}
		list, err := c.ListTasks(t.Context(), request)
		if err != nil {
			t.Fatal(err)
		}
		var found []string
		for _, task := range list.GetTasks() {
			found = append(found, task.GetId().GetName())
		}
		return strings.Join(found, " "), list.GetToken()
	}
	mine := "contains(name,list.)"
	ascending := &admin.Sort{Key: "created_at", Direction: admin.Sort_ASCENDING}
	for _, test := range []struct {
		request     *admin.ResourceListRequest
		want, token string
	}{
		{&admin.ResourceListRequest{Limit: 2, Filters: mine, SortBy: ascending}, "list.a list.b", "2"},
		{&admin.ResourceListRequest{Limit: 2, Filters: mine, SortBy: ascending, Token: "2"}, "list.c", ""},
		{&admin.ResourceListRequest{Limit: 1, Filters: mine, SortBy: &admin.Sort{Key: "created_at"}}, "list.c", "1"},
		{&admin.ResourceListRequest{Limit: 9, Filters: "value_in(task.name,list.a;list.c)+ne(name,list.a)"}, "list.c", ""},
		{&admin.ResourceListRequest{Limit: 9, Filters: mine + "+gt(created_at,2100-01-01T00:00:00Z)"}, "", ""},
		{&admin.ResourceListRequest{Limit: 9, Filters: "contains(name,list_)"}, "", ""},
	} {
		if got, token := names(test.request); got != test.want || token != test.token {
			t.Errorf("%v gives %q and the token %q", test.request, got, token)
		}
	}
}

// Only one version of a launch plan is active, and executions are found by
// their tags and their launch plan.
func TestActivationAndTags(t *testing.T) {
	c := dial(t, running(t))
	task := shell("tagged", "true")
	c.register(t, task)
	request := &admin.ExecutionCreateRequest{Project: project, Domain: domain, Name: "tagged-one", Spec: &admin.ExecutionSpec{
		LaunchPlan: task.GetId(), Labels: &admin.Labels{Values: map[string]string{"colour": "red"}}, Tags: []string{"nice"},
	}}
	made, err := c.CreateExecution(t.Context(), request)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.CreateExecution(t.Context(), request); status.Code(err).String() != "AlreadyExists" {
		t.Errorf("a taken name gives %v", err)
	}
	c.ended(t, made.GetId())
	for filter, want := range map[string]int{
		"value_in(execution_tag.key,colour)+value_in(execution_tag.value,red)": 1,
		"value_in(execution_tag.key,nice)+value_in(execution_tag.value,red)":   0,
		"eq(admin_tag.name,nice)":                                      1,
		"eq(launch_plan.name,tagged)+value_in(phase,SUCCEEDED;FAILED)": 1,
		"eq(execution_name,tagged-one)+lt(duration,100)":               1,
		"eq(execution_name,tagged-one)+eq(state,EXECUTION_ARCHIVED)":   0,
	} {
		list, err := c.ListExecutions(t.Context(), &admin.ResourceListRequest{Id: &admin.NamedEntityIdentifier{Project: project, Domain: domain}, Limit: 10, Filters: filter})
		if err != nil || len(list.GetExecutions()) != want {
			t.Errorf("%s finds %d executions (%v), want %d", filter, len(list.GetExecutions()), err, want)
		}
	}
	relaunched, err := c.RelaunchExecution(t.Context(), &admin.ExecutionRelaunchRequest{Id: made.GetId()})
	if err != nil {
		t.Fatal(err)
	}
	if meta := c.ended(t, relaunched.GetId()).GetSpec().GetMetadata(); meta.GetMode() != admin.ExecutionMetadata_RELAUNCH || meta.GetReferenceExecution().GetName() != "tagged-one" {
		t.Errorf("the relaunched execution says %v", meta)
	}
	workflow := identifier(core.ResourceType_WORKFLOW, ".flytegen.tagged")
	for _, version := range []string{"v1", "v2"} {
		plan := identifier(core.ResourceType_LAUNCH_PLAN, "nightly")
		plan.Version = version
		if _, err := c.CreateLaunchPlan(t.Context(), &admin.LaunchPlanCreateRequest{Id: plan, Spec: &admin.LaunchPlanSpec{WorkflowId: workflow}}); err != nil {
			t.Fatal(err)
		}
		if _, err := c.UpdateLaunchPlan(t.Context(), &admin.LaunchPlanUpdateRequest{Id: plan, State: admin.LaunchPlanState_ACTIVE}); err != nil {
			t.Fatal(err)
		}
		active, err := c.ListActiveLaunchPlans(t.Context(), &admin.ActiveLaunchPlanListRequest{Project: project, Domain: domain, Limit: 100})
		if err != nil || len(active.GetLaunchPlans()) < 1 {
			t.Fatal(active, err)
		}
		for _, other := range active.GetLaunchPlans() {
			if other.GetId().GetName() == "nightly" && other.GetId().GetVersion() != version {
				t.Errorf("%s is active beside %s", other.GetId().GetVersion(), version)
			}
		}
	}
}

// Garbage on both ports disturbs nobody.
func TestGarbage(t *testing.T) {
	running := running(t)
	c := dial(t, running)
	for _, address := range []string{running.Endpoint, strings.TrimPrefix(running.HTTP, "http://")} {
		for _, garbage := range []string{"\x00\xff\x00\xff garbage", "GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\nrubbish", strings.Repeat("A", 1<<20)} {
			conn, err := net.Dial("tcp", address)
			if err != nil {
				t.Fatal(err)
			}
			_, _ = conn.Write([]byte(garbage)) // it may hang up in the middle
			conn.Close()
		}
	}
	if _, err := c.GetVersion(t.Context(), &admin.GetVersionRequest{}); err != nil {
		t.Error(err)
	}
}
