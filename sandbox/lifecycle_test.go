package sandbox_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/admin"
	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/core"
	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/service"

	"github.com/flyte-lsp/flyte-lsp/sandbox"
)

func find(t *testing.T, dir string) sandbox.Status {
	t.Helper()
	status, err := sandbox.Find(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	return status
}

// Two editors that start it at once get the same sandbox, which survives them;
// its folder is the user's alone, and a second process can't serve it.
func TestStartTwiceAtOnce(t *testing.T) {
	dir := t.TempDir()
	if found := find(t, dir); found.Running {
		t.Fatalf("nothing was started, but %+v", found)
	}
	var statuses [4]sandbox.Status
	var wg sync.WaitGroup
	for i := range statuses {
		wg.Go(func() { statuses[i] = start(t, sandbox.Options{Dir: dir}) })
	}
	wg.Wait()
	for _, status := range statuses {
		if status.PID != statuses[0].PID || status.Endpoint != statuses[0].Endpoint || !status.Running {
			t.Errorf("two sandboxes: %+v and %+v", statuses[0], status)
		}
	}
	if info, err := os.Stat(dir); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("the folder's mode is %v (%v)", info.Mode(), err)
	}
	if err := sandbox.Serve(t.Context(), sandbox.Options{Dir: dir}); !errors.Is(err, sandbox.ErrRunning) {
		t.Errorf("a second process gets %v", err)
	}
	config, err := os.ReadFile(statuses[0].ConfigFile)
	if err != nil || !strings.Contains(string(config), "endpoint: dns:///"+statuses[0].Endpoint+"\n  insecure: true") {
		t.Errorf("the configuration is %q (%v)", config, err)
	}
}

