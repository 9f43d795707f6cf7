package engine

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/admin"
	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/core"
)

// maxOutputs is propeller's default limit of outputs.pb, in bytes.
const maxOutputs = 2 << 20

// job is one attempt of one task, or of one item of a map task, as a process.
type job struct {
	execution  *admin.Execution
	template   *core.TaskTemplate
	name       string // generated name, unique
	attempt    int
	inputs     *core.LiteralMap
	inputsFile string
	output     string // the folder of outputs.pb, error.pb, futures.pb
	raw        string // where files, folders and dataframes go
	work       string // its working folder, removed afterwards
	log        string
	env        map[string]string // beside the environment that every task gets
	timeout    time.Duration     // 0 is none
	started    func(process string) error

	previousCheckpoint string
}

func (j *job) checkpoint() string { return path.Join(j.raw, "_flytecheckpoints") }

// environment is the attempt's, later ones winning: template, FLYTE_*,
// execution.
func (j *job) environment(e *Engine, tools interpreter) []string {
	values := map[string]string{}
	for _, pair := range os.Environ() {
		name, value, _ := strings.Cut(pair, "=")
		if !foreign(name) {
			values[name] = value
		}
	}
	values["PATH"] = tools.path(values["PATH"])
	values["TMPDIR"] = filepath.Join(j.work, "tmp")
	values["PYTHONUNBUFFERED"] = "1"
	values["FLYTE_PLATFORM_URL"] = e.Endpoint
	values["FLYTE_PLATFORM_INSECURE"] = "true"
	for _, pair := range j.template.GetContainer().GetEnv() {
		values[pair.GetKey()] = pair.GetValue()
	}
	id, task := j.execution.GetId(), j.template.GetId()
	maps.Copy(values, map[string]string{
		"FLYTE_INTERNAL_EXECUTION_ID":       id.GetName(),
		"FLYTE_INTERNAL_EXECUTION_PROJECT":  id.GetProject(),
		"FLYTE_INTERNAL_EXECUTION_DOMAIN":   id.GetDomain(),
		"FLYTE_INTERNAL_EXECUTION_WORKFLOW": j.execution.GetClosure().GetWorkflowId().GetName(),
		"FLYTE_INTERNAL_TASK_PROJECT":       task.GetProject(),
		"FLYTE_INTERNAL_TASK_DOMAIN":        task.GetDomain(),
		"FLYTE_INTERNAL_TASK_NAME":          task.GetName(),
		"FLYTE_INTERNAL_TASK_VERSION":       task.GetVersion(),
		"FLYTE_ATTEMPT_NUMBER":              fmt.Sprint(j.attempt),
		"FLYTE_EXECUTION_URL":               e.ExecutionURL(id),
	})
	maps.Copy(values, j.env)
	for _, pair := range j.execution.GetSpec().GetEnvs().GetValues() {
		values[pair.GetKey()] = pair.GetValue()
	}
	pairs := make([]string, 0, len(values))
	for _, name := range slices.Sorted(maps.Keys(values)) {
		pairs = append(pairs, name+"="+values[name])
	}
	return pairs
}

// foreign names variables of whoever started the sandbox that would change
// what a task does.
func foreign(name string) bool {
	for _, prefix := range []string{"FLYTE", "_F_", "PYTHON", "VIRTUAL_ENV", "CONDA_"} {
		if strings.HasPrefix(name, prefix) {
			return true
		}
	}
	return false
}

// verdict is what an attempt's process left: nil outputs and futures true
// where it made a dynamic workflow.
type verdict struct {
	outputs *core.LiteralMap
	futures bool
}

// runJob runs the process and judges it by the files that it wrote: flytekit's
// entry points exit with 0 even when the user's code raises.
func (e *Engine) runJob(ctx context.Context, j *job, python string) (verdict, error) {
	if j.template.GetContainer() == nil {
		return verdict{}, failed(userError, "UnsupportedTask", "task %s is of type %q, which needs a cluster: the sandbox runs tasks as local processes only", j.template.GetId().GetName(), j.template.GetType())
	}
	args, err := j.filled()
	if err != nil {
		return verdict{}, err
	}
	tools, err := e.interpreter(python)
	if err != nil {
		return verdict{}, err
	}
	e.lastPython.Store(tools.python)
	if err := errors.Join(os.RemoveAll(j.work), os.MkdirAll(filepath.Join(j.work, "tmp"), 0o700), os.MkdirAll(j.output, 0o700), makeLocal(j.raw)); err != nil {
		return verdict{}, err
	}
	limited := ctx
	if j.timeout > 0 {
		var cancel context.CancelFunc
		limited, cancel = context.WithTimeoutCause(ctx, j.timeout, errTimeout)
		defer cancel()
	}
	release, err := e.slot(ctx, j.template)
	if err != nil {
		return verdict{}, err
	}
	defer release()
	exit, err := runProcess(limited, process{
		command: tools.command(args), dir: j.work, env: j.environment(e, tools), log: j.log, started: j.started,
	}, e.starter(limited, j, tools))
	if ctx.Err() != nil {
		return verdict{}, context.Cause(ctx)
	}
	if err := os.RemoveAll(j.work); err != nil {
		e.Log.Warn("an attempt's folder stays", "folder", j.work, "err", err)
	}
	if errors.Is(context.Cause(limited), errTimeout) {
		return verdict{}, failed(userError, "TimeoutExpired", "task execution timeout [%s] expired", j.timeout).retryable()
	}
	if err != nil {
		return verdict{}, err
	}
	return j.judge(exit, tools)
}

