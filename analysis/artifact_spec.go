package analysis

import (
	"fmt"
	"strings"

	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

var _ = register(&Rule{
	Code:     "artifact-spec",
	Summary:  "An artifact has no name, or an output is bound to partitions that it doesn't have.",
	Details:  "An artifact needs a name, and has ten partition keys at most. Where an output is annotated with it, its partitions get their values by name, from a string or from an input, `Inputs.x`, which the task or workflow must have. All partitions of a workflow's output get one: \"Binding a partition's value dynamically is not allowed for workflows\".",
	Severity: Error,
	Stage:    AtImport,
	Source:   "artifact.py:Artifact",
	Bad: `from typing import Annotated

from flytekit import Artifact, task
from flytekit.core.artifact import Inputs

Prices = Artifact(name="prices", partition_keys=["region"])


@task
def total(region: str) -> Annotated[int, Prices(region=«Inputs.area»)]:
    return 1
`,
	Good: `from typing import Annotated

from flytekit import Artifact, task
from flytekit.core.artifact import Inputs

Prices = Artifact(name="prices", partition_keys=["region"])


@task
def total(region: str) -> Annotated[int, Prices(region=Inputs.region)]:
    return 1
`,
	check: artifactSpecs,
})

// maxPartitions is artifact.py:MAX_PARTITIONS.
const maxPartitions = 10

func artifactSpecs(p *pass) {
	remarked(p)
	for _, call := range p.calls("flytekit.core.artifact.Artifact") {
		if call.Expr == nil || call.Open {
			continue
		}
		if named, known := given(call, 2, "name"); known && !named {
			p.report(parser.Span(call.Expr.Func.Span()), "an artifact needs a name").unless(call.Certain)
		}
		keys, _ := call.Arg(7, "partition_keys")
		if list, ok := keys.Value.(*pyeval.List); ok && keys.Expr != nil && len(list.Elems) > maxPartitions {
			p.report(parser.Span(keys.Expr.Span()), fmt.Sprintf("an artifact has %d partition keys at most, and these are %d", maxPartitions, len(list.Elems))).unless(call.Certain)
		}
	}
	for _, entity := range p.Module.Entities {
		if entity.Function == nil || entity.Opaque != "" || entity.InputsUnknown != "" {
			continue
		}
		for _, output := range entity.Outputs {
			if output.TypeSpan != (parser.Span{}) && p.here(entity.Function.Module) {
				p.checkPartitions(entity, output)
			}
		}
	}
}

// checkPartitions checks the artifact that an output is annotated with.
func (p *pass) checkPartitions(entity *model.Entity, output *model.Variable) {
	partitions := output.Partitions()
	if partitions == nil {
		return
	}
	certain := !entity.Conditional && !entity.Guarded
	for _, bound := range partitions.Bound {
		if entity.Input(bound.Name) != nil {
			continue
		}
		at := output.TypeSpan
		if bound.Expr != nil && p.Stands(bound.Expr) {
			at = bound.Expr.Span()
		}
		d := p.report(at, fmt.Sprintf("%s has no input %s; %s", entity.Describe(), bound.Name, inputsOf(entity))).unless(certain)
		if near := Nearest(bound.Name, inputNames(entity)); near != "" && strings.HasSuffix(p.Text(at), "."+bound.Name) {
			d.Fixes = []Fix{{Title: "Rename it to " + near, Edits: []Edit{p.Edit(parser.Span{Start: at.End - len(bound.Name), End: at.End}, near)}}}
		}
	}
	if entity.Kind == model.Workflow && partitions.Known && len(partitions.Unbound) > 0 {
		p.report(output.TypeSpan, fmt.Sprintf("the output of a workflow says to which %s of the artifact it goes: only a task can tell when it runs", strings.Join(partitions.Unbound, ", "))).unless(certain)
	}
}
