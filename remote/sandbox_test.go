package remote_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/flyte-lsp/flyte-lsp/internal/testenv"
	"github.com/flyte-lsp/flyte-lsp/literal"
	"github.com/flyte-lsp/flyte-lsp/local"
	"github.com/flyte-lsp/flyte-lsp/remote"
	"github.com/flyte-lsp/flyte-lsp/sandbox"
	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/admin"
	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/core"
	"google.golang.org/protobuf/proto"
)

// backend is a sandbox of the test's own, with flytekit as the compiler.
type backend struct {
	*remote.Client
	pool   *local.Pool
	python string
}

func startSandbox(t *testing.T) backend {
	t.Helper()
	dir, python := t.TempDir(), testenv.Python(t)
	log := slog.New(slog.NewTextHandler(io.Discard, nil))
	ctx, stop := context.WithCancel(context.Background())
	served := make(chan error, 1)
	go func() {
		served <- sandbox.Serve(ctx, sandbox.Options{Dir: dir, Python: python, IdleAfter: -1, Log: log})
	}()
	t.Cleanup(func() {
		stop()
		if err := <-served; err != nil {
			t.Errorf("the sandbox ended with %v", err)
		}
	})
	status := waitForSandbox(t, dir, served)
	cfg, err := remote.LoadConfig(remote.LoadOptions{File: status.ConfigFile, Getenv: func(string) string { return "" }})
	if err != nil {
		t.Fatal(err)
	}
	pool := local.NewPool(log)
	t.Cleanup(pool.Close)
	return backend{dial(t, cfg), pool, python}
}

func waitForSandbox(t *testing.T, dir string, served chan error) sandbox.Status {
	t.Helper()
	for range 200 {
		status, err := sandbox.Find(t.Context(), dir)
		if err == nil && status.Running {
			return status
		}
		select {
		case err := <-served:
			served <- err
			t.Fatalf("the sandbox didn't start: %v", err)
		case <-time.After(50 * time.Millisecond):
		}
	}
	t.Fatal("the sandbox isn't ready")
	return sandbox.Status{}
}

// bundles is what the compiler needs of a backend.
type bundles struct{ backend }

func (b bundles) Upload(ctx context.Context, file string) (string, error) {
	return b.Client.Upload(ctx, b.Config().Project, b.Config().Domain, file)
}

func (b bundles) UploadInputs(ctx context.Context, inputs *core.LiteralMap) error {
	return b.Client.UploadInputs(ctx, b.Config().Project, b.Config().Domain, inputs)
}

func (b backend) compile(t *testing.T, file, entity string, inputs map[string]any) *local.Compiled {
	t.Helper()
	compiled, err := b.pool.Compile(t.Context(), b.python, local.CompileJob{
		File: file, Entity: entity, WorkDir: filepath.Dir(file), Inputs: inputs,
		Project: b.Config().Project, Domain: b.Config().Domain, Log: filepath.Join(t.TempDir(), "log"),
	}, bundles{b})
	if err != nil {
		t.Fatal(err)
	}
	return compiled
}

func registration(c *local.Compiled) remote.Registration {
	return remote.Registration{Tasks: c.Tasks, Workflows: c.Workflows, LaunchPlans: c.LaunchPlans, Activations: c.Activations}
}

// start registers an entity and executes it.
func (b backend) start(t *testing.T, file, entity string, inputs map[string]any) (*local.Compiled, *core.WorkflowExecutionIdentifier) {
	t.Helper()
	compiled := b.compile(t, file, entity, inputs)
	if err := b.Register(t.Context(), registration(compiled), nil); err != nil {
		t.Fatal(err)
	}
	id, err := b.Execute(t.Context(), remote.ExecuteRequest{
		Project: b.Config().Project, Domain: b.Config().Domain, Entity: compiled.Entity, Inputs: compiled.Inputs,
	})
	if err != nil {
		t.Fatal(err)
	}
	return compiled, id
}

