package local

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"
)

const failing = `
import json, os, sys
from flytekit import dynamic, task, workflow

class Unprintable(Exception):
    def __str__(self):
        raise ValueError("no text")

def fall(depth):
    return fall(depth + 1)

@task
def bad(how: str) -> int:
    if how == "key":
        {}["missing"]
    if how == "unprintable":
        raise Unprintable()
    if how == "chain":
        try:
            1 / 0
        except ZeroDivisionError as error:
            raise RuntimeError("outer") from error
    if how == "library":
        json.loads("{")
    if how == "exit":
        sys.exit(3)
    if how == "interrupt":
        raise KeyboardInterrupt
    if how == "recursion":
        fall(0)
    if how == "huge":
        raise ValueError("x" * 10_000_000)
    if how == "surrogate":
        raise ValueError("bad \udc80 text")
    if how == "output":
        return "text"
    if how == "die":
        print("the end")
        os._exit(7)
    if how == "crash":
        import faulthandler
        print("before the crash", flush=True)
        faulthandler._sigsegv()

@workflow
def flow(how: str) -> int:
    return bad(how=how)

@dynamic
def nested(how: str) -> int:
    return bad(how=how)
`

func TestFailuresTellTheUsersException(t *testing.T) {
	file := filepath.Join(write(t, map[string]string{"flow.py": failing}), "flow.py")
	for _, test := range []struct {
		entity, how, kind, message string
		deepest                    string // function and text of the last frame in the file
	}{
		{"bad", "key", "KeyError", "'missing'", `bad {}["missing"]`},
		{"flow", "key", "KeyError", "'missing'", `bad {}["missing"]`},
		{"nested", "key", "KeyError", "'missing'", `bad {}["missing"]`},
		{"flow", "unprintable", "Unprintable", "(its text can't be made: ValueError)", `bad raise Unprintable()`},
		{"flow", "chain", "RuntimeError", "outer", `bad raise RuntimeError("outer") from error`},
		{"flow", "library", "JSONDecodeError", "Expecting property name enclosed in double quotes: line 1 column 2 (char 1)", `bad json.loads("{")`},
		{"flow", "exit", "SystemExit", "the code called sys.exit(3)", `bad sys.exit(3)`},
		{"flow", "interrupt", "KeyboardInterrupt", "", `bad raise KeyboardInterrupt`},
		{"flow", "recursion", "RecursionError", "maximum recursion depth exceeded", `fall return fall(depth + 1)`},
		{"flow", "surrogate", "ValueError", "bad \ufffd text", `bad raise ValueError("bad \udc80 text")`},
		{"flow", "output", "TypeTransformerFailedError", "", `flow return bad(how=how)`},
	} {
		a := runFile(t, file, test.entity, map[string]any{"how": test.how})
		var failure *Failure
		if !errors.As(a.err, &failure) {
			t.Errorf("%s: %s", test.how, a.summary())
			continue
		}
		if failure.Type != test.kind || failure.Message != test.message && test.how != "output" {
			t.Errorf("%s: %s, want %s: %s", test.how, failure, test.kind, test.message)
		}
		deepest := Frame{}
		for _, frame := range failure.Frames {
			if frame.File == file {
				deepest = frame
			}
			if strings.Contains(frame.File, "flytekit") || strings.Contains(frame.File, "flyte_lsp") {
				t.Errorf("%s: the frame %s:%d is none of the user's", test.how, frame.File, frame.Line)
			}
		}
		if got := deepest.Function + " " + deepest.Text; got != test.deepest {
			t.Errorf("%s: the deepest frame is %s, want %s", test.how, got, test.deepest)
		}
		if len(failure.Frames) > 100 || !strings.Contains(failure.Traceback, failure.Type) || strings.Contains(failure.Traceback, "Error encountered") {
			t.Errorf("%s: %d frames; the traceback is\n%s", test.how, len(failure.Frames), failure.Traceback)
		}
	}
}

func TestHugeMessageIsCut(t *testing.T) {
	a := try(t, failing, "flow", map[string]any{"how": "huge"})
	var failure *Failure
	if !errors.As(a.err, &failure) || len(failure.Message) > 70_000 || !strings.HasSuffix(failure.Message, "… (9934464 more characters)") {
		t.Errorf("a failure of %d characters", len(a.summary()))
	}
}

func TestProcessThatDies(t *testing.T) {
	for how, want := range map[string]string{
		"die":   "exited with code 7 before the entity returned; its last output: the end",
		"crash": "killed by SIGSEGV; its last output: before the crash",
	} {
		a := try(t, failing, "flow", map[string]any{"how": how})
		var died *WorkerError
		if !errors.As(a.err, &died) || !strings.HasSuffix(died.Error(), want) {
			t.Errorf("%s: %s", how, a.summary())
		}
	}
	if a := try(t, failing, "flow", map[string]any{"how": "key"}); !strings.Contains(a.summary(), "KeyError") {
		t.Errorf("the next run: %s", a.summary())
	}
}

func TestFailuresOfLoading(t *testing.T) {
	for _, test := range []struct {
		name, text, kind, message string
		line                      int
	}{
		{"syntax", "from flytekit import task\n@task\ndef run(:\n", "SyntaxError", "invalid syntax", 3},
		{"import", "import flytekit\nimport nowhere_to_be_found\n", "ModuleNotFoundError", "No module named 'nowhere_to_be_found'", 2},
		{"raise", "import flytekit\nraise ValueError('at load')\n", "ValueError", "at load", 2},
		{"annotation", "from flytekit import task, workflow\n@task\ndef run(a) -> int:\n    return 1\n", "FlyteMissingTypeException", "'a' has no type. Please add a type annotation to the input parameter.", 2},
		{"exit", "import sys\nsys.exit('gone')\n", "SystemExit", "the code called sys.exit('gone')", 2},
		{"absent", "import flytekit\n", "EntityNotFound", "flow.py has no task, workflow or launch plan named run", 0},
		{"function", "def run():\n    pass\n", "EntityNotFound", "flow.py has no task, workflow or launch plan named run", 0},
	} {
		a := try(t, test.text, "run", nil)
		var failure *Failure
		if !errors.As(a.err, &failure) {
			t.Errorf("%s: %s", test.name, a.summary())
			continue
		}
		line := 0
		if n := len(failure.Frames); n > 0 {
			line = failure.Frames[n-1].Line
		}
		if failure.Type != test.kind || !strings.HasPrefix(failure.Message, test.message) || line != test.line {
			t.Errorf("%s: %s at line %d, want %s: %s at line %d", test.name, failure, line, test.kind, test.message, test.line)
		}
	}
}

func TestSyntaxErrorOfAnImportedModule(t *testing.T) {
	dir := write(t, map[string]string{"flow.py": "import other\n", "other.py": "x = 1\ny = = 2\n"})
	a := runFile(t, filepath.Join(dir, "flow.py"), "run", nil)
	var failure *Failure
	if !errors.As(a.err, &failure) || len(failure.Frames) != 2 {
		t.Fatal(a.summary())
	}
	if last := failure.Frames[1]; last.File != filepath.Join(dir, "other.py") || last.Line != 2 || last.Text != "y = = 2" {
		t.Errorf("the last frame is %+v", last)
	}
}
