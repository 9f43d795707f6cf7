package hints

import (
	"fmt"
	"strings"
	"time"

	"github.com/flyte-lsp/flyte-lsp/codelens"
	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/parser/ast"
	"github.com/flyte-lsp/flyte-lsp/runs"
	"github.com/flyte-lsp/flyte-lsp/workspace"
)

// Values are what the calls in an entity's body gave in its last run, each behind
// the call. There are none if the entity's source is another now.
func Values(module *model.Module, file *workspace.File, e *model.Entity, latest []*runs.Run) []Hint {
	run := lastRun(latest, e)
	if run == nil || run.SourceHash == "" || codelens.Older(run, codelens.SourceHash(file, e)) {
		return nil
	}
	given := map[*ast.Call][]runs.Node{}
	var order []*ast.Call
	for _, node := range run.Nodes {
		if len(node.Outputs) == 0 {
			continue
		}
		if call := callOf(module, file, e, run.Target, node); call != nil {
			if given[call] == nil {
				order = append(order, call)
			}
			given[call] = append(given[call], node)
		}
	}
	var found []Hint
	for _, call := range order {
		nodes := given[call]
		last := nodes[len(nodes)-1]
		tooltip := fmt.Sprintf("In the last %s run, %s", run.Target, codelens.Ago(time.Since(run.Ended)))
		if len(nodes) > 1 {
			tooltip += fmt.Sprintf("; the last of %d calls", len(nodes))
		}
		for _, output := range last.Outputs {
			tooltip += "\n\n`" + output.Name + "` = `" + strings.ReplaceAll(output.Text, "`", "'") + "`"
		}
		found = append(found, Hint{Offset: call.End, Label: " = " + cut(codelens.Result(last.Outputs)), Tooltip: tooltip, Kind: LastValue})
	}
	return found
}

// lastRun is the last run of an entity, which may go on; nil if there is none.
func lastRun(latest []*runs.Run, e *model.Entity) *runs.Run {
	var last *runs.Run
	for _, run := range latest {
		if run.Entity == e.Name && (last == nil || run.Started.After(last.Started)) {
			last = run
		}
	}
	return last
}

// callOf is the call in an entity's function that made a node of a run: on a
// backend the one whose node has the id, locally the one that ends at the place.
// It is nil if it can't be told.
func callOf(module *model.Module, file *workspace.File, e *model.Entity, target runs.Target, node runs.Node) *ast.Call {
	var found *ast.Call
	for made := range module.Body(e).All() {
		if made.Call == nil || made.Module == nil || made.Module.Path != file.Path {
			continue
		}
		switch {
		case target == runs.Remote && made.ID == node.ID && made.ID != "" && !made.Conditional:
			return made.Call
		case target == runs.Local && node.At != nil && stands(file, e, made.Call, node):
			if found != nil && found != made.Call {
				return nil // several in a line
			}
			found = made.Call
		}
	}
	return found
}

// stands tells whether a call stands where a local run made a node.
func stands(file *workspace.File, e *model.Entity, call *ast.Call, node runs.Node) bool {
	first := file.Source.Position(e.Span.Start).Line
	if node.At.Column == 0 {
		return file.Source.Position(call.Start).Line-first == node.At.Line
	}
	start := file.Source.LineStart(call.End)
	return file.Source.Position(call.End).Line-first == node.At.Last && call.End-start == node.At.Column
}
