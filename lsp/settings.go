package lsp

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"go.lsp.dev/protocol"

	"github.com/flyte-lsp/flyte-lsp/analysis"
	"github.com/flyte-lsp/flyte-lsp/runs"
)

// settingsSection is the section of the client's configuration that is ours.
const settingsSection = "flyte"

// Settings are what a user can choose. Clients send them as
// initializationOptions, in workspace/didChangeConfiguration, or when asked.
//
// The comments of the fields are the descriptions in docs/settings.md and in the
// settings editor of VS Code: `make generate` takes them from here. The tags
// scope and values are of VS Code.
type Settings struct {
	// The interpreter that runs workflow files, and whose flytekit is read: a
	// program, a name on `PATH` or the folder of a virtual environment. Empty: the
	// one of `VIRTUAL_ENV`, of a `.venv` or `venv` folder upwards from the file,
	// else `python3` on `PATH`.
	Python string `json:"python" scope:"machine-overridable"`
	// Flyte's config file, or `sandbox` for the backend on this machine. Empty:
	// the one that `FLYTECTL_CONFIG` names, else `~/.flyte/config.yaml`; where
	// there is none, the sandbox is offered.
	Config string `json:"config" scope:"machine-overridable"`
	// Folders that the names of modules start at, absolute or relative to the
	// workspace folder, where neither `__init__.py` files nor `pyproject.toml` tell.
	SourceRoots []string `json:"sourceRoots"`
	// The project of remote runs. Empty: what the config file says, else
	// `flytesnacks`.
	Project string `json:"project"`
	// The domain of remote runs. Empty: what the config file says, else
	// `development`.
	Domain string `json:"domain"`

	Lenses struct {
		// Lenses that run an entity, or cancel its run.
		Run bool `json:"run"`
		// Lenses that open the document with an entity's inputs.
		Inputs bool `json:"inputs"`
		// Lenses that tell an entity's last result.
		Result bool `json:"result"`
	} `json:"lenses"`
	Completion struct {
		// Complete inputs and outputs, the keywords of decorators and of flytekit's
		// classes, and their values.
		Enabled bool `json:"enabled"`
	} `json:"completion"`
	SignatureHelp struct {
		// Show the inputs of the entity that is being called.
		Enabled bool `json:"enabled"`
	} `json:"signatureHelp"`
	Hover struct {
		// Tell what an entity, an input, a promise, or a value such as a cron
		// expression is.
		Enabled bool `json:"enabled"`
	} `json:"hover"`
	Hints struct {
		// Hints with the types of promises, behind the names that they are assigned to.
		PromiseTypes bool `json:"promiseTypes"`
		// Hints with the names of inputs, before positional arguments.
		InputNames bool `json:"inputNames"`
		// Hints with what a call gave in the last run.
		LastValues bool `json:"lastValues"`
	} `json:"hints"`
	InlineValues struct {
		// Show what calls gave in the last run, while a debugger stands.
		Enabled bool `json:"enabled"`
	} `json:"inlineValues"`
	Navigation struct {
		// Find definitions, types and references of entities, inputs and outputs.
		Enabled bool `json:"enabled"`
	} `json:"navigation"`
	CallHierarchy struct {
		// Tell which workflows use an entity, and what a workflow calls.
		Enabled bool `json:"enabled"`
	} `json:"callHierarchy"`
	Symbols struct {
		// List the entities of a document and of the workspace.
		Enabled bool `json:"enabled"`
	} `json:"symbols"`
	DocumentLinks struct {
		// Make links of container images, addresses of executions and paths of logs.
		Enabled bool `json:"enabled"`
	} `json:"documentLinks"`
	Rename struct {
		// Rename entities, inputs and outputs with all that means them.
		Enabled bool `json:"enabled"`
		// Change imports, full names and inputs documents when a module's file is
		// renamed or moved.
		Files bool `json:"files"`
	} `json:"rename"`
	CodeActions struct {
		// Offer what the lenses do as code actions too.
		Run bool `json:"run"`
		// Offer to rewrite workflows: extract, map, sort arguments, make what is
		// missing.
		Refactor bool `json:"refactor"`
	} `json:"codeActions"`
	Notebooks struct {
		// Answer in the cells of Jupyter notebooks.
		Enabled bool `json:"enabled"`
	} `json:"notebooks"`
	GeneralPython struct {
		// Answer also what servers for Python answer. With one of them beside, the
		// editor shows such things twice.
		Enabled bool `json:"enabled"`
	} `json:"generalPython"`
	// The severities of rules, by code or by how codes start (`lp-*`): `off`,
	// `hint`, `warning` or `error`. They win over those of the table
	// `[tool.flyte-lsp.rules]` in `pyproject.toml`.
	Rules map[string]json.RawMessage `json:"rules" values:"off hint warning error"`

	Diagnostics struct {
		// Tell what is wrong in all files of the workspace, not only in those that
		// are open.
		Workspace bool `json:"workspace"`
	} `json:"diagnostics"`

	severities analysis.Severities // those of Rules, as analysis.ParseSeverities reads them
	problems   []string            // with them
}