// starter forks flytekit's entry points from a parent that has it imported.
// Other commands, and tasks that set what is read at the import, get processes
// of their own.
func (e *Engine) starter(ctx context.Context, j *job, tools interpreter) starter {
	if slices.ContainsFunc(j.ownEnvironment(), readAtImport) {
		return startPlain
	}
	return func(p process, output *os.File) (int, <-chan exitState, error) {
		if entryPoints[filepath.Base(p.command[0])] == "" {
			return startPlain(p, output)
		}
		pid, waited, err := e.forker.start(ctx, tools, p, output)
		if errors.Is(err, errParent) {
			e.Log.Info("a task gets a process of its own", "task", j.name, "because", err)
			return startPlain(p, output)
		}
		return pid, waited, err
	}
}

// ownEnvironment names the variables that the task and the execution set.
func (j *job) ownEnvironment() []string {
	var names []string
	for _, pair := range append(j.template.GetContainer().GetEnv(), j.execution.GetSpec().GetEnvs().GetValues()...) {
		names = append(names, pair.GetKey())
	}
	return names
}

// makeLocal makes the raw output folder where it is a local one.
func makeLocal(path string) error {
	if strings.Contains(path, "://") {
		return nil
	}
	return os.MkdirAll(path, 0o700)
}

var errTimeout = errors.New("the attempt took too long")

// slot waits for a place among the processes that may run at once. Eager
// tasks mostly wait for others, which need the places.
func (e *Engine) slot(ctx context.Context, template *core.TaskTemplate) (func(), error) {
	if template.GetMetadata().GetIsEager() {
		return func() {}, nil
	}
	return acquire(ctx, e.slots)
}

func (j *job) judge(exit exitState, tools interpreter) (verdict, error) {
	document := &core.ErrorDocument{}
	err := ReadMessage(filepath.Join(j.output, "error.pb"), document)
	switch {
	case err == nil && document.GetError() != nil:
		return verdict{}, fromDocument(document.GetError())
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return verdict{}, failed(systemError, "BadErrorDocument", "%v", err).retryable()
	}
	if exit.code != 0 {
		return verdict{}, j.interrupted(exit, tools)
	}
	if exists(filepath.Join(j.output, "futures.pb")) {
		return verdict{futures: true}, nil
	}
	if len(j.template.GetInterface().GetOutputs().GetVariables()) == 0 {
		return verdict{outputs: &core.LiteralMap{}}, nil
	}
	file := filepath.Join(j.output, "outputs.pb")
	info, err := os.Stat(file)
	if errors.Is(err, fs.ErrNotExist) {
		return verdict{}, failed(userError, "OutputsNotFound", "task %s ended well but wrote no outputs (%s)", j.template.GetId().GetName(), file).retryable()
	}
	if err != nil {
		return verdict{}, err
	}
	if info.Size() > maxOutputs {
		return verdict{}, failed(userError, "OutputSizeExceeded", "the outputs of task %s have %d bytes, the limit is %d: return large values as files or dataframes", j.template.GetId().GetName(), info.Size(), maxOutputs)
	}
	outputs := &core.LiteralMap{}
	if err := ReadMessage(file, outputs); err != nil {
		return verdict{}, failed(userError, "BadOutputs", "%v", err).retryable()
	}
	return verdict{outputs: outputs}, nil
}

func fromDocument(e *core.ContainerError) *failure {
	return &failure{
		ExecutionError: &core.ExecutionError{Code: e.GetCode(), Message: e.GetMessage(), Kind: e.GetOrigin(), Timestamp: e.GetTimestamp(), Worker: e.GetWorker()},
		recoverable:    e.GetKind() == core.ContainerError_RECOVERABLE,
	}
}

// logTail is how much of a dead process's log its error quotes, in bytes.
const logTail = 4 << 10

func (j *job) interrupted(exit exitState, tools interpreter) *failure {
	tail := tailOf(j.log, logTail)
	if strings.Contains(tail, "No module named 'flytekit'") {
		return failed(userError, "NoFlytekit", "the interpreter %s has no flytekit: install it there (`%s -m pip install flytekit`), or choose another interpreter", tools.python, tools.python)
	}
	return failed(systemError, "Interrupted", "[%s] terminated with exit code (%d). Reason [%s]. Message: \n%s", j.name, exit.code, exit.reason, tail).retryable()
}
