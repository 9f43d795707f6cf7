package sandbox_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/admin"
	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/core"
	"google.golang.org/protobuf/types/known/durationpb"

	"github.com/flyte-lsp/flyte-lsp/internal/testenv"
)

const (
	project = "flytesnacks"
	domain  = "development"
)

func identifier(kind core.ResourceType, name string) *core.Identifier {
	return &core.Identifier{ResourceType: kind, Project: project, Domain: domain, Name: name, Version: "v1"}
}

// command is a task that runs a command, without flytekit.
func command(name string, args ...string) *core.TaskTemplate {
	return &core.TaskTemplate{
		Id: identifier(core.ResourceType_TASK, name), Type: "raw-container",
		Metadata:  &core.TaskMetadata{Runtime: &core.RuntimeMetadata{Type: core.RuntimeMetadata_OTHER, Version: "1"}},
		Interface: &core.TypedInterface{},
		Target:    &core.TaskTemplate_Container{Container: &core.Container{Image: "none", Command: args}},
	}
}

func shell(name, script string) *core.TaskTemplate { return command(name, "sh", "-c", script) }

func (c clients) register(t *testing.T, tasks ...*core.TaskTemplate) {
	t.Helper()
	for _, task := range tasks {
		if _, err := c.CreateTask(t.Context(), &admin.TaskCreateRequest{Id: task.GetId(), Spec: &admin.TaskSpec{Template: task}}); err != nil {
			t.Fatal(err)
		}
	}
}

func (c clients) execute(t *testing.T, id *core.Identifier, annotations map[string]string) *core.WorkflowExecutionIdentifier {
	t.Helper()
	made, err := c.CreateExecution(t.Context(), &admin.ExecutionCreateRequest{Project: project, Domain: domain, Spec: &admin.ExecutionSpec{
		LaunchPlan: id, Metadata: &admin.ExecutionMetadata{}, Annotations: &admin.Annotations{Values: annotations},
	}})
	if err != nil {
		t.Fatal(err)
	}
	return made.GetId()
}

func (c clients) get(t *testing.T, id *core.WorkflowExecutionIdentifier) *admin.Execution {
	t.Helper()
	execution, err := c.GetExecution(t.Context(), &admin.WorkflowExecutionGetRequest{Id: id})
	if err != nil {
		t.Fatal(err)
	}
	return execution
}

func (c clients) ended(t *testing.T, id *core.WorkflowExecutionIdentifier) *admin.Execution {
	t.Helper()
	var execution *admin.Execution
	eventually(t, "execution "+id.GetName()+" ended", func() bool {
		execution = c.get(t, id)
		return execution.GetClosure().GetDuration() != nil
	})
	return execution
}

// nodes are the phases of an execution's own nodes.
func (c clients) nodes(t *testing.T, id *core.WorkflowExecutionIdentifier) map[string]*admin.NodeExecution {
	t.Helper()
	list, err := c.ListNodeExecutions(t.Context(), &admin.NodeExecutionListRequest{WorkflowExecutionId: id, Limit: 100})
	if err != nil {
		t.Fatal(err)
	}
	nodes := map[string]*admin.NodeExecution{}
	for _, node := range list.GetNodeExecutions() {
		nodes[node.GetId().GetNodeId()] = node
	}
	return nodes
}

// attempts are the task executions of a node.
func (c clients) attempts(t *testing.T, id *core.WorkflowExecutionIdentifier, node string) []*admin.TaskExecution {
	t.Helper()
	list, err := c.ListTaskExecutions(t.Context(), &admin.TaskExecutionListRequest{
		NodeExecutionId: &core.NodeExecutionIdentifier{ExecutionId: id, NodeId: node}, Limit: 100,
	})
	if err != nil {
		t.Fatal(err)
	}
	return list.GetTaskExecutions()
}

// logOf is the log of a node's last attempt, "" while there is none.
func (c clients) logOf(t *testing.T, id *core.WorkflowExecutionIdentifier, node string) string {
	t.Helper()
	attempts := c.attempts(t, id, node)
	if len(attempts) == 0 {
		return ""
	}
	uri := attempts[len(attempts)-1].GetClosure().GetLogs()[0].GetUri()
	data, err := os.ReadFile(strings.TrimPrefix(uri, "file://"))
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	return string(data)
}