// DefaultSettings are the settings of a user who has chosen none.
func DefaultSettings() *Settings {
	settings := new(Settings)
	for _, on := range []*bool{
		&settings.Lenses.Run, &settings.Lenses.Inputs, &settings.Lenses.Result,
		&settings.Completion.Enabled, &settings.SignatureHelp.Enabled, &settings.Hover.Enabled,
		&settings.Hints.PromiseTypes, &settings.Hints.InputNames, &settings.Hints.LastValues, &settings.InlineValues.Enabled,
		&settings.Navigation.Enabled, &settings.CallHierarchy.Enabled, &settings.Symbols.Enabled, &settings.DocumentLinks.Enabled,
		&settings.Rename.Enabled, &settings.Rename.Files, &settings.CodeActions.Run, &settings.CodeActions.Refactor, &settings.Notebooks.Enabled,
	} {
		*on = true
	}
	return settings
}

// runs are the settings of a run.
func (s *Settings) runs() runs.Settings {
	return runs.Settings{Python: s.Python, Config: s.Config, Project: s.Project, Domain: s.Domain}
}

// applySettings takes what a client sent: the section itself or an object that
// holds it. What it leaves out has its default, and so has a value of another
// type, of which the user is told.
func (s *Server) applySettings(raw json.RawMessage) error {
	if len(raw) == 0 || bytes.Equal(bytes.TrimSpace(raw), []byte("null")) {
		return nil
	}
	var outer struct {
		Flyte json.RawMessage `json:"flyte"`
	}
	if err := json.Unmarshal(raw, &outer); err != nil {
		return fmt.Errorf("the settings stay as they were, since they are no object: %w", err)
	}
	if len(outer.Flyte) > 0 && !bytes.Equal(outer.Flyte, []byte("null")) {
		raw = outer.Flyte
	}
	settings := DefaultSettings()
	var mistyped []string
	var mismatch *json.UnmarshalTypeError
	if err := json.Unmarshal(raw, settings); errors.As(err, &mismatch) && mismatch.Field != "" {
		// json reads on behind a value of another type, and returns the first.
		mistyped = append(mistyped, fmt.Sprintf("%s.%s can't be a %s: it has its default", settingsSection, mismatch.Field, mismatch.Value))
	} else if err != nil {
		return fmt.Errorf("the settings stay as they were: %w", err)
	}
	settings.severities, settings.problems = ruleSettings(settings.Rules)
	settings.problems = append(mistyped, settings.problems...)
	before := s.settings.Swap(settings)
	if !slices.Equal(before.problems, settings.problems) {
		s.complain(settings.problems)
	}
	if before.Python != settings.Python {
		s.workspace.SetInterpreter(s.chooseInterpreter)
	}
	if !slices.Equal(before.SourceRoots, settings.SourceRoots) {
		s.workspace.SetSourceRoots(s.sourceRoots())
	}
	s.lookAgain()
	return nil
}

// complain tells the user what is wrong with the settings, when the client can
// be spoken to.
func (s *Server) complain(problems []string) {
	for _, problem := range problems {
		s.log.Warn(problem)
		if s.ready.Load() {
			s.client.show(s.ctx, protocol.MessageTypeWarning, problem)
		} else {
			s.troubles = append(s.troubles, problem)
		}
	}
}

func (s *Server) didChangeConfiguration(ctx context.Context, params *struct {
	Settings json.RawMessage `json:"settings"`
}) error {
	if s.capabilities.Workspace.Configuration {
		s.background(s.pullSettings) // the client's answer is complete, its notification may not be
		return nil
	}
	return s.applySettings(params.Settings)
}

// pullSettings asks the client for the settings.
func (s *Server) pullSettings(ctx context.Context) {
	if !s.capabilities.Workspace.Configuration {
		return
	}
	var answers []json.RawMessage
	err := s.client.call(ctx, protocol.MethodWorkspaceConfiguration, protocol.ConfigurationParams{
		Items: []protocol.ConfigurationItem{{Section: settingsSection}},
	}, &answers)
	if err == nil && len(answers) == 1 {
		err = s.applySettings(answers[0])
	}
	if err != nil && ctx.Err() == nil {
		s.log.Warn("the client's settings can't be read, the former ones stay: " + err.Error())
	}
}
