package runs

import (
	"context"
	"os"

	"github.com/flyte-lsp/flyte-lsp/local"
)

// runLocal runs the entity in the user's own interpreter.
func (m *Manager) runLocal(ctx context.Context, a *active, request Request, settings Settings) error {
	python, err := local.FindInterpreter(request.File, settings.Python, os.Getenv)
	if err != nil {
		return err
	}
	a.update(func(run *Run) { run.Phase = "loading" })
	result, err := m.options.Pool.Run(ctx, python.Path, local.Job{
		File: request.File, Entity: request.Entity, Inputs: request.Inputs,
		WorkDir: request.WorkDir, Log: a.snapshot().Log,
	}, func(event local.Event) { a.update(func(run *Run) { run.follow(event) }) })
	if err != nil {
		return err
	}
	a.update(func(run *Run) { run.Outputs = result.Outputs })
	return nil
}

// follow takes an event of a local run into the run's state.
func (r *Run) follow(event local.Event) {
	if event.Kind != "node" {
		r.Phase = "running"
		return
	}
	if event.Phase == "running" {
		r.Phase = "running " + event.Node
		r.Nodes = append(r.Nodes, Node{Name: event.Node, Phase: event.Phase})
		return
	}
	// Of several nodes of one name, the one that started last ends first:
	// local runs nest.
	for i := len(r.Nodes) - 1; i >= 0; i-- {
		if node := &r.Nodes[i]; node.Name == event.Node && node.Phase == "running" {
			node.Phase, node.Seconds = event.Phase, event.Seconds
			return
		}
	}
}
