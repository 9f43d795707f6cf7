package engine

import (
	"context"
	"errors"
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/admin"
	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/core"
	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/event"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/flyte-lsp/flyte-lsp/sandbox/closure"
	"github.com/flyte-lsp/flyte-lsp/sandbox/store"
)

// errEnough ends the other items of a map task that can't succeed any more.
var errEnough = errors.New("too many items of the map task failed")

// arrayRun is one array node: a map task, or a launch plan for each item.
type arrayRun struct {
	*nodeRun
	spec     *core.ArrayNode
	template *core.TaskTemplate // nil for launch plans
	size     int
	outputs  []*core.LiteralMap

	mu    sync.Mutex
	task  *admin.TaskExecution
	marks map[int]string // processes that run, by item
}

func (n *nodeRun) array(ctx context.Context, spec *core.ArrayNode) (*core.LiteralMap, error) {
	release, err := acquire(ctx, n.scope.run.parallel)
	if err != nil {
		return nil, err
	}
	defer release()
	a := &arrayRun{nodeRun: n, spec: spec, marks: map[int]string{}}
	if a.size, err = a.length(); err != nil {
		return nil, err
	}
	a.outputs = make([]*core.LiteralMap, a.size)
	n.row.Metadata.IsArray = true
	if err := n.running(ctx, core.NodeExecution_RUNNING); err != nil {
		return nil, err
	}
	inner := spec.GetNode()
	if reference := inner.GetTaskNode().GetReferenceId(); reference != nil {
		a.template = n.scope.units.tasks[closure.Key(reference)]
		if a.template == nil {
			return nil, failed(systemError, "BadSpecification", "task %s isn't in the compiled workflow", reference.GetName())
		}
		if err := a.beginTask(ctx); err != nil {
			return nil, err
		}
	} else if inner.GetWorkflowNode().GetLaunchplanRef() == nil {
		return nil, failed(userError, "UnsupportedNode", "node %s maps something that is neither a task nor a launch plan", n.node.GetId())
	}
	err = a.items(ctx)
	if stopping(ctx) {
		return nil, errStopping
	}
	var outputs *core.LiteralMap
	if err == nil {
		outputs = a.gather()
	}
	if a.task != nil {
		err = errors.Join(err, a.endTask(ctx, outputs, err))
	}
	return outputs, err
}

// mapped tells whether an input is one list, of which each item takes one.
func (a *arrayRun) mapped(name string, value *core.Literal) bool {
	return value.GetCollection() != nil && !slices.Contains(a.spec.GetBoundInputs(), name)
}

// length is the number of items: the length of the lists, which is one.
func (a *arrayRun) length() (int, error) {
	size := -1
	for name, value := range a.inputs.GetLiterals() {
		if !a.mapped(name, value) {
			continue
		}
		n := len(value.GetCollection().GetLiterals())
		if size >= 0 && n != size {
			return 0, failed(userError, "InvalidArrayLength", "the lists of node %s have different lengths: %d and %d", a.node.GetId(), size, n)
		}
		size = n
	}
	if size < 0 {
		return 0, failed(userError, "InvalidArrayLength", "node %s has no list to map over", a.node.GetId())
	}
	return size, nil
}

// needed is how many items must succeed.
func (a *arrayRun) needed() int {
	switch criteria := a.spec.GetSuccessCriteria().(type) {
	case *core.ArrayNode_MinSuccesses:
		return min(int(criteria.MinSuccesses), a.size)
	case *core.ArrayNode_MinSuccessRatio:
		return int(math.Ceil(float64(criteria.MinSuccessRatio) * float64(a.size)))
	}
	return a.size
}

// items runs all items, parallelism at once, until all have ended or too many
// have failed.
func (a *arrayRun) items(ctx context.Context) error {
	level, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	parallelism := int(a.spec.GetParallelism())
	if parallelism == 0 {
		parallelism = max(a.size, 1)
	}
	places := make(chan struct{}, parallelism)
	allowed := a.size - a.needed()
	var wg sync.WaitGroup
	var mu sync.Mutex
	var failures []error
	for i := range a.size {
		wg.Go(func() {
			release, err := acquire(level, places)
			if err != nil {
				return
			}
			defer release()
			outputs, err := a.item(level, i)
			if err == nil {
				a.outputs[i] = outputs
				return
			}
			if level.Err() != nil {
				return
			}
			mu.Lock()
			defer mu.Unlock()
			failures = append(failures, fmt.Errorf("[%d]: %w", i, err))
			if len(failures) > allowed {
				cancel(errEnough)
			}
		})
	}
	wg.Wait()
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if len(failures) > allowed {
		first := asFailure(failures[0])
		return failed(first.GetKind(), first.GetCode(), "%d of %d items of node %s failed, %d may. First %s", len(failures), a.size, a.node.GetId(), allowed, failures[0])
	}
	return nil
}

