package analysis

import "github.com/flyte-lsp/flyte-lsp/parser"

var _ = register(&Rule{
	Code:     "node-passed",
	Summary:  "A node of create_node is used in place of its output.",
	Details:  `create_node gives the node, whose outputs are its attributes: o0, o1, ... or the fields of a NamedTuple. The node itself is no value: flytekit raises "Expected value of type <class 'int'> but got <flytekit.core.node.Node ...>", and an AttributeError for an output that it doesn't have.`,
	Severity: Error,
	Stage:    AtRegister,
	Source:   "node_creation.py:create_node",
	Bad: `from flytekit import task, workflow
from flytekit.core.node_creation import create_node


@task
def prepare() -> int:
    return 1


@task
def train(size: int) -> int:
    return size


@workflow
def flow() -> int:
    node = create_node(prepare)
    return train(size=«node»)
`,
	Fixed: `from flytekit import task, workflow
from flytekit.core.node_creation import create_node


@task
def prepare() -> int:
    return 1


@task
def train(size: int) -> int:
    return size


@workflow
def flow() -> int:
    node = create_node(prepare)
    return train(size=node.o0)
`,
	check: func(p *pass) {
		for _, remark := range p.remarked() {
			d := p.reportRemark(remark)
			if remark.Instead != "" {
				d.Fixes = []Fix{{Title: "Pass its output", Edits: []Edit{p.Edit(parser.Span(remark.Span), remark.Instead)}, Safe: true}}
			}
			p.nearestOutput(d, remark)
		}
	},
})