// Its addresses stay the same over a restart, also one after a kill -9, whose
// state file names a dead process. A reset keeps them, and nothing else.
func TestRestarts(t *testing.T) {
	dir := t.TempDir()
	first := start(t, sandbox.Options{Dir: dir})
	if _, err := dial(t, first).RegisterProject(t.Context(), &admin.ProjectRegisterRequest{Project: &admin.Project{Id: "mine"}}); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Kill(first.PID, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	eventually(t, "it is gone", func() bool { return !find(t, dir).Running })
	second := start(t, sandbox.Options{Dir: dir})
	if second.Endpoint != first.Endpoint || second.HTTP != first.HTTP || second.PID == first.PID {
		t.Errorf("it was %+v and is %+v", first, second)
	}
	has := func(status sandbox.Status) bool {
		_, err := dial(t, status).GetProject(t.Context(), &admin.ProjectGetRequest{Id: "mine"})
		return err == nil
	}
	if !has(second) {
		t.Error("it forgot the project")
	}
	if err := sandbox.Reset(t.Context(), dir); err != nil {
		t.Fatal(err)
	}
	if status := find(t, dir); status.Running || status.Endpoint != first.Endpoint {
		t.Errorf("after the reset: %+v", status)
	}
	if third := start(t, sandbox.Options{Dir: dir}); third.Endpoint != first.Endpoint || has(third) {
		t.Errorf("the reset left %+v", third)
	}
}

// A port that is taken is named, with the way to choose another one.
func TestPortInUse(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	port := taken.Addr().(*net.TCPAddr).Port
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for flag, opts := range map[string]sandbox.Options{"--port": {Port: port}, "--http-port": {HTTPPort: port}} {
		opts.Dir = t.TempDir()
		_, err := sandbox.Start(t.Context(), exe, opts)
		if err == nil || !strings.Contains(err.Error(), fmt.Sprintf("port %d is in use by another program: choose another one with %s", port, flag)) {
			t.Errorf("%s: %v", flag, err)
		}
	}
}

// It ends itself once it is idle: not while an execution runs.
func TestIdleEnd(t *testing.T) {
	status := start(t, sandbox.Options{IdleAfter: 300 * time.Millisecond})
	c := dial(t, status)
	task := shell("short", "sleep 1")
	c.register(t, task)
	id := c.execute(t, task.GetId(), nil)
	eventually(t, "it ended itself", func() bool { return !find(t, status.Dir).Running })
	again := start(t, sandbox.Options{Dir: status.Dir})
	closure := dial(t, again).get(t, id).GetClosure()
	if closure.GetPhase() != core.WorkflowExecution_SUCCEEDED {
		t.Errorf("the execution that ran is %s", closure.GetPhase())
	}
}

// chain is a workflow of tasks that run one after the other.
func chain(name string, tasks ...*core.TaskTemplate) *admin.WorkflowCreateRequest {
	template := &core.WorkflowTemplate{Metadata: &core.WorkflowMetadata{}, Interface: &core.TypedInterface{}}
	for i, task := range tasks {
		node := &core.Node{
			Id:     fmt.Sprintf("n%d", i),
			Target: &core.Node_TaskNode{TaskNode: &core.TaskNode{Reference: &core.TaskNode_ReferenceId{ReferenceId: task.GetId()}}},
		}
		if i > 0 {
			node.UpstreamNodeIds = []string{fmt.Sprintf("n%d", i-1)}
		}
		template.Nodes = append(template.Nodes, node)
	}
	return &admin.WorkflowCreateRequest{Id: identifier(core.ResourceType_WORKFLOW, name), Spec: &admin.WorkflowSpec{Template: template}}
}

func (c clients) registerWorkflow(t *testing.T, request *admin.WorkflowCreateRequest) *core.Identifier {
	t.Helper()
	if _, err := c.CreateWorkflow(t.Context(), request); err != nil {
		t.Fatal(err)
	}
	plan := identifier(core.ResourceType_LAUNCH_PLAN, request.GetId().GetName())
	if _, err := c.CreateLaunchPlan(t.Context(), &admin.LaunchPlanCreateRequest{Id: plan, Spec: &admin.LaunchPlanSpec{WorkflowId: request.GetId()}}); err != nil {
		t.Fatal(err)
	}
	return plan
}

// An execution survives the end of the sandbox, by a stop and by a kill -9: what
// had finished isn't run again, what was running is, and its old process is
// gone.
func TestExecutionSurvivesRestart(t *testing.T) {
	for how, end := range map[string]func(sandbox.Status) error{
		"stop":    func(s sandbox.Status) error { return sandbox.Stop(context.Background(), s.Dir) },
		"kill -9": func(s sandbox.Status) error { return syscall.Kill(s.PID, syscall.SIGKILL) },
	} {
		t.Run(how, func(t *testing.T) {
			status, marks := start(t, sandbox.Options{}), t.TempDir()
			c := dial(t, status)
			file := func(name string) string { return filepath.Join(marks, name) }
			once := shell("once", "echo ran >> "+file("once"))
			long := shell("long", fmt.Sprintf("echo $$ >> %s; while ! test -e %s; do sleep 0.05; done", file("pids"), file("go")))
			last := shell("last", "echo ran >> "+file("last"))
			c.register(t, once, long, last)
			id := c.execute(t, c.registerWorkflow(t, chain("chain", once, long, last)), nil)
			pids := func() []string {
				data, err := os.ReadFile(file("pids"))
				if err != nil && !os.IsNotExist(err) {
					t.Fatal(err)
				}
				return strings.Fields(string(data))
			}
			// A kill before the sandbox has written down which process runs leaves
			// that process behind: wait until it tells clients that it runs.
			eventually(t, "the second task runs", func() bool {
				attempts := c.attempts(t, id, "n1")
				return len(pids()) == 1 && len(attempts) == 1 && attempts[0].GetClosure().GetPhase() == core.TaskExecution_RUNNING
			})
			if err := end(status); err != nil {
				t.Fatal(err)
			}
			eventually(t, "it is gone", func() bool { return !find(t, status.Dir).Running })
			c = dial(t, start(t, sandbox.Options{Dir: status.Dir}))
			eventually(t, "the second task runs again", func() bool { return len(pids()) == 2 })
			old, err := strconv.Atoi(pids()[0])
			if err != nil {
				t.Fatal(err)
			}
			eventually(t, "its old process is gone", func() bool { return !alive(old) })
			if err := os.WriteFile(file("go"), nil, 0o600); err != nil {
				t.Fatal(err)
			}
			if closure := c.ended(t, id).GetClosure(); closure.GetPhase() != core.WorkflowExecution_SUCCEEDED {
				t.Errorf("it ended %v", closure)
			}
			for _, name := range []string{"once", "last"} {
				if data, err := os.ReadFile(file(name)); string(data) != "ran\n" {
					t.Errorf("task %s ran %q (%v)", name, data, err)
				}
			}
			attempts := c.attempts(t, id, "n1")
			if len(attempts) != 2 || attempts[0].GetClosure().GetError().GetMessage() != "the sandbox stopped while this ran" {
				t.Errorf("its attempts are %v", attempts)
			}
		})
	}
}

// With a full disk, calls that must write fail and say so, reads go on, and
// with room again everything does.
func TestDiskFull(t *testing.T) {
	t.Setenv(envFileLimit, "400000")
	status := start(t, sandbox.Options{})
	c := dial(t, status)
	task := shell("small", "true")
	c.register(t, task)
	location, err := c.data.CreateUploadLocation(t.Context(), &service.CreateUploadLocationRequest{Project: project, Domain: domain, FilenameRoot: "r", Filename: "f"})
	if err != nil {
		t.Fatal(err)
	}
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPut, location.GetSignedUrl(), strings.NewReader(strings.Repeat("x", 1<<20)))
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	if response.StatusCode != http.StatusInsufficientStorage {
		t.Errorf("the upload gives %s", response.Status)
	}
	if _, err := os.Stat(location.GetNativeUrl()); !os.IsNotExist(err) {
		t.Errorf("a part of the upload stays: %v", err)
	}
	var full error
	for i := range 1000 {
		big := shell(fmt.Sprintf("big%d", i), strings.Repeat("#", 10000))
		if _, full = c.CreateTask(t.Context(), &admin.TaskCreateRequest{Id: big.GetId(), Spec: &admin.TaskSpec{Template: big}}); full != nil {
			break
		}
	}
	wantStatus(t, full, "Internal", "make room on its disk and try again")
	if _, err := c.GetTask(t.Context(), &admin.ObjectGetRequest{Id: task.GetId()}); err != nil {
		t.Errorf("reading gives %v", err)
	}
	if err := sandbox.Stop(t.Context(), status.Dir); err != nil {
		t.Fatal(err)
	}
	t.Setenv(envFileLimit, "")
	c = dial(t, start(t, sandbox.Options{Dir: status.Dir}))
	id := c.execute(t, task.GetId(), nil)
	if phase := c.ended(t, id).GetClosure().GetPhase(); phase != core.WorkflowExecution_SUCCEEDED {
		t.Errorf("with room again an execution ends %s", phase)
	}
}

