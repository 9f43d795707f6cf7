package runs

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/core"

	"github.com/flyte-lsp/flyte-lsp/literal"
	"github.com/flyte-lsp/flyte-lsp/local"
	"github.com/flyte-lsp/flyte-lsp/remote"
	"github.com/flyte-lsp/flyte-lsp/sandbox"
	"github.com/flyte-lsp/flyte-lsp/workspace"
)

// terminateTimeout bounds the call that terminates a cancelled execution.
const terminateTimeout = 15 * time.Second

// nodeOutputsTimeout bounds the calls for what the nodes of an execution gave.
const nodeOutputsTimeout = 10 * time.Second

// ErrSandboxDeclined ends a remote run whose user has no backend and doesn't
// want the sandbox.
var ErrSandboxDeclined = errors.New("no Flyte backend is configured and the sandbox wasn't started: set flyte.config to a Flyte config file, or start the sandbox with `flyte-lsp sandbox start`")

// runRemote compiles, registers, executes and watches the entity on a backend.
func (m *Manager) runRemote(ctx context.Context, a *active, request Request, settings Settings) error {
	python, err := local.FindInterpreter(request.File, settings.Python, os.Getenv)
	if err != nil {
		return err
	}
	// Before a sandbox is offered that would be of no use.
	if err := m.options.Pool.Warm(ctx, python.Path); err != nil {
		return err
	}
	a.update(func(run *Run) { run.Phase = "connecting" })
	config, isSandbox, err := m.backend(ctx, request.WorkDir, settings, python.Path)
	if err != nil {
		return err
	}
	client, err := remote.Dial(config)
	if err != nil {
		return err
	}
	defer client.Close()

	compiled, err := m.register(ctx, a, &uploads{client, config, a}, request, python.Path)
	if err != nil {
		return err
	}
	execute := remote.ExecuteRequest{
		Project: config.Project, Domain: config.Domain, Name: remote.NewExecutionName(),
		Entity: compiled.Entity, Inputs: compiled.Inputs,
	}
	if isSandbox {
		execute.Annotations = map[string]string{sandbox.PythonAnnotation: python.Path}
	}
	// The name is remembered before the call: an execution that is created
	// while the server dies isn't lost.
	execution := &Execution{Config: config, Name: execute.Name, Version: compiled.Entity.Version, Registered: !compiled.Skipped}
	execution.URL = client.ExecutionURL(execution.ID())
	a.update(func(run *Run) {
		run.Phase, run.Execution = "creating the execution", execution
		m.save(ctx, run)
	})
	if id, err := client.Execute(ctx, execute); err != nil {
		if id != nil && errors.Is(context.Cause(ctx), errCancelled) {
			m.terminate(ctx, client, id) // it may have been created
		}
		return err
	}
	return m.watch(ctx, a, client, execution.ID())
}

// backend returns the configuration of the backend to use, and whether it is
// the sandbox, which is started where it is needed.
func (m *Manager) backend(ctx context.Context, workDir string, settings Settings, python string) (remote.Config, bool, error) {
	config, err := m.configured(ctx, workDir, settings, python)
	if err != nil {
		return remote.Config{}, false, err
	}
	if settings.Project != "" {
		config.Project = settings.Project
	}
	if settings.Domain != "" {
		config.Domain = settings.Domain
	}
	status, err := sandbox.Find(ctx, "")
	return config, err == nil && status.Running && status.Endpoint == strings.TrimPrefix(config.Endpoint, "dns:///"), nil
}

func (m *Manager) configured(ctx context.Context, workDir string, settings Settings, python string) (remote.Config, error) {
	if settings.Config != SandboxConfig {
		config, err := FindConfig(settings.Config, workDir)
		var none *remote.NoConfigError
		if !errors.As(err, &none) {
			if err != nil {
				return config, &setupError{err}
			}
			return config, nil
		}
	}
	status, err := m.StartSandbox(ctx, python, settings.Config == SandboxConfig)
	if err != nil {
		return remote.Config{}, err
	}
	return remote.LoadConfig(remote.LoadOptions{File: status.ConfigFile, Getenv: func(string) string { return "" }})
}

// FindConfig finds Flyte's configuration as a remote run does: file is the
// setting, "" if there is none. Its errors are those of remote.LoadConfig.
func FindConfig(file, workDir string) (remote.Config, error) {
	home, err := os.UserHomeDir()
	if err != nil {
		home = "" // then there is no ~/.flyte to look into
	}
	return remote.LoadConfig(remote.LoadOptions{File: file, Getenv: os.Getenv, Home: home, WorkDir: workDir})
}

