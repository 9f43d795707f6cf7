package analysis

import (
	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyte-lsp/flyte-lsp/parser/ast"
)

var _ = register(&Rule{
	Code:     "node-outputs-local",
	Summary:  "The outputs of a node are taken from its dict, which a local run doesn't have.",
	Details:  "While a workflow is compiled create_node gives a node with `outputs`; in a local run it gives the outputs themselves, and `.outputs` raises an AttributeError. Take `.o0`, or the name of the output, which works in both.",
	Severity: Warning,
	Stage:    AtRun,
	Source:   "node_creation.py:create_node",
	Bad: `from flytekit import task, workflow
from flytekit.core.node_creation import create_node


@task
def prepare() -> int:
    return 1


@workflow
def flow() -> int:
    node = create_node(prepare)
    return node.«outputs»["o0"]
`,
	Fixed: `from flytekit import task, workflow
from flytekit.core.node_creation import create_node


@task
def prepare() -> int:
    return 1


@workflow
def flow() -> int:
    node = create_node(prepare)
    return node.o0
`,
	check: func(p *pass) {
		for _, remark := range p.remarked() {
			d := p.reportRemark(remark)
			_, around := p.innermost(remark.Span)
			for _, node := range around {
				subscript, ok := node.(*ast.Subscript)
				if !ok {
					continue
				}
				attribute, ok := subscript.Value.(*ast.Attribute)
				key, text := subscript.Index.(*ast.Constant)
				if ok && text && key.Kind == ast.StringConst && attribute.AttrSpan == remark.Span {
					span := parser.Span{Start: attribute.AttrSpan.Start, End: subscript.End}
					d.Fixes = []Fix{{Title: "Take it as an attribute", Edits: []Edit{p.Edit(span, key.Text)}, Safe: true}}
				}
			}
		}
	},
})
