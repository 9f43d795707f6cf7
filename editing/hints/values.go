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
		if call := runs.CallOf(module, file, e, run.Target, node); call != nil {
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
		var tooltip strings.Builder
		tooltip.WriteString(fmt.Sprintf("In the last %s run, %s", run.Target, codelens.Ago(time.Since(run.Ended))))
		if len(nodes) > 1 {
			tooltip.WriteString(fmt.Sprintf("; the last of %d calls", len(nodes)))
		}
		for _, output := range last.Outputs {
			tooltip.WriteString("\n\n`" + output.Name + "` = `" + strings.ReplaceAll(output.Text, "`", "'") + "`")
		}
		found = append(found, Hint{Offset: call.End, Label: " = " + cut(codelens.Result(last.Outputs)), Tooltip: tooltip.String(), Kind: LastValue})
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