// StartSandbox returns the user's sandbox, started if it doesn't run. Unless
// it was asked for, the user is asked first.
func (m *Manager) StartSandbox(ctx context.Context, python string, asked bool) (sandbox.Status, error) {
	if status, err := sandbox.Find(ctx, ""); err == nil && status.Running {
		return status, nil
	}
	if !asked && m.options.ConfirmSandbox != nil {
		agreed, err := m.options.ConfirmSandbox(ctx)
		if err != nil {
			return sandbox.Status{}, err
		}
		if !agreed {
			return sandbox.Status{}, &setupError{ErrSandboxDeclined}
		}
	}
	status, err := sandbox.Start(ctx, m.options.Executable, sandbox.Options{Python: python, Log: m.options.Log})
	if err != nil {
		return status, &setupError{err}
	}
	return status, nil
}

// uploads is what the compiler needs of the backend.
type uploads struct {
	client *remote.Client
	config remote.Config
	active *active
}

// Registered tells whether the backend has the entity in this version.
func (u *uploads) Registered(ctx context.Context, id *core.Identifier) (bool, error) {
	return u.client.Registered(ctx, id)
}

// Upload stores the code bundle.
func (u *uploads) Upload(ctx context.Context, file string) (string, error) {
	u.active.update(func(run *Run) { run.Phase = "uploading the code" })
	return u.client.Upload(ctx, u.config.Project, u.config.Domain, file)
}

// UploadInputs stores the files among the inputs.
func (u *uploads) UploadInputs(ctx context.Context, inputs *core.LiteralMap) error {
	return u.client.UploadInputs(ctx, u.config.Project, u.config.Domain, inputs)
}

// register compiles the entity and registers what the backend doesn't have in
// this version.
func (m *Manager) register(ctx context.Context, a *active, backend *uploads, request Request, python string) (*local.Compiled, error) {
	a.update(func(run *Run) { run.Phase = "compiling" })
	compiled, err := m.options.Pool.Compile(ctx, python, local.CompileJob{
		File: request.File, Entity: request.Entity, WorkDir: request.WorkDir,
		Project: backend.config.Project, Domain: backend.config.Domain,
		Inputs: request.Inputs, Log: a.snapshot().Log,
	}, backend)
	if err != nil || compiled.Skipped {
		return compiled, err
	}
	err = backend.client.Register(ctx, remote.Registration{
		Tasks: compiled.Tasks, Workflows: compiled.Workflows, LaunchPlans: compiled.LaunchPlans,
		Activations: compiled.Activations,
	}, func(id *core.Identifier, existed bool) {
		word := "registered "
		if existed {
			word = "found "
		}
		a.update(func(run *Run) { run.Phase = word + id.Name })
	})
	return compiled, err
}

// watch follows the execution to its end and fetches its outputs. When the
// run is cancelled, it terminates the execution.
func (m *Manager) watch(ctx context.Context, a *active, client *remote.Client, id *core.WorkflowExecutionIdentifier) error {
	execution, err := client.Watch(ctx, id, func(execution remote.Execution) {
		a.update(func(run *Run) { run.show(execution) })
	})
	if err != nil {
		if errors.Is(context.Cause(ctx), errCancelled) {
			m.terminate(ctx, client, id)
		}
		return err
	}
	m.nodeOutputs(ctx, a, client, execution)
	if execution.Phase != core.WorkflowExecution_SUCCEEDED {
		root, _ := workspace.ModuleName(a.snapshot().File)
		return errorOfExecution(execution, root)
	}
	outputs, err := client.Outputs(ctx, id)
	if err != nil {
		return fmt.Errorf("the execution succeeded, but its outputs can't be read: %w", err)
	}
	shown := outputsOf(outputs)
	a.update(func(run *Run) { run.Outputs = shown })
	return nil
}

// maxNodeOutputs bounds the nodes whose outputs are fetched.
const maxNodeOutputs = 50

