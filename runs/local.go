package runs

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/flyte-lsp/flyte-lsp/local"
	"github.com/flyte-lsp/flyte-lsp/workspace"
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
	a.update(func(run *Run) { run.Outputs, run.Warning = result.Outputs, result.LogProblem })
	return nil
}

// follow takes an event of a local run into the run's state.
func (r *Run) follow(event local.Event) {
	if event.Kind != "node" {
		r.Phase = "running"
		return
	}
	id := strconv.Itoa(event.Call)
	if event.Phase == "running" {
		r.Phase = "running " + event.Node
		r.Nodes = append(r.Nodes, Node{ID: id, Name: event.Node, Phase: event.Phase, At: event.At})
		return
	}
	for i := range r.Nodes {
		if node := &r.Nodes[i]; node.ID == id {
			node.Phase, node.Seconds = event.Phase, event.Seconds
			if event.Outputs != nil {
				node.Outputs = outputsOf(event.Outputs)
			}
		}
	}
}

// asOpened gives the frames' files the names under which the user knows them.
// Python resolves links; a file of a folder that was opened through one would
// seem to be another file.
func asOpened(frames []Frame, file string) []Frame {
	root, _ := workspace.ModuleName(file)
	resolved, err := filepath.EvalSymlinks(root)
	if err != nil || resolved == root {
		return frames
	}
	named := slices.Clone(frames)
	for i := range named {
		if within, ok := strings.CutPrefix(named[i].File, resolved+string(filepath.Separator)); ok {
			named[i].File = filepath.Join(root, within)
		}
	}
	return named
}
