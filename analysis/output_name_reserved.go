package analysis

import (
	"fmt"

	"github.com/flyte-lsp/flyte-lsp/model"
)

var _ = register(&Rule{
	Code:     "output-name-reserved",
	Summary:  "An output has the name of an attribute of flytekit's nodes.",
	Details:  "create_node gives a node whose outputs become attributes of it. name, id, metadata, bindings, outputs, run_entity, upstream_nodes, flyte_entity, runs_before and with_overrides are there already: flytekit raises `Node ... already has attribute name, change the name of output` when the workflow is compiled.",
	Severity: Error,
	Stage:    AtRegister,
	Source:   "node_creation.py:create_node",
	Bad: `from typing import NamedTuple

from flytekit import task, workflow
from flytekit.core.node_creation import create_node

Made = NamedTuple("Made", [("name", str)])


@task
def make() -> Made:
    return Made("a")


@workflow
def flow():
    create_node(«make»)
`,
	Good: `from typing import NamedTuple

from flytekit import task, workflow
from flytekit.core.node_creation import create_node

Made = NamedTuple("Made", [("title", str)])


@task
def make() -> Made:
    return Made("a")


@workflow
def flow():
    create_node(make)
`,
	check: func(p *pass) {
		for _, call := range p.calls("flytekit.core.node_creation.create_node") {
			if len(call.Args) == 0 || call.Args[0].Expr == nil || call.Entity == nil || call.Entity.Kind != model.Workflow {
				continue
			}
			entity, ok := model.EntityOf(call.Args[0].Value)
			if !ok || entity.Opaque != "" || entity.OutputsUnknown != "" {
				continue
			}
			for _, output := range entity.Outputs {
				if reservedOutputs[output.Name] {
					p.report(call.Args[0].Expr.Span(), fmt.Sprintf("the node of %s has a %s of its own: give the output another name", entity.Describe(), output.Name)).unless(call.Certain)
				}
			}
		}
	},
})

// reservedOutputs are the attributes of flytekit's Node.
var reservedOutputs = map[string]bool{
	"name": true, "id": true, "metadata": true, "bindings": true, "outputs": true, "run_entity": true, "upstream_nodes": true, "flyte_entity": true,
	"runs_before": true, "with_overrides": true, "TIMEOUT_OVERRIDE_SENTINEL": true,
}
