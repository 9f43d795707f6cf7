package local

import (
	"context"
	"crypto/md5"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"sort"
	"strings"
	"sync"
	"testing"

	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/admin"
	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/core"
	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/service"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/encoding/prototext"
	"google.golang.org/protobuf/proto"

	"github.com/flyte-lsp/flyte-lsp/internal/testenv"
)

// recorder is a backend that keeps what a client registers and executes.
type recorder struct {
	service.UnimplementedAdminServiceServer
	service.UnimplementedDataProxyServiceServer
	store *httptest.Server

	mu       sync.Mutex
	compiled Compiled
	uploads  []string
}

// addressOf is where the recorder keeps content: an address that is the same for the same content.
func addressOf(content []byte) string { return fmt.Sprintf("s3://bucket/%x", md5.Sum(content)) }

func (r *recorder) CreateUploadLocation(_ context.Context, in *service.CreateUploadLocationRequest) (*service.CreateUploadLocationResponse, error) {
	return &service.CreateUploadLocationResponse{
		SignedUrl: r.store.URL, NativeUrl: "s3://bucket/" + hex.EncodeToString(in.GetContentMd5()),
	}, nil
}

func (r *recorder) ServeHTTP(w http.ResponseWriter, in *http.Request) {
	content, err := io.ReadAll(in.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.uploads = append(r.uploads, string(content))
}

func (r *recorder) CreateTask(_ context.Context, in *admin.TaskCreateRequest) (*admin.TaskCreateResponse, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.compiled.Tasks = append(r.compiled.Tasks, in)
	return &admin.TaskCreateResponse{}, nil
}

func (r *recorder) CreateWorkflow(_ context.Context, in *admin.WorkflowCreateRequest) (*admin.WorkflowCreateResponse, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.compiled.Workflows = append(r.compiled.Workflows, in)
	return &admin.WorkflowCreateResponse{}, nil
}

func (r *recorder) CreateLaunchPlan(_ context.Context, in *admin.LaunchPlanCreateRequest) (*admin.LaunchPlanCreateResponse, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.compiled.LaunchPlans = append(r.compiled.LaunchPlans, in)
	return &admin.LaunchPlanCreateResponse{}, nil
}

func (r *recorder) UpdateLaunchPlan(_ context.Context, in *admin.LaunchPlanUpdateRequest) (*admin.LaunchPlanUpdateResponse, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.compiled.Activations = append(r.compiled.Activations, in)
	return &admin.LaunchPlanUpdateResponse{}, nil
}

func (r *recorder) GetTask(_ context.Context, in *admin.ObjectGetRequest) (*admin.Task, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, task := range r.compiled.Tasks {
		if proto.Equal(task.GetId(), in.GetId()) {
			template := proto.Clone(task.GetSpec().GetTemplate()).(*core.TaskTemplate)
			template.Id = in.GetId()
			return &admin.Task{Id: in.GetId(), Closure: &admin.TaskClosure{CompiledTask: &core.CompiledTask{Template: template}}}, nil
		}
	}
	return nil, errNotFound
}

func (r *recorder) GetWorkflow(_ context.Context, in *admin.ObjectGetRequest) (*admin.Workflow, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, workflow := range r.compiled.Workflows {
		if proto.Equal(workflow.GetId(), in.GetId()) {
			// flytekit reads the interface only: a closure without nodes is enough.
			template := &core.WorkflowTemplate{
				Id: in.GetId(), Interface: workflow.GetSpec().GetTemplate().GetInterface(),
				Metadata: &core.WorkflowMetadata{}, MetadataDefaults: &core.WorkflowMetadataDefaults{},
			}
			closure := &core.CompiledWorkflowClosure{Primary: &core.CompiledWorkflow{Template: template, Connections: &core.ConnectionSet{}}}
			return &admin.Workflow{Id: in.GetId(), Closure: &admin.WorkflowClosure{CompiledWorkflow: closure}}, nil
		}
	}
	return nil, errNotFound
}

func (r *recorder) GetLaunchPlan(_ context.Context, in *admin.ObjectGetRequest) (*admin.LaunchPlan, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, plan := range r.compiled.LaunchPlans {
		if proto.Equal(plan.GetId(), in.GetId()) {
			return &admin.LaunchPlan{Id: in.GetId(), Spec: plan.GetSpec(), Closure: &admin.LaunchPlanClosure{ExpectedInputs: plan.GetSpec().GetDefaultInputs()}}, nil
		}
	}
	return nil, errNotFound
}

func (r *recorder) CreateExecution(_ context.Context, in *admin.ExecutionCreateRequest) (*admin.ExecutionCreateResponse, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.compiled.Entity = in.GetSpec().GetLaunchPlan()
	r.compiled.Inputs = in.GetInputs()
	return &admin.ExecutionCreateResponse{Id: &core.WorkflowExecutionIdentifier{Project: in.GetProject(), Domain: in.GetDomain(), Name: "run"}}, nil
}

func (r *recorder) GetExecution(_ context.Context, in *admin.WorkflowExecutionGetRequest) (*admin.Execution, error) {
	return &admin.Execution{Id: in.GetId(), Spec: &admin.ExecutionSpec{LaunchPlan: &core.Identifier{}, Metadata: &admin.ExecutionMetadata{}}, Closure: &admin.ExecutionClosure{}}, nil
}

var errNotFound = status.Error(codes.NotFound, "no such entity")

// remotely runs `pyflyte run --remote` on a backend that records what it is told.
func remotely(t *testing.T, args ...string) *recorder {
	t.Helper()
	r := &recorder{}
	r.store = httptest.NewServer(r)
	t.Cleanup(r.store.Close)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := grpc.NewServer()
	service.RegisterAdminServiceServer(server, r)
	service.RegisterDataProxyServiceServer(server, r)
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	t.Cleanup(func() { server.Stop(); <-served })
	config := filepath.Join(t.TempDir(), "config.yaml")
	text := "admin:\n  endpoint: dns:///" + listener.Addr().String() + "\n  insecure: true\n"
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(testenv.Pyflyte(t), append([]string{"run", "--remote", "-p", "proj", "-d", "dev"}, args...)...)
	cmd.Env = append(os.Environ(), "FLYTECTL_CONFIG="+config)
	if printed, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("pyflyte run --remote %v: %v\n%s", args, err, printed)
	}
	return r
}