// nodeOutputs takes what the nodes gave into the run. It is an ornament: what
// can't be had is left out.
func (m *Manager) nodeOutputs(ctx context.Context, a *active, client *remote.Client, execution remote.Execution) {
	ctx, done := context.WithTimeout(ctx, nodeOutputsTimeout)
	defer done()
	outputs := map[string][]Output{}
	for _, node := range execution.Nodes[:min(len(execution.Nodes), maxNodeOutputs)] {
		if node.Phase != core.NodeExecution_SUCCEEDED {
			continue
		}
		literals, err := client.NodeOutputs(ctx, execution.ID, node.ID)
		if err != nil {
			m.options.Log.Debug("the outputs of a node can't be read: "+err.Error(), "execution", execution.ID.GetName(), "node", node.ID)
			if ctx.Err() != nil {
				break
			}
			continue
		}
		outputs[node.ID] = outputsOf(literals)
	}
	a.update(func(run *Run) {
		for i := range run.Nodes {
			run.Nodes[i].Outputs = outputs[run.Nodes[i].ID]
		}
	})
}

// terminate ends an execution whose run was cancelled.
func (m *Manager) terminate(ctx context.Context, client *remote.Client, id *core.WorkflowExecutionIdentifier) {
	ctx, done := context.WithTimeout(context.WithoutCancel(ctx), terminateTimeout)
	defer done()
	if err := client.Terminate(ctx, id, "cancelled in the editor"); err != nil {
		m.options.Log.Warn("the cancelled execution could not be terminated: "+err.Error(), "execution", id.Name)
	}
}

// show takes the execution's present state into the run's.
func (r *Run) show(execution remote.Execution) {
	r.Nodes = make([]Node, 0, len(execution.Nodes))
	for _, node := range execution.Nodes {
		r.Nodes = append(r.Nodes, Node{ID: node.ID, Name: node.Name, Phase: strings.ToLower(node.Phase.String()), Seconds: node.Duration.Seconds()})
	}
	r.Phase = strings.ToLower(execution.Phase.String())
	if execution.Outage != nil {
		r.Phase = "waiting for the backend, which doesn't answer"
	} else if text := nodesText(r.Nodes); text != "" {
		r.Phase += ": " + text
	}
}

// namedNodes is the number of nodes up to which each is named in a phase.
const namedNodes = 4

// nodesText tells how far the nodes are, each by itself where they are few.
func nodesText(nodes []Node) string {
	var named []string
	done := 0
	for _, node := range nodes {
		name := node.Name[strings.LastIndex(node.Name, ".")+1:]
		if name == "" {
			name = node.ID
		}
		if node.Phase == "succeeded" {
			done++
		}
		if len(nodes) <= namedNodes || node.Phase == "running" {
			named = append(named, name+" "+node.Phase)
		}
	}
	if len(nodes) <= namedNodes {
		return strings.Join(named, ", ")
	}
	return fmt.Sprintf("%d of %d nodes succeeded, %s", done, len(nodes), strings.Join(named[:min(len(named), namedNodes)], ", "))
}

// outputsOf turns literals into a run's outputs, in the order of their names.
func outputsOf(literals *core.LiteralMap) []Output {
	outputs := make([]Output, 0, len(literals.GetLiterals()))
	for _, name := range slices.Sorted(maps.Keys(literals.GetLiterals())) {
		value := literals.Literals[name]
		output := Output{Name: name, Text: literal.Text(value)}
		if text, err := literal.JSON(value); err == nil {
			output.Value = text
		}
		outputs = append(outputs, output)
	}
	return outputs
}

// TakeOver goes on with the runs whose server ended before they did: remote
// executions are watched again, local runs are lost. follow is called for each
// that goes on and returns what observes it, see Start.
func (m *Manager) TakeOver(ctx context.Context, follow func(Run) (observe func(Run))) error {
	orphans, err := m.options.Store.Orphans(ctx)
	if err != nil {
		return err
	}
	for _, run := range orphans {
		if run.Execution == nil {
			run.State, run.Phase, run.Ended = Lost, "the server ended before the run did", time.Now()
			m.save(ctx, run)
			continue
		}
		body := func(ctx context.Context, a *active) error { return m.rewatch(ctx, a, run.Execution) }
		if err := m.begin(context.WithoutCancel(ctx), *run, follow(*run), body); err != nil {
			return err
		}
	}
	return nil
}

func (m *Manager) rewatch(ctx context.Context, a *active, execution *Execution) error {
	client, err := remote.Dial(execution.Config)
	if err != nil {
		return err
	}
	defer client.Close()
	return m.watch(ctx, a, client, execution.ID())
}
