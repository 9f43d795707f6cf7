package lsp

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"

	"go.lsp.dev/jsonrpc2"
	"go.lsp.dev/protocol"

	"github.com/flyte-lsp/flyte-lsp/codelens"
	"github.com/flyte-lsp/flyte-lsp/local"
	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyte-lsp/flyte-lsp/runs"
	"github.com/flyte-lsp/flyte-lsp/workspace"
)

// commandStartSandbox starts the sandbox; it has no arguments.
const commandStartSandbox = "flyte.startSandbox"

type command func(s *Server, ctx context.Context, snapshot *workspace.Snapshot, argument json.RawMessage) (any, error)

// commands are what workspace/executeCommand takes. Each has one argument, an
// object.
var commands = map[string]command{
	codelens.CommandRun:           withArgument((*Server).commandRun),
	codelens.CommandCancel:        withArgument((*Server).commandCancel),
	codelens.CommandOpenLog:       withArgument((*Server).commandOpenLog),
	codelens.CommandOpenExecution: withArgument((*Server).commandOpenExecution),
	codelens.CommandOpenInputs:    withArgument((*Server).commandOpenInputs),
	commandStartSandbox:           withArgument((*Server).commandStartSandbox),
}

func commandNames() []string { return slices.Sorted(maps.Keys(commands)) }

func withArgument[A any](f func(*Server, context.Context, *workspace.Snapshot, *A) (any, error)) command {
	return func(s *Server, ctx context.Context, snapshot *workspace.Snapshot, raw json.RawMessage) (any, error) {
		argument, err := decode[A](raw)
		if err != nil {
			return nil, err
		}
		return f(s, ctx, snapshot, argument)
	}
}

func (s *Server) executeCommand(ctx context.Context, snapshot *workspace.Snapshot, params *struct {
	Command   string            `json:"command"`
	Arguments []json.RawMessage `json:"arguments"`
}) (any, error) {
	command, known := commands[params.Command]
	if !known {
		return nil, jsonrpc2.Errorf(jsonrpc2.InvalidParams, "flyte-lsp has no command %s", params.Command)
	}
	var argument json.RawMessage
	if len(params.Arguments) > 0 {
		argument = params.Arguments[0]
	}
	return command(s, ctx, snapshot, argument)
}

// runAnswer is the result of flyte.run: the run that was started, or the
// inputs document that has to be filled in first.
type runAnswer struct {
	Run    string `json:"run,omitempty"`
	Inputs string `json:"inputs,omitempty"`
}

// commandRun starts a run of an entity. Its inputs are those of the inputs
// document, if there is one, and the defaults; where a required one is
// missing, the document is opened instead.
func (s *Server) commandRun(ctx context.Context, snapshot *workspace.Snapshot, of *codelens.RunArguments) (any, error) {
	if of.Target != runs.Local && of.Target != runs.Remote {
		return nil, jsonrpc2.Errorf(jsonrpc2.InvalidParams, "the target is %q, want local or remote", of.Target)
	}
	file, entity, err := s.entityOf(ctx, snapshot, of.EntityReference)
	if err != nil {
		return nil, err
	}
	if file.Language == parser.Go {
		return nil, fmt.Errorf("%s is Go: Go files can be read, but not run yet", entity.Describe())
	}
	document := s.inputsDocumentOf(file, entity)
	values, from, err := s.inputs.read(document)
	if err != nil {
		s.showDocument(ctx, document)
		return nil, err
	}
	if missing := runs.MissingInputs(entity, values); len(missing) > 0 {
		if err := s.openInputs(ctx, file, entity); err != nil {
			return nil, err
		}
		s.client.show(ctx, protocol.MessageTypeInfo, fmt.Sprintf("Fill in %s, then run %s from there.", list(missing), entity.Name))
		return runAnswer{Inputs: document}, nil
	}
	if unsaved(file) {
		s.client.show(ctx, protocol.MessageTypeWarning, fmt.Sprintf("%s has unsaved changes: the run takes the saved file.", file.ModuleName))
	}
	follower := newFollower(s)
	run, err := s.runs.Start(ctx, runs.Request{
		File: file.Path, Entity: entity.Name, Target: of.Target, Inputs: values, InputsFrom: from,
		WorkDir: s.folders.of(file.Path), SourceHash: codelens.SourceHash(file, entity),
	}, s.settings.Load().runs(), follower.observe)
	if err != nil {
		return nil, err
	}
	s.background(func(ctx context.Context) { follower.follow(ctx, run) })
	return runAnswer{Run: run.ID}, nil
}