// files is a backend for Compile: it keeps the bundle, and uploads by name.
type files struct {
	known  map[string]bool // names of registered entities
	err    error
	bundle []byte
	asked  *core.Identifier
}

func (f *files) Upload(_ context.Context, file string) (string, error) {
	if f.err != nil {
		return "", f.err
	}
	content, err := os.ReadFile(file)
	f.bundle = content
	return addressOf(content), err
}

func (f *files) Registered(_ context.Context, id *core.Identifier) (bool, error) {
	f.asked = id
	return f.known[id.GetName()], nil
}

func (f *files) UploadInputs(_ context.Context, inputs *core.LiteralMap) error {
	for _, literal := range inputs.GetLiterals() {
		if blob := literal.GetScalar().GetBlob(); blob != nil && !strings.Contains(blob.GetUri(), "://") {
			content, err := os.ReadFile(blob.GetUri())
			if err != nil {
				return err
			}
			blob.Uri = addressOf(content)
		}
	}
	return nil
}

func compileFile(t *testing.T, file, entity string, inputs map[string]any, backend Backend) (*Compiled, error) {
	t.Helper()
	job := CompileJob{File: file, Entity: entity, Project: "proj", Domain: "dev", Inputs: inputs, Log: filepath.Join(t.TempDir(), "log")}
	return shared.Compile(t.Context(), testenv.Python(t), job, backend)
}