func (b backend) finish(t *testing.T, id *core.WorkflowExecutionIdentifier) remote.Execution {
	t.Helper()
	end, err := b.Watch(t.Context(), id, func(remote.Execution) {})
	if err != nil {
		t.Fatal(err)
	}
	return end
}

func (b backend) outputs(t *testing.T, id *core.WorkflowExecutionIdentifier) string {
	t.Helper()
	outputs, err := b.Outputs(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	text, err := literal.MapJSON(outputs)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestSandbox takes real entities, compiled by flytekit, through a real
// backend.
func TestSandbox(t *testing.T) {
	t.Parallel()
	b := startSandbox(t)
	if err := b.Ping(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Run("quickstart", b.testQuickstart)
	t.Run("conflict", b.testConflict)
	flow, err := filepath.Abs("testdata/flow.py")
	if err != nil {
		t.Fatal(err)
	}
	t.Run("failure", func(t *testing.T) { b.testFailure(t, flow) })
	t.Run("terminated", func(t *testing.T) { b.testTerminated(t, flow) })
	t.Run("files", func(t *testing.T) { b.testFiles(t, flow) })
	t.Run("launch plan node", func(t *testing.T) { b.testLaunchPlanNode(t, flow) })
}

func (b backend) testQuickstart(t *testing.T) {
	compiled, id := b.start(t, testenv.Quickstart(t), "product_rating", map[string]any{"limit": 3})
	var first, last remote.Execution
	end, err := b.Watch(t.Context(), id, func(now remote.Execution) {
		if last.Phase == 0 && first.ID == nil {
			first = now
		}
		last = now
	})
	if err != nil {
		t.Fatal(err)
	}
	if end.Phase != core.WorkflowExecution_SUCCEEDED || first.Ended() || last.Phase != end.Phase || end.Duration <= 0 || end.StartedAt.IsZero() {
		t.Errorf("it began with %+v and ended with %+v", first, end)
	}
	var names []string
	for _, node := range end.Nodes {
		names = append(names, node.ID+" "+node.Name+" "+node.Phase.String())
	}
	if want := []string{"n0 workflow.fetch_reviews SUCCEEDED", "n1 workflow.rate SUCCEEDED"}; !slices.Equal(names, want) {
		t.Errorf("nodes %q, want %q", names, want)
	}
	if got, want := b.outputs(t, id), `{"o0":{"reviews":3,"score":1.0}}`; got != want {
		t.Errorf("outputs %s, want %s", got, want)
	}
	b.checkRegistered(t, compiled)
	b.checkNames(t, compiled)
}

// checkNames lists the names of what is registered.
func (b backend) checkNames(t *testing.T, compiled *local.Compiled) {
	project, domain := b.Config().Project, b.Config().Domain
	for kind, want := range map[core.ResourceType]string{
		core.ResourceType_TASK: compiled.Tasks[0].GetId().GetName(), core.ResourceType_WORKFLOW: compiled.Entity.GetName(),
		core.ResourceType_LAUNCH_PLAN: compiled.Entity.GetName(),
	} {
		names, err := b.Names(t.Context(), kind, project, domain, 1000)
		if err != nil || !slices.Contains(names, want) {
			t.Errorf("the names of the %v are %q, %v, want %q among them", kind, names, err, want)
		}
	}
	if names, err := b.Names(t.Context(), core.ResourceType_DATASET, project, domain, 1000); err == nil {
		t.Errorf("data sets have the names %q", names)
	}
}

// checkRegistered registers the same again, and looks for what isn't there.
func (b backend) checkRegistered(t *testing.T, compiled *local.Compiled) {
	t.Helper()
	err := b.Register(t.Context(), registration(compiled), func(id *core.Identifier, existed bool) {
		if !existed {
			t.Errorf("%s was registered twice", id.GetName())
		}
	})
	if err != nil {
		t.Error(err)
	}
	other := proto.CloneOf(compiled.Entity)
	other.Version = "another"
	for id, want := range map[*core.Identifier]bool{compiled.Entity: true, other: false} {
		if got, err := b.Registered(t.Context(), id); got != want || err != nil {
			t.Errorf("%s is registered: %v, %v", id, got, err)
		}
	}
}

func (b backend) testConflict(t *testing.T) {
	compiled := b.compile(t, testenv.Quickstart(t), "rate", map[string]any{"reviews": []any{"good"}})
	task := proto.CloneOf(compiled.Tasks[0])
	task.Id.Version = "conflicting"
	if err := b.Register(t.Context(), remote.Registration{Tasks: []*admin.TaskCreateRequest{task}}, nil); err != nil {
		t.Fatal(err)
	}
	changed := proto.CloneOf(task)
	changed.Spec.Template.GetContainer().Image = "example.org/other:1"
	err := b.Register(t.Context(), remote.Registration{Tasks: []*admin.TaskCreateRequest{changed}}, nil)
	var conflict *remote.ConflictError
	if !errors.As(err, &conflict) || !strings.Contains(conflict.Difference, "example.org/other:1") {
		t.Errorf("got %v", err)
	}
}

func (b backend) testFailure(t *testing.T, flow string) {
	_, id := b.start(t, flow, "failing", nil)
	end := b.finish(t, id)
	if end.Phase != core.WorkflowExecution_FAILED || end.FailedTask != "flow.divide" {
		t.Errorf("%s, failed in %q", end.Phase, end.FailedTask)
	}
	for _, want := range []string{"ZeroDivisionError", "return 1 / by"} {
		if !strings.Contains(end.Error.GetMessage(), want) {
			t.Errorf("the error doesn't tell %q: %s", want, end.Error.GetMessage())
		}
	}
}

func (b backend) testTerminated(t *testing.T, flow string) {
	_, id := b.start(t, flow, "nap", nil)
	end, err := b.Watch(t.Context(), id, func(now remote.Execution) {
		if len(now.Nodes) > 0 && now.Nodes[0].Phase == core.NodeExecution_RUNNING {
			if err := b.Terminate(t.Context(), id, "cancelled in the editor"); err != nil {
				t.Error(err)
			}
		}
	})
	if err != nil || end.Phase != core.WorkflowExecution_ABORTED || end.AbortCause != "cancelled in the editor" {
		t.Errorf("%s, %q, %v", end.Phase, end.AbortCause, err)
	}
	if err := b.Terminate(t.Context(), id, "again"); err != nil {
		t.Errorf("terminating it again: %v", err)
	}
}

func (b backend) testFiles(t *testing.T, flow string) {
	dir := t.TempDir()
	file := writeFile(t, filepath.Join(dir, "data.txt"), "content")
	writeFile(t, filepath.Join(dir, "folder", "a.txt"), "a")
	writeFile(t, filepath.Join(dir, "folder", "sub", "a.txt"), "b")
	compiled, id := b.start(t, flow, "read", map[string]any{"file": file, "folder": filepath.Join(dir, "folder")})
	for name, input := range compiled.Inputs.GetLiterals() {
		if uri := input.GetScalar().GetBlob().GetUri(); strings.HasPrefix(uri, dir) {
			t.Errorf("%s stayed at %s", name, uri)
		}
	}
	if end := b.finish(t, id); end.Phase != core.WorkflowExecution_SUCCEEDED {
		t.Fatalf("%s: %s", end.Phase, end.Error.GetMessage())
	}
	if got, want := b.outputs(t, id), `{"o0":"content ['a.txt', 'sub/a.txt']"}`; got != want {
		t.Errorf("outputs %s, want %s", got, want)
	}
}

func (b backend) testLaunchPlanNode(t *testing.T, flow string) {
	_, id := b.start(t, flow, "launching", nil)
	end := b.finish(t, id)
	if end.Phase != core.WorkflowExecution_SUCCEEDED || len(end.Nodes) != 1 || end.Nodes[0].Name != "inner_plan" {
		t.Fatalf("%s: %+v, %s", end.Phase, end.Nodes, end.Error.GetMessage())
	}
	if got, want := b.outputs(t, id), `{"o0":0.5}`; got != want {
		t.Errorf("outputs %s, want %s", got, want)
	}
}