// alive tells whether a process runs; a zombie that nobody collects doesn't.
func alive(pid int) bool {
	state, err := exec.Command("ps", "-o", "stat=", "-p", strconv.Itoa(pid)).Output()
	return err == nil && !strings.HasPrefix(strings.TrimSpace(string(state)), "Z")
}

// withoutFlytekit is an interpreter that can't import flytekit.
func withoutFlytekit(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "python")
	script := fmt.Sprintf("#!/bin/sh\nexec '%s' -S -I \"$@\"\n", testenv.Python(t))
	if err := os.WriteFile(path, []byte(script), 0o700); err != nil {
		t.Fatal(err)
	}
	return path
}

// Each way in which a task's process can end gives the phase, the error and
// the number of attempts that users of Flyte know.
func TestHowTasksEnd(t *testing.T) {
	withOutput := func(task *core.TaskTemplate) *core.TaskTemplate {
		task.Interface.Outputs = &core.VariableMap{Variables: map[string]*core.Variable{
			"o0": {Type: &core.LiteralType{Type: &core.LiteralType_Simple{Simple: core.SimpleType_INTEGER}}},
		}}
		return task
	}
	limited := func(task *core.TaskTemplate) *core.TaskTemplate {
		task.Metadata.Timeout = durationpb.New(300 * time.Millisecond)
		return task
	}
	elsewhere := command("elsewhere")
	elsewhere.Target, elsewhere.Type = nil, "spark"
	entry := func(name string) *core.TaskTemplate {
		return command(name, "pyflyte-execute", "--inputs", "{{.input}}", "--output-prefix", "{{.outputPrefix}}", "--resolver", "r", "--", "x")
	}
	tests := []struct {
		task     *core.TaskTemplate
		python   string
		phase    core.WorkflowExecution_Phase
		code     string
		message  string
		attempts int
	}{
		{task: shell("well", "echo done"), phase: core.WorkflowExecution_SUCCEEDED, attempts: 1},
		{task: shell("exits", "echo last words; exit 7"), phase: core.WorkflowExecution_FAILED, code: "RetriesExhausted|Interrupted", message: "terminated with exit code (7). Reason [Error]. Message: \nlast words", attempts: 4},
		{task: shell("killed", "kill -9 $$"), phase: core.WorkflowExecution_FAILED, code: "RetriesExhausted|Interrupted", message: "terminated with exit code (137). Reason [killed by killed]", attempts: 4},
		{task: withOutput(shell("silent", "true")), phase: core.WorkflowExecution_FAILED, code: "RetriesExhausted|OutputsNotFound", message: "wrote no outputs", attempts: 1},
		{task: withOutput(shell("large", "head -c 3000000 /dev/zero > {{.outputPrefix}}/outputs.pb")), phase: core.WorkflowExecution_FAILED, code: "OutputSizeExceeded", message: "3000000 bytes", attempts: 1},
		{task: limited(shell("slow", "sleep 60")), phase: core.WorkflowExecution_FAILED, code: "RetriesExhausted|TimeoutExpired", message: "300ms", attempts: 1},
		{task: command("absent", "/no/such/program"), phase: core.WorkflowExecution_FAILED, code: "StartFailed", message: "/no/such/program", attempts: 1},
		{task: elsewhere, phase: core.WorkflowExecution_FAILED, code: "UnsupportedTask", message: `type "spark"`, attempts: 1},
		{task: shell("named", `echo {{.inputs.nothing}}`), phase: core.WorkflowExecution_FAILED, code: "BadTaskSpecification", message: `"nothing"`, attempts: 1},
		{task: entry("nopython"), python: "/no/such/python", phase: core.WorkflowExecution_FAILED, code: "NoInterpreter", message: "/no/such/python", attempts: 1},
		{task: entry("noflytekit"), python: withoutFlytekit(t), phase: core.WorkflowExecution_FAILED, code: "NoFlytekit", message: "-m pip install flytekit", attempts: 1},
		{task: shell("binary", `head -c 100000 /dev/urandom; exit 1`), phase: core.WorkflowExecution_FAILED, code: "RetriesExhausted|Interrupted", attempts: 4},
	}
	c := dial(t, running(t))
	ids := make([]*core.WorkflowExecutionIdentifier, len(tests))
	for i, test := range tests {
		c.register(t, test.task)
		ids[i] = c.execute(t, test.task.GetId(), map[string]string{"flyte-lsp/python": test.python})
	}
	for i, test := range tests {
		node := test.task.GetId().GetName()
		closure := c.ended(t, ids[i]).GetClosure()
		if closure.GetPhase() != test.phase || closure.GetError().GetCode() != test.code || !strings.Contains(closure.GetError().GetMessage(), test.message) {
			t.Errorf("%s: %s %s: %s", node, closure.GetPhase(), closure.GetError().GetCode(), closure.GetError().GetMessage())
		}
		if attempts := c.attempts(t, ids[i], node); len(attempts) != test.attempts {
			t.Errorf("%s: %d attempts, want %d", node, len(attempts), test.attempts)
		}
	}
}