// An execution that was being terminated when the sandbox was killed is ended
// by the next start, with its nodes and processes.
func TestTerminationSurvivesRestart(t *testing.T) {
	status := start(t, sandbox.Options{})
	c := dial(t, status)
	task := shell("stubborn", `trap "" TERM; echo $$; while :; do sleep 0.1; done`)
	c.register(t, task)
	id := c.execute(t, task.GetId(), nil)
	var pid int
	eventually(t, "the task runs", func() bool {
		var err error
		pid, err = strconv.Atoi(strings.TrimSpace(c.logOf(t, id, "stubborn")))
		return err == nil
	})
	if _, err := c.TerminateExecution(t.Context(), &admin.ExecutionTerminateRequest{Id: id, Cause: "enough"}); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Kill(status.PID, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	eventually(t, "it is gone", func() bool { return !find(t, status.Dir).Running })
	c = dial(t, start(t, sandbox.Options{Dir: status.Dir}))
	if closure := c.ended(t, id).GetClosure(); closure.GetPhase() != core.WorkflowExecution_ABORTED || closure.GetAbortMetadata().GetCause() != "enough" {
		t.Errorf("it ended %v", closure)
	}
	if node := c.nodes(t, id)["stubborn"].GetClosure(); node.GetPhase() != core.NodeExecution_ABORTED {
		t.Errorf("its node is %v", node)
	}
	eventually(t, "its process is gone", func() bool { return !alive(pid) })
}
