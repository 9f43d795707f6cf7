// Package codelens decides what stands above an entity, and which command it
// fires. It runs nothing.
package codelens

import (
	"strings"
	"time"

	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyte-lsp/flyte-lsp/runs"
	"github.com/flyte-lsp/flyte-lsp/workspace"
)

// The commands that lenses fire.
const (
	CommandRun           = "flyte.run"           // RunArguments
	CommandCancel        = "flyte.cancel"        // RunReference
	CommandOpenLog       = "flyte.openLog"       // RunReference
	CommandOpenExecution = "flyte.openExecution" // RunReference
	CommandOpenInputs    = "flyte.openInputs"    // EntityReference
)

// EntityReference names an entity of a file.
type EntityReference struct {
	URI    string `json:"uri"`
	Entity string `json:"entity"`
}

// RunArguments ask for a run.
type RunArguments struct {
	EntityReference
	Target runs.Target `json:"target"`
}

// RunReference names a run.
type RunReference struct {
	Run string `json:"run"`
}

// Kinds are the kinds of lenses that are switched on.
type Kinds struct{ Run, Inputs, Result bool }

// Lens is one lens: a title in the row at an offset, and the command that a
// press fires.
type Lens struct {
	Offset   int
	Title    string
	Command  string
	Argument any
}

// File returns the lenses of a file, whose URI is given, in its rows. latest
// holds the newest runs of its entities.
func File(file *workspace.File, rows []workspace.Row, uri string, latest []*runs.Run, kinds Kinds, now time.Time) []Lens {
	var lenses []Lens
	for _, row := range rows {
		if !runnable(row.Entity) {
			continue
		}
		of := EntityReference{URI: uri, Entity: row.Entity.Name}
		add := func(title, command string, argument any) {
			lenses = append(lenses, Lens{Offset: row.Offset, Title: title, Command: command, Argument: argument})
		}
		if file.Language == parser.Go {
			if kinds.Run {
				add("Flyte "+string(row.Entity.Kind)+": Go files can be read, but not run yet", CommandRun, RunArguments{of, runs.Local})
			}
			continue
		}
		local, remote := newest(latest, of.Entity, runs.Local), newest(latest, of.Entity, runs.Remote)
		if kinds.Run {
			entityLenses(add, of, local, remote, now)
		}
		if kinds.Inputs && len(row.Entity.Inputs) > 0 {
			add("✎ Inputs", CommandOpenInputs, of)
		}
		if kinds.Result {
			hash := ""
			if !row.Stale {
				hash = SourceHash(file, row.Entity)
			}
			for _, run := range []*runs.Run{local, remote} {
				if run != nil && run.Done() {
					command := CommandOpenLog
					if run.Target == runs.Remote && run.Execution != nil {
						command = CommandOpenExecution
					}
					add(Outcome(run, hash, now), command, RunReference{run.ID})
				}
			}
		}
	}
	return lenses
}

// runnable tells whether a run of the entity can be asked for: what only refers
// to an entity of the backend has nothing to run, and what a class holds is no
// attribute of the module.
func runnable(entity *model.Entity) bool {
	return !refers(entity) && !strings.Contains(entity.Name, ".")
}

// refers tells whether an entity only refers to one that is registered.
func refers(entity *model.Entity) bool {
	switch entity.Kind {
	case model.ReferenceTask, model.ReferenceWorkflow, model.ReferenceLaunchPlan:
		return true
	}
	return false
}

// InputsDocument returns the lenses of an entity's inputs document: a run
// from there takes the document's values.
func InputsDocument(of EntityReference, local, remote *runs.Run, now time.Time) []Lens {
	var lenses []Lens
	entityLenses(func(title, command string, argument any) {
		lenses = append(lenses, Lens{Title: title, Command: command, Argument: argument})
	}, of, local, remote, now)
	for _, run := range []*runs.Run{local, remote} {
		if run != nil && run.Done() {
			lenses = append(lenses, Lens{Title: Outcome(run, "", now), Command: CommandOpenLog, Argument: RunReference{run.ID}})
		}
	}
	return lenses
}

// entityLenses adds the lenses that run an entity or, while it runs, tell how
// far it is and cancel it.
func entityLenses(add func(title, command string, argument any), of EntityReference, local, remote *runs.Run, now time.Time) {
	for _, one := range []struct {
		title  string
		target runs.Target
		run    *runs.Run
	}{{"▶ Run locally", runs.Local, local}, {"▶ Run remote", runs.Remote, remote}} {
		if one.run == nil || one.run.Done() {
			add(one.title, CommandRun, RunArguments{of, one.target})
			continue
		}
		add(Progress(one.run, now), CommandOpenLog, RunReference{one.run.ID})
		add("✕ Cancel", CommandCancel, RunReference{one.run.ID})
	}
}

func newest(latest []*runs.Run, entity string, target runs.Target) *runs.Run {
	for _, run := range latest {
		if run.Entity == entity && run.Target == target {
			return run
		}
	}
	return nil
}

// SourceHash identifies the entity's present source text.
func SourceHash(file *workspace.File, entity *model.Entity) string {
	return runs.HashSource([]byte(file.Source.Slice(entity.Span)))
}
