package analysis

import (
	"bytes"
	"fmt"

	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/parser/ast"
	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

var _ = register(&Rule{
	Code:     "default-none",
	Summary:  "A workflow's input has the default None and isn't Optional.",
	Details:  "None is a value of an Optional only. flytekit takes the input for one that must be given, whatever its default says, and a local run without it fails at the first task that takes no None: \"Python value cannot be None\". Make the input Optional, or leave the default out.",
	Severity: Warning,
	Stage:    NeverFails,
	Source:   "interface.py:transform_inputs_to_parameters",
	Bad: `from typing import Optional

from flytekit import task, workflow


@task
def show(number: Optional[int] = None) -> str:
    return str(number)


@workflow
def flow(number: int = «None») -> str:
    return show(number=number)


def run():
    flow()
`,
	Fixed: `from typing import Optional

from flytekit import task, workflow


@task
def show(number: Optional[int] = None) -> str:
    return str(number)


@workflow
def flow(number: Optional[int] = None) -> str:
    return show(number=number)


def run():
    flow()
`,
	check: func(p *pass) {
		for _, entity := range p.Module.Entities {
			if entity.Kind != model.Workflow || entity.Opaque != "" {
				continue
			}
			for _, input := range entity.Inputs {
				if _, none := input.DefaultValue.(pyeval.None); !none || !input.Required || input.DefaultSpan == (ast.Span{}) || input.TypeSpan == (ast.Span{}) {
					continue
				}
				if t, err := p.Module.LiteralType(input); err != nil || t.GetBlob() != nil || t.GetUnionType() != nil {
					continue
				}
				d := p.report(input.DefaultSpan, fmt.Sprintf("input %s of %s is of type %s, which None is no value of: it must be given all the same", input.Name, entity.Describe(), input.Type))
				d.Fixes = append(d.Fixes, p.optional(input))
			}
		}
	},
})

// optional makes the type of an input Optional, in the way of the file.
func (p *pass) optional(input *model.Variable) Fix {
	if source := p.File.Source.Text(); bytes.Contains(source, []byte("| None")) && !bytes.Contains(source, []byte("Optional[")) {
		text := input.Type + " | None"
		return Fix{Title: "Write " + text, Edits: []Edit{p.Edit(input.TypeSpan, text)}}
	}
	text := "Optional[" + input.Type + "]"
	return Fix{Title: "Write " + text, Edits: append([]Edit{p.Edit(input.TypeSpan, text)}, p.AddImportFrom("typing", "Optional")...)}
}
