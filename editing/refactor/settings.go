package refactor

import (
	"fmt"
	"slices"

	"github.com/flyte-lsp/flyte-lsp/editing/edits"
	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/parser/ast"
	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

// addLaunchPlan makes a launch plan of the workflow at the cursor, behind it.
func addLaunchPlan(r *request) []Action {
	e := r.headOf()
	if e == nil || e.Kind != model.Workflow || e.Opaque != "" {
		return nil
	}
	name := r.freeName(e.Name+"_plan", nil)
	statement := fmt.Sprintf("\n\n\n%s = LaunchPlan.get_or_create(%s, %q)", name, e.Name, name)
	made := append(r.AddImport("LaunchPlan"), r.Insert(e.Span.End, statement))
	return []Action{{Title: "Add a launch plan for " + e.Name, Kind: rewrite, Edits: made}}
}

// cacheTask has the results of the task at the cursor cached.
func cacheTask(r *request) []Action {
	e := r.headOf()
	if e == nil || e.Kind != model.Task && e.Kind != model.Dynamic || e.SettingsOpen {
		return nil
	}
	if slices.ContainsFunc(e.Settings, func(given pyeval.Named) bool { return given.Name == "cache" }) {
		return nil
	}
	edit, ok := r.AddSetting(e, `cache=True, cache_version="1"`)
	if !ok {
		return nil
	}
	return []Action{{Title: "Cache the results of " + e.Name, Kind: rewrite, Edits: []edits.Edit{edit}}}
}

// hasComment tells whether a comment stands in a span.
func (r *request) hasComment(span ast.Span) bool {
	return slices.ContainsFunc(r.comments(), func(c ast.Span) bool { return c.Start >= span.Start && c.End <= span.End })
}
