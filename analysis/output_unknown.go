package analysis

import (
	"fmt"

	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/parser"
)

var _ = register(&Rule{
	Code:     "output-unknown",
	Summary:  "An output is asked for that the task or workflow doesn't have.",
	Details:  "The outputs of a call with several, or with a NamedTuple, are attributes: o0, o1, ... or the NamedTuple's fields. Another name raises an AttributeError when the workflow is compiled, another number an IndexError.",
	Severity: Error,
	Stage:    AtRegister,
	Source:   "promise.py:create_task_output",
	Bad: `from typing import NamedTuple

from flytekit import task, workflow

Statistics = NamedTuple("Statistics", [("mean", float), ("deviation", float)])


@task
def statistics() -> Statistics:
    return Statistics(1.0, 0.5)


@workflow
def flow() -> float:
    return statistics().«deviaton»
`,
	Fixed: `from typing import NamedTuple

from flytekit import task, workflow

Statistics = NamedTuple("Statistics", [("mean", float), ("deviation", float)])


@task
def statistics() -> Statistics:
    return Statistics(1.0, 0.5)


@workflow
def flow() -> float:
    return statistics().deviation
`,
	check: func(p *pass) {
		for _, remark := range p.remarked() {
			d := p.reportRemark(remark)
			p.nearestOutput(d, remark)
		}
	},
})

// nearestOutput adds the fix that writes the output which is named most like
// the one that doesn't exist.
func (p *pass) nearestOutput(d *Diagnostic, remark model.Remark) {
	name := p.Text(parser.Span(remark.Span))
	if near := Nearest(name, remark.Candidates); near != "" && len(d.Fixes) == 0 {
		d.Fixes = []Fix{{Title: fmt.Sprintf("Change %s to %s", name, near), Edits: []Edit{p.Edit(parser.Span(remark.Span), near)}, Safe: false}}
	}
}