// text makes what is registered comparable: the names of uploaded inputs and the order of tasks vary.
func (c *Compiled) text() map[string]string {
	texts := map[string]string{}
	add := func(kind string, list ...proto.Message) {
		for i, m := range list {
			texts[fmt.Sprintf("%s %d", kind, i)] = prototext.Format(m)
		}
	}
	sort.Slice(c.Tasks, func(i, j int) bool { return c.Tasks[i].GetId().GetName() < c.Tasks[j].GetId().GetName() })
	for i := range c.Tasks {
		add("task "+c.Tasks[i].GetId().GetName(), c.Tasks[i])
	}
	for i := range c.Workflows {
		add("workflow "+c.Workflows[i].GetId().GetName(), c.Workflows[i])
	}
	for i := range c.LaunchPlans {
		add("launch plan "+c.LaunchPlans[i].GetId().GetName(), c.LaunchPlans[i])
	}
	for i := range c.Activations {
		add("activation", c.Activations[i])
	}
	add("entity", c.Entity)
	add("inputs", c.Inputs)
	return texts
}

const registered = `
import os
from dataclasses import dataclass
from typing import List
from flytekit import ImageSpec, LaunchPlan, Resources, conditional, dynamic, map_task, task, workflow
from flytekit.types.file import FlyteFile
from pkg.helper import SCALE

@dataclass
class Point:
    x: int

@task(retries=2, requests=Resources(cpu="1"), environment={"A": "b"})
def scale(n: int) -> int:
    return n * SCALE

@task(cache=True, cache_version="1")
def point(n: int) -> Point:
    return Point(n)

@task
def read(file: FlyteFile, n: int = 2) -> int:
    return len(open(file).read()) + n

@dynamic
def many(n: int) -> List[int]:
    return [scale(n=i) for i in range(n)]

@workflow
def inner(n: int) -> int:
    return scale(n=n)

@workflow
def outer(n: int = 3, numbers: List[int] = [1, 2]) -> Point:
    map_task(scale)(n=numbers)
    many(n=n)
    chosen = conditional("c").if_(n > 2).then(inner(n=n)).else_().then(scale(n=n))
    return point(n=chosen)

plan = LaunchPlan.get_or_create(outer, name="my_plan", default_inputs={"n": 7}, fixed_inputs={"numbers": [5]}, auto_activate=True)
`

func TestCompileEqualsPyflyteRun(t *testing.T) {
	dir := write(t, map[string]string{"pkg/__init__.py": "", "pkg/flow.py": registered, "pkg/helper.py": "SCALE = 2\n", "pkg/unused.py": "", "data.txt": "content"})
	file, data := filepath.Join(dir, "pkg", "flow.py"), filepath.Join(dir, "data.txt")
	for _, test := range []struct {
		entity string
		inputs map[string]any
		args   []string
	}{
		{"outer", nil, nil},
		{"read", map[string]any{"file": data}, []string{"--file", data}},
		{"plan", map[string]any{"n": 8}, []string{"--n", "8"}},
	} {
		t.Run(test.entity, func(t *testing.T) {
			t.Parallel()
			recorded := remotely(t, append([]string{file, test.entity}, test.args...)...)
			backend := &files{}
			compiled, err := compileFile(t, file, test.entity, test.inputs, backend)
			if err != nil {
				t.Fatal(err)
			}
			if !slices.Contains(recorded.uploads, string(backend.bundle)) {
				t.Error("pyflyte uploads another bundle")
			}
			if test.entity == "plan" {
				// pyflyte adds the workflow's default for the fixed input, which a backend refuses.
				delete(recorded.compiled.Inputs.Literals, "numbers")
			}
			got, want := compiled.text(), recorded.compiled.text()
			for name := range want {
				if got[name] != want[name] {
					t.Errorf("%s is\n%s\npyflyte sends\n%s", name, got[name], want[name])
				}
			}
			if len(got) != len(want) {
				t.Errorf("%d messages, pyflyte sends %d", len(got), len(want))
			}
			if !proto.Equal(backend.asked, compiled.Entity) {
				t.Errorf("asked for %v, executed is %v", backend.asked, compiled.Entity)
			}
		})
	}
}

func TestCompileOfWhatIsRegistered(t *testing.T) {
	backend := &files{known: map[string]bool{"workflow.product_rating": true}}
	compiled, err := compileFile(t, testenv.Quickstart(t), "product_rating", map[string]any{"limit": 2}, backend)
	if err != nil {
		t.Fatal(err)
	}
	if !compiled.Skipped || len(compiled.Tasks)+len(compiled.Workflows)+len(compiled.LaunchPlans) > 0 {
		t.Errorf("%+v is to be registered", compiled)
	}
	if n := compiled.Inputs.GetLiterals()["limit"].GetScalar().GetPrimitive().GetInteger(); n != 2 {
		t.Errorf("the input is %d", n)
	}
}