// gather makes lists of the items' outputs; a failed item gives none.
func (a *arrayRun) gather() *core.LiteralMap {
	var names []string
	if a.template != nil {
		for name := range a.template.GetInterface().GetOutputs().GetVariables() {
			names = append(names, name)
		}
	} else {
		for _, outputs := range a.outputs {
			for name := range outputs.GetLiterals() {
				if !slices.Contains(names, name) {
					names = append(names, name)
				}
			}
		}
	}
	gathered := &core.LiteralMap{Literals: map[string]*core.Literal{}}
	for _, name := range names {
		items := make([]*core.Literal, a.size)
		for i, outputs := range a.outputs {
			if items[i] = outputs.GetLiterals()[name]; items[i] == nil {
				items[i] = none()
			}
		}
		gathered.Literals[name] = collection(items)
	}
	return gathered
}

// slice are the inputs of one item.
func (a *arrayRun) slice(i int) *core.LiteralMap {
	sliced := &core.LiteralMap{Literals: map[string]*core.Literal{}}
	for name, value := range a.inputs.GetLiterals() {
		if a.mapped(name, value) {
			value = value.GetCollection().GetLiterals()[i]
		}
		sliced.Literals[name] = value
	}
	return sliced
}

func (a *arrayRun) item(ctx context.Context, i int) (*core.LiteralMap, error) {
	if a.template == nil {
		child := a.scope.run.childID(a.id.GetNodeId(), fmt.Sprintf("%d-0", i))
		plan := a.spec.GetNode().GetWorkflowNode().GetLaunchplanRef()
		return a.scope.run.runChild(ctx, child, a.id, plan, a.slice(i), func() error { return nil })
	}
	if done := a.resource(i); done.GetPhase() == core.TaskExecution_SUCCEEDED {
		return ReadLiterals(filepath.Join(a.itemFolder(i, int(done.GetRetryAttempt())), "outputs.pb"))
	}
	inner := &nodeRun{scope: a.scope, node: a.spec.GetNode(), id: a.id, dir: a.dir, inputs: a.inputs, row: a.row}
	left := inner.budget(a.template)
	for attempt := 0; ; attempt++ {
		outputs, err := a.itemAttempt(ctx, inner, i, attempt)
		if err == nil || ctx.Err() != nil {
			return outputs, err
		}
		if final := left.spend(asFailure(err)); final != nil {
			return nil, final
		}
	}
}

func (a *arrayRun) itemFolder(i, attempt int) string {
	return filepath.Join(a.attempt(0), fmt.Sprint(i), fmt.Sprint(attempt))
}

// itemAttempt runs one item's process. It gets the whole inputs and finds its
// own by the index in its environment.
func (a *arrayRun) itemAttempt(ctx context.Context, inner *nodeRun, i, attempt int) (*core.LiteralMap, error) {
	j := inner.job(a.template, attempt)
	j.name = fmt.Sprintf("%s-%s-n%d-%d", a.scope.run.id.GetName(), a.id.GetNodeId(), i, attempt)
	j.output = a.itemFolder(i, attempt)
	j.log = filepath.Join(j.output, "log.txt")
	j.work = fmt.Sprintf("%s-%d-%d", filepath.Join(a.scope.run.work(), a.id.GetNodeId()), i, attempt)
	j.raw = a.engine().Layout.raw(a.scope.run.execution.GetSpec().GetRawOutputDataConfig().GetOutputLocationPrefix(), j.name)
	j.env = map[string]string{"BATCH_JOB_ARRAY_INDEX_VAR_NAME": "FLYTE_K8S_ARRAY_INDEX", "FLYTE_K8S_ARRAY_INDEX": fmt.Sprint(i)}
	j.previousCheckpoint = ""
	if a.spec.GetDataMode() == core.ArrayNode_INDIVIDUAL_INPUT_FILES {
		j.inputs = a.slice(i)
		j.inputsFile = filepath.Join(a.attempt(0), fmt.Sprint(i), "inputs.pb")
		if err := writeMessage(j.inputsFile, j.inputs); err != nil {
			return nil, err
		}
	}
	j.started = func(process string) error {
		return a.note(ctx, i, attempt, core.TaskExecution_RUNNING, j.log, process)
	}
	done, err := a.engine().runJob(ctx, j, a.scope.run.python)
	if stopping(ctx) {
		return nil, errStopping
	}
	phase := core.TaskExecution_SUCCEEDED
	if err == nil && done.futures {
		err = failed(userError, "UnsupportedTask", "a map task's item can't be a dynamic task")
	}
	if err != nil {
		phase = core.TaskExecution_FAILED
		if ctx.Err() != nil {
			phase = core.TaskExecution_ABORTED
		}
	}
	return done.outputs, errors.Join(err, a.note(context.WithoutCancel(ctx), i, attempt, phase, j.log, ""))
}