// A task that prints more than anybody reads ends well; its log is cut.
func TestTaskPrintsMuch(t *testing.T) {
	c := dial(t, running(t))
	task := shell("noisy", "head -c 100000000 /dev/zero | tr '\\0' x")
	c.register(t, task)
	id := c.execute(t, task.GetId(), nil)
	if phase := c.ended(t, id).GetClosure().GetPhase(); phase != core.WorkflowExecution_SUCCEEDED {
		t.Errorf("it ended %s", phase)
	}
	log := c.logOf(t, id, "noisy")
	if len(log) > 33<<20 || !strings.HasSuffix(log, "more than 32 MB]\n") {
		t.Errorf("the log has %d bytes and ends with %q", len(log), log[max(len(log)-80, 0):])
	}
}

// What a task leaves behind ends with it, and doesn't keep it from ending.
func TestTaskForksAndExits(t *testing.T) {
	c := dial(t, running(t))
	task := shell("forks", "sleep 300 & echo $!; exit 0")
	c.register(t, task)
	id := c.execute(t, task.GetId(), nil)
	if phase := c.ended(t, id).GetClosure().GetPhase(); phase != core.WorkflowExecution_SUCCEEDED {
		t.Errorf("it ended %s", phase)
	}
	pid, err := strconv.Atoi(strings.TrimSpace(c.logOf(t, id, "forks")))
	if err != nil {
		t.Fatal(err)
	}
	eventually(t, "the forked process is gone", func() bool { return !alive(pid) })
}

// Terminating ends a task that never ends and ignores SIGTERM; a second time
// there is nothing to terminate.
func TestTerminate(t *testing.T) {
	c := dial(t, running(t))
	task := shell("stubborn", `trap "" TERM; echo $$; while :; do sleep 1; done`)
	c.register(t, task)
	id := c.execute(t, task.GetId(), nil)
	var pid int
	eventually(t, "the task runs", func() bool {
		var err error
		pid, err = strconv.Atoi(strings.TrimSpace(c.logOf(t, id, "stubborn")))
		return err == nil
	})
	request := &admin.ExecutionTerminateRequest{Id: id, Cause: "enough of it"}
	if _, err := c.TerminateExecution(t.Context(), request); err != nil {
		t.Fatal(err)
	}
	if phase := c.get(t, id).GetClosure().GetPhase(); phase != core.WorkflowExecution_ABORTING && phase != core.WorkflowExecution_ABORTED {
		t.Errorf("right after the call it is %s", phase)
	}
	closure := c.ended(t, id).GetClosure()
	if closure.GetPhase() != core.WorkflowExecution_ABORTED || closure.GetAbortMetadata().GetCause() != "enough of it" {
		t.Errorf("it ended %s with %v", closure.GetPhase(), closure.GetAbortMetadata())
	}
	if node := c.nodes(t, id)["stubborn"]; node.GetClosure().GetPhase() != core.NodeExecution_ABORTED || node.GetClosure().GetError().GetCode() != "NodeAborted" {
		t.Errorf("its node ended %v", node.GetClosure())
	}
	eventually(t, "its process is gone", func() bool { return !alive(pid) })
	_, err := c.TerminateExecution(t.Context(), request)
	wantStatus(t, err, "FailedPrecondition", "Cannot abort an already terminated workflow execution")
}
