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
type Settings struct {
	// Python is the interpreter that runs workflow files. Empty: VIRTUAL_ENV,
	// a .venv or venv folder upwards from the file, then python3.
	Python string `json:"python"`
	// SourceRoots are folders that the names of modules start at, where neither
	// the __init__.py files nor the project's own files tell: absolute, or
	// relative to each workspace folder.
	SourceRoots []string `json:"sourceRoots"`
	// Config is Flyte's config file, or "sandbox". Empty: FLYTECTL_CONFIG,
	// then ~/.flyte/config.yaml, then the sandbox.
	Config string `json:"config"`
	// Project and Domain override the config file's.
	Project string `json:"project"`
	Domain  string `json:"domain"`
	// Lenses switches the kinds of code lenses.
	Lenses struct {
		Run    bool `json:"run"`    // run, cancel
		Inputs bool `json:"inputs"` // open the inputs document
		Result bool `json:"result"` // the last runs
	} `json:"lenses"`
	// CodeActions switches the kinds of code actions.
	CodeActions struct {
		Run      bool `json:"run"`      // the lenses' commands
		Refactor bool `json:"refactor"` // what rewrites code
	} `json:"codeActions"`
	// Hints switches the kinds of inlay hints.
	Hints struct {
		PromiseTypes bool `json:"promiseTypes"` // of names that promises are assigned to
		InputNames   bool `json:"inputNames"`   // of positional arguments
		LastValues   bool `json:"lastValues"`   // what calls gave in the last run
	} `json:"hints"`
	// InlineValues are what calls gave in the last run, while a debugger stands.
	InlineValues struct {
		Enabled bool `json:"enabled"`
	} `json:"inlineValues"`
	// GeneralPython turns on what servers for Python answer too: two that answer
	// show the same thing twice.
	GeneralPython struct {
		Enabled bool `json:"enabled"`
	} `json:"generalPython"`
	// Rules are the severities of rules, "off", "hint", "warning" or "error", by
	// code or by how codes start ("image-*"): see analysis.ParseSeverities. They
	// win over those of the project.
	Rules map[string]json.RawMessage `json:"rules"`
	// Diagnostics say of which files there are any.
	Diagnostics struct {
		Workspace bool `json:"workspace"` // also of those that aren't open
	} `json:"diagnostics"`

	severities analysis.Severities // those of Rules
	problems   []string            // with them
}

func defaultSettings() *Settings {
	settings := new(Settings)
	settings.Lenses.Run, settings.Lenses.Inputs, settings.Lenses.Result = true, true, true
	settings.CodeActions.Run, settings.CodeActions.Refactor = true, true
	settings.Hints.PromiseTypes, settings.Hints.InputNames, settings.Hints.LastValues = true, true, true
	settings.InlineValues.Enabled = true
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
	settings := defaultSettings()
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