// beginTask stores, or finds after a restart, the one task execution that
// stands for all items.
func (a *arrayRun) beginTask(ctx context.Context) error {
	id := a.attemptID(a.template, 0)
	stored, err := a.engine().Store.Attempt(ctx, id)
	if err == nil {
		a.task = stored.Message
		killOrphans(stored.Note)
		return nil
	}
	if !errors.Is(err, store.ErrNotFound) {
		return err
	}
	now := timestamppb.Now()
	a.task = &admin.TaskExecution{
		Id: id, InputUri: a.inputsFile(),
		Closure: &admin.TaskExecutionClosure{
			Phase: core.TaskExecution_RUNNING, CreatedAt: now, UpdatedAt: now, StartedAt: now, TaskType: "container_array", EventVersion: 1,
			Metadata: &event.TaskExecutionMetadata{GeneratedName: fmt.Sprintf("%s-%s-0", a.scope.run.id.GetName(), a.id.GetNodeId()), PluginIdentifier: "k8s-array"},
		},
	}
	return a.engine().Store.TaskExecutions.Insert(ctx, store.Row[*admin.TaskExecution]{Message: a.task})
}

func (a *arrayRun) resource(i int) *event.ExternalResourceInfo {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, resource := range a.task.GetClosure().GetMetadata().GetExternalResources() {
		if int(resource.GetIndex()) == i {
			return proto.CloneOf(resource)
		}
	}
	return nil
}

// note stores an item's phase.
func (a *arrayRun) note(ctx context.Context, i, attempt int, phase core.TaskExecution_Phase, log, process string) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	meta := a.task.Closure.Metadata
	at := slices.IndexFunc(meta.ExternalResources, func(r *event.ExternalResourceInfo) bool { return int(r.GetIndex()) == i })
	if at < 0 {
		at = len(meta.ExternalResources)
		meta.ExternalResources = append(meta.ExternalResources, nil)
	}
	meta.ExternalResources[at] = &event.ExternalResourceInfo{
		ExternalId: fmt.Sprintf("%s-n%d-%d", meta.GetGeneratedName(), i, attempt), Index: uint32(i), RetryAttempt: uint32(attempt), Phase: phase,
		Logs: []*core.TaskLog{{Uri: "file://" + log, Name: fmt.Sprintf("log of item %d", i)}},
	}
	delete(a.marks, i)
	if process != "" {
		a.marks[i] = process
	}
	return a.saveTask(ctx)
}

func (a *arrayRun) saveTask(ctx context.Context) error {
	marks := make([]string, 0, len(a.marks))
	for _, mark := range a.marks {
		marks = append(marks, mark)
	}
	a.task.Closure.UpdatedAt = timestamppb.Now()
	return a.engine().Store.TaskExecutions.Update(ctx, store.Row[*admin.TaskExecution]{Message: a.task, Note: strings.Join(marks, ";")})
}

func (a *arrayRun) endTask(ctx context.Context, outputs *core.LiteralMap, err error) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	c := a.task.Closure
	if endClosure(ctx, c, err) {
		path := filepath.Join(a.attempt(0), "outputs.pb")
		if err := writeMessage(path, outputs); err != nil {
			return err
		}
		c.OutputResult = &admin.TaskExecutionClosure_OutputUri{OutputUri: path}
	}
	c.Duration = since(c.GetStartedAt())
	return a.saveTask(context.WithoutCancel(ctx))
}
