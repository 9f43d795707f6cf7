package runs

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/core"

	"github.com/flyte-lsp/flyte-lsp/local"
	"github.com/flyte-lsp/flyte-lsp/remote"
)

// What flytekit 1.16 writes into error.pb of a task that raised.
const userError = `Trace:

    Traceback (most recent call last):
      File "/usr/lib/python3.11/site-packages/flytekit/core/base_task.py", line 741, in dispatch_execute
        native_outputs = self.execute(**native_inputs)
                         ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      File "/root/pipeline/tasks.py", line 7, in divide
        return half(a, b)
      File "/root/pipeline/maths.py", line 3, in half
        return a // b
               ~~^^~~
      File "/usr/lib/python3.11/json/decoder.py", line 337, in decode
        obj, end = self.raw_decode(s, idx=_w(s, 0).end())

Message:

    ZeroDivisionError: integer division or modulo by zero`

func TestErrorOfExecution(t *testing.T) {
	root := t.TempDir()
	for _, name := range []string{"pipeline/tasks.py", "pipeline/maths.py", "flow.py"} {
		path := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, nil, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	in := func(name string) string { return filepath.Join(root, name) }
	for _, test := range []struct {
		name      string
		execution remote.Execution
		message   string
		frames    []Frame
	}{
		{
			"flytekit's error",
			remote.Execution{Error: &core.ExecutionError{Message: userError}},
			"ZeroDivisionError: integer division or modulo by zero",
			[]Frame{
				{File: in("pipeline/tasks.py"), Line: 7, Function: "divide", Text: "return half(a, b)"},
				{File: in("pipeline/maths.py"), Line: 3, Function: "half", Text: "return a // b"},
			},
		},
		{
			"Python's traceback alone",
			remote.Execution{Error: &core.ExecutionError{Message: "Traceback (most recent call last):\n  File \"/tmp/x/flow.py\", line 2, in <module>\n    import nothing\nModuleNotFoundError: No module named 'nothing'\n"}},
			"ModuleNotFoundError: No module named 'nothing'",
			[]Frame{{File: in("flow.py"), Line: 2, Function: "<module>", Text: "import nothing"}},
		},
		{
			"a sentence of the backend",
			remote.Execution{Error: &core.ExecutionError{Message: " OOMKilled: the container used more than 200Mi\n"}},
			"OOMKilled: the container used more than 200Mi", nil,
		},
		{"a code alone", remote.Execution{Error: &core.ExecutionError{Code: "SYSTEM:Unknown"}}, "SYSTEM:Unknown", nil},
		{"terminated", remote.Execution{AbortCause: "by Ada", Phase: core.WorkflowExecution_ABORTED}, "the execution was terminated: by Ada", nil},
		{"no reason", remote.Execution{Phase: core.WorkflowExecution_TIMED_OUT}, "the execution ended as TIMED_OUT, and the backend gave no reason", nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			failure := failureOf(fmt.Errorf("wrapped: %w", errorOfExecution(test.execution, root)))
			if failure.Message != test.message || failure.Kind != FailureRun {
				t.Errorf("%s %q, want %q", failure.Kind, failure.Message, test.message)
			}
			if !reflect.DeepEqual(failure.Frames, test.frames) {
				t.Errorf("frames %+v, want %+v", failure.Frames, test.frames)
			}
		})
	}
}

// The kinds tell whose mistake a failure is: an exit code and the way it is
// shown hang on them.
func TestKindsOfFailures(t *testing.T) {
	for _, test := range []struct {
		err  error
		kind FailureKind
	}{
		{&local.Failure{Type: "ValueError", Message: "no"}, FailureRun},
		{&local.WorkerError{Problem: "it died"}, FailureRun},
		{&local.InputError{Entity: "flow", Input: "n", Problem: "no int"}, FailureInput},
		{&remote.UnreachableError{Endpoint: "127.0.0.1:1", Call: "GetVersion", Err: errors.New("refused")}, FailureBackend},
		{&local.NoInterpreterError{Looked: []string{"PATH"}}, FailureSetup},
		{&local.NoFlytekitError{Python: "python3"}, FailureSetup},
		{&local.OldFlytekitError{Python: "python3", Version: "1.9.0"}, FailureSetup},
		{&local.InterpreterError{Python: "python3", Problem: "not executable"}, FailureSetup},
		{&setupError{ErrSandboxDeclined}, FailureSetup},
		{&local.LogError{Path: "/log", Err: errors.New("no space left on device")}, FailureSetup},
	} {
		failure := failureOf(fmt.Errorf("flow: %w", test.err))
		if failure.Kind != test.kind || !strings.Contains(failure.Message, test.err.Error()) {
			t.Errorf("%T: %s %q, want %s", test.err, failure.Kind, failure.Message, test.kind)
		}
	}
}

func TestUserFrame(t *testing.T) {
	frame := func(file string) Frame { return Frame{File: file, Line: 1} }
	for _, test := range []struct {
		frames []Frame
		want   string
	}{
		{[]Frame{frame("/project/flow.py"), frame("/project/lib.py"), frame("/v/lib/python3.11/site-packages/a.py")}, "/project/lib.py"},
		{[]Frame{frame("/project/flow.py"), frame("/usr/lib/python3.11/json/decoder.py"), frame("<string>")}, "/project/flow.py"},
		{[]Frame{frame("/usr/lib/python3/dist-packages/a.py"), frame("<frozen importlib._bootstrap>")}, ""},
		{nil, ""},
	} {
		got, ok := (&Failure{Frames: test.frames}).UserFrame()
		if got.File != test.want || ok != (test.want != "") {
			t.Errorf("%v: %q, want %q", test.frames, got.File, test.want)
		}
	}
}
