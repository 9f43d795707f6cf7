package runs

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"github.com/flyte-lsp/flyte-lsp/local"
	"github.com/flyte-lsp/flyte-lsp/remote"
)

// setupError marks an error that is this machine's, not the file's.
type setupError struct{ error }

func (e *setupError) Unwrap() error { return e.error }

// executionError is an execution that ended without success.
type executionError struct {
	message string
	node    string
	frames  []Frame
	trace   string
}

func (e *executionError) Error() string { return e.message }

// failureOf describes the error that ended a run.
func failureOf(err error) *Failure {
	var (
		execution   *executionError
		raised      *local.Failure
		input       *local.InputError
		unreachable *remote.UnreachableError
		setup       *setupError
	)
	switch {
	case errors.As(err, &execution):
		return &Failure{Kind: FailureRun, Message: execution.message, Node: execution.node, Traceback: execution.trace, Frames: execution.frames}
	case errors.As(err, &raised):
		return &Failure{Kind: FailureRun, Message: raised.Error(), Traceback: raised.Traceback, Frames: raised.Frames}
	case errors.As(err, &input):
		return &Failure{Kind: FailureInput, Message: err.Error()}
	case errors.As(err, &unreachable):
		return &Failure{Kind: FailureBackend, Message: err.Error()}
	case errors.As(err, &setup), isMachines(err):
		return &Failure{Kind: FailureSetup, Message: err.Error()}
	}
	return &Failure{Kind: FailureRun, Message: err.Error()}
}

// isMachines reports whether the job could not be begun for what this machine
// lacks.
func isMachines(err error) bool {
	var (
		none   *local.NoInterpreterError
		lacks  *local.NoFlytekitError
		old    *local.OldFlytekitError
		broken *local.InterpreterError
		log    *local.LogError
	)
	return errors.As(err, &none) || errors.As(err, &lacks) || errors.As(err, &old) || errors.As(err, &broken) || errors.As(err, &log)
}

// UserFrame returns the deepest frame in the user's own code: not in an
// installed package, not in flytekit.
func (f *Failure) UserFrame() (Frame, bool) {
	for i := len(f.Frames) - 1; i >= 0; i-- {
		if isUserFile(f.Frames[i].File) {
			return f.Frames[i], true
		}
	}
	return Frame{}, false
}

// isUserFile reports whether a file belongs to the user rather than to an
// interpreter or a package installed in it.
func isUserFile(path string) bool {
	if !filepath.IsAbs(path) {
		return false // "<string>", "<frozen importlib._bootstrap>"
	}
	return !interpreters.MatchString(filepath.ToSlash(path))
}

// interpreters matches the paths of files that belong to an interpreter: its
// standard library, and the packages installed in it.
var interpreters = regexp.MustCompile(`/(lib/python3\.\d+|site-packages|dist-packages)/`)

// tracebackFrame is a line of a Python traceback, and the source line below it.
var tracebackFrame = regexp.MustCompile(`(?m)^[ \t]*(?:❱ *)?File "([^"\n]+)", line (\d+), in ([^\n]+)(?:\n[ \t]+([^\n]+))?`)

// remoteFrames reads the frames from the text of a traceback that a task on a
// backend printed. Files of the bundle become those below root that have the
// same path; frames elsewhere are left out.
func remoteFrames(text, root string) []Frame {
	var frames []Frame
	for _, match := range tracebackFrame.FindAllStringSubmatch(text, -1) {
		line, err := strconv.Atoi(match[2])
		if err != nil {
			continue
		}
		file, ok := inBundle(match[1], root)
		if !ok {
			continue
		}
		frames = append(frames, Frame{File: file, Line: line, Function: match[3], Text: match[4]})
	}
	return frames
}

// inBundle finds the file below root that a file of an unpacked bundle was
// made from: the longest end of its path that exists there.
func inBundle(path, root string) (string, bool) {
	if interpreters.MatchString(path) {
		return "", false
	}
	parts := strings.Split(strings.TrimPrefix(path, "/"), "/")
	for i := range parts {
		candidate := filepath.Join(root, filepath.Join(parts[i:]...))
		if info, err := os.Stat(candidate); err == nil && info.Mode().IsRegular() {
			return candidate, true
		}
	}
	return "", false
}

// errorOfExecution describes an execution that ended without success; root is
// the source root that its bundle was made from.
func errorOfExecution(execution remote.Execution, root string) error {
	if execution.AbortCause != "" {
		return &executionError{message: fmt.Sprintf("the execution was terminated: %s", execution.AbortCause)}
	}
	if execution.Error == nil {
		return &executionError{message: fmt.Sprintf("the execution ended as %s, and the backend gave no reason", execution.Phase)}
	}
	text := execution.Error.GetMessage()
	failed := &executionError{message: summary(text), trace: text, frames: remoteFrames(text, root), node: execution.FailedTask}
	if failed.message == "" {
		failed.message = execution.Error.GetCode()
	}
	return failed
}

// summary is the sentence that a flytekit error text ends with: what stands
// after "Message:", else the traceback's last line, else the text.
func summary(text string) string {
	if _, after, found := strings.Cut(text, "Message:"); found {
		if line := firstLine(after); line != "" {
			return line
		}
	}
	if strings.Contains(text, "Traceback (most recent call last)") {
		lines := strings.Split(strings.TrimSpace(text), "\n")
		return strings.TrimSpace(lines[len(lines)-1])
	}
	return strings.TrimSpace(text)
}

func firstLine(text string) string {
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" {
			return line
		}
	}
	return ""
}