// entityOf finds the entity that a command names, by its file or by its
// inputs document.
func (s *Server) entityOf(ctx context.Context, snapshot *workspace.Snapshot, of codelens.EntityReference) (*workspace.File, *model.Entity, error) {
	path, ok := pathOf(of.URI)
	if !ok {
		return nil, nil, jsonrpc2.Errorf(jsonrpc2.InvalidParams, "%q is no file", of.URI)
	}
	if parser.IsNotebook(path) {
		return nil, nil, fmt.Errorf("%s is a notebook, which flytekit can't import: call %s in a cell to run it", path, of.Entity)
	}
	file, err := snapshot.File(path)
	if err != nil {
		return nil, nil, err
	}
	rows, err := snapshot.Rows(ctx, path)
	if err != nil {
		return nil, nil, err
	}
	for _, row := range rows {
		switch {
		case row.Entity.Name == of.Entity && !row.Stale:
			return file, row.Entity, nil
		case row.Entity.Name == of.Entity:
			return nil, nil, fmt.Errorf("%s can't be read while %s has syntax errors: mend them, then run it", of.Entity, file.ModuleName)
		}
	}
	return nil, nil, fmt.Errorf("%s defines no task, workflow or launch plan %s", path, of.Entity)
}

func (s *Server) commandCancel(_ context.Context, _ *workspace.Snapshot, of *codelens.RunReference) (any, error) {
	return s.runs.Cancel(of.Run), nil
}

// runOf returns the run that a command names.
func (s *Server) runOf(ctx context.Context, of *codelens.RunReference) (*runs.Run, error) {
	run, err := s.runs.Get(ctx, of.Run)
	if err == nil && run == nil {
		err = fmt.Errorf("the history has no run %q", of.Run)
	}
	return run, err
}

func (s *Server) commandOpenLog(ctx context.Context, _ *workspace.Snapshot, of *codelens.RunReference) (any, error) {
	run, err := s.runOf(ctx, of)
	if err != nil {
		return nil, err
	}
	if _, err := os.Stat(run.Log); err != nil {
		return nil, fmt.Errorf("the run's log is gone: %w", err)
	}
	s.showDocument(ctx, run.Log)
	return run.Log, nil
}

func (s *Server) commandOpenExecution(ctx context.Context, _ *workspace.Snapshot, of *codelens.RunReference) (any, error) {
	run, err := s.runOf(ctx, of)
	if err != nil {
		return nil, err
	}
	if run.Execution == nil {
		return nil, errors.New("this run has no execution on a backend")
	}
	s.showURI(ctx, protocol.ShowDocumentParams{URI: protocol.URI(run.Execution.URL), External: true})
	return run.Execution.URL, nil
}

func (s *Server) commandStartSandbox(ctx context.Context, _ *workspace.Snapshot, _ *struct{}) (any, error) {
	python := ""
	if found, err := local.FindInterpreter(s.folders.of(""), s.settings.Load().Python, os.Getenv); err == nil {
		python = found.Path
	}
	status, err := s.runs.StartSandbox(ctx, python, true)
	if err != nil {
		return nil, err
	}
	s.client.show(ctx, protocol.MessageTypeInfo, "The sandbox runs at "+status.Endpoint+".")
	return status, nil
}

// showDocument has the client open a file.
func (s *Server) showDocument(ctx context.Context, path string) {
	s.showURI(ctx, protocol.ShowDocumentParams{URI: protocol.URI(uriOf(path)), TakeFocus: true})
}

// showURI has the client open a document, or names it to the user where the
// client can't.
func (s *Server) showURI(ctx context.Context, params protocol.ShowDocumentParams) {
	if s.capabilities.Window.ShowDocument.Support {
		var result protocol.ShowDocumentResult
		if err := s.client.call(ctx, "window/showDocument", params, &result); err == nil && result.Success {
			return
		}
	}
	name := string(params.URI)
	if path, ok := pathOf(name); ok {
		name = path
	}
	s.client.show(ctx, protocol.MessageTypeInfo, "See "+name)
}