func TestCompileOfAReference(t *testing.T) {
	dir := write(t, map[string]string{"flow.py": `
from flytekit import reference_task
@reference_task(project="p", domain="d", name="other.task", version="v1")
def other(n: int) -> int: ...
`})
	compiled, err := compileFile(t, filepath.Join(dir, "flow.py"), "other", map[string]any{"n": 1}, &files{})
	if err != nil {
		t.Fatal(err)
	}
	want := &core.Identifier{ResourceType: core.ResourceType_TASK, Project: "p", Domain: "d", Name: "other.task", Version: "v1"}
	if !proto.Equal(compiled.Entity, want) || !compiled.Skipped {
		t.Errorf("executed is %v", compiled.Entity)
	}
}

func TestCompileUploadsDefaultsOfLaunchPlans(t *testing.T) {
	dir := write(t, map[string]string{"data.txt": "content", "flow.py": `
import os
from flytekit import LaunchPlan, task, workflow
from flytekit.types.file import FlyteFile
@task
def read(file: FlyteFile) -> str:
    return open(file).read()
@workflow
def flow(file: FlyteFile) -> str:
    return read(file=file)
plan = LaunchPlan.get_or_create(flow, name="plan", default_inputs={"file": FlyteFile(os.path.join(os.path.dirname(__file__), "data.txt"))})
`})
	compiled, err := compileFile(t, filepath.Join(dir, "flow.py"), "plan", nil, &files{})
	if err != nil {
		t.Fatal(err)
	}
	plan := compiled.LaunchPlans[len(compiled.LaunchPlans)-1].GetSpec()
	got := plan.GetDefaultInputs().GetParameters()["file"].GetDefault().GetScalar().GetBlob().GetUri()
	if want := addressOf([]byte("content")); got != want {
		t.Errorf("the default is at %s, want %s", got, want)
	}
}

func TestCompileOptions(t *testing.T) {
	job := CompileJob{
		File: testenv.Quickstart(t), Entity: "product_rating", Project: "proj", Domain: "dev",
		Version: "v7", Image: "example.org/image:1",
	}
	compiled, err := shared.Compile(t.Context(), testenv.Python(t), job, &files{})
	if err != nil {
		t.Fatal(err)
	}
	for _, task := range compiled.Tasks {
		if image := task.GetSpec().GetTemplate().GetContainer().GetImage(); image != job.Image || task.GetId().GetVersion() != "v7" {
			t.Errorf("the image is %s, the version %s", image, task.GetId().GetVersion())
		}
	}
	if compiled.Entity.GetVersion() != "v7" {
		t.Errorf("executed is %v", compiled.Entity)
	}
}

func TestCompileErrors(t *testing.T) {
	broken := errors.New("the backend hung up")
	if _, err := compileFile(t, testenv.Quickstart(t), "product_rating", nil, &files{err: broken}); !errors.Is(err, broken) {
		t.Errorf("an error of the backend came out as %v", err)
	}
	var mistake *InputError
	if _, err := compileFile(t, testenv.Quickstart(t), "product_rating", map[string]any{"limit": "x"}, &files{}); !errors.As(err, &mistake) {
		t.Errorf("a wrong input came out as %v", err)
	}
	var failure *Failure
	file := filepath.Join(write(t, map[string]string{"flow.py": "from flytekit import task, workflow\n@task\ndef one(n: int) -> int:\n    return n\n@workflow\ndef flow() -> int:\n    return one(n='x')\n"}), "flow.py")
	_, err := compileFile(t, file, "flow", nil, &files{})
	if !errors.As(err, &failure) || !strings.Contains(failure.Message, "Failed to Bind variable 'n'") || failure.Frames[len(failure.Frames)-1].Line != 7 {
		t.Errorf("a wrong workflow came out as %v", err)
	}
}
