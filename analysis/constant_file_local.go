package analysis

import (
	"fmt"

	"github.com/flyte-lsp/flyte-lsp/model"
)

var _ = register(&Rule{
	Code:     "constant-file-local",
	Summary:  "A workflow gives a file or a folder of the machine that registers it.",
	Details:  "A path without a protocol is looked for on the machine that compiles the workflow: flytekit uploads what it finds there at that moment, and the workflow has this copy from then on, or it fails if there is none. Let the workflow have an input for it, or write the address of the file in the store.",
	Severity: Warning,
	Stage:    NeverFails,
	Source:   "types/file/file.py:FlyteFilePathTransformer.async_to_literal",
	Bad: `from flytekit import task, workflow
from flytekit.types.file import FlyteFile


@task
def size(data: FlyteFile) -> int:
    return len(open(data).read())


@workflow
def flow() -> int:
    return size(data=«"data.csv"»)
`,
	Good: `from flytekit import task, workflow
from flytekit.types.file import FlyteFile


@task
def size(data: FlyteFile) -> int:
    return len(open(data).read())


@workflow
def flow(data: FlyteFile) -> int:
    return size(data=data)
`,
	check: func(p *pass) {
		for _, m := range p.misfits() {
			if m.returned || m.inDynamic {
				continue
			}
			p.report(m.span, fmt.Sprintf("%s is read on the machine that registers the workflow, once", m.Said))
		}
		for _, entity := range p.Module.Entities {
			if entity.Kind != model.Workflow || entity.Opaque != "" {
				continue
			}
			for _, input := range entity.Inputs {
				if input.DefaultValue == nil || input.DefaultSpan.End == 0 {
					continue
				}
				for _, mistake := range p.Module.Mistakes(model.Binding{Name: input.Name, Value: input.DefaultValue, Variable: input}) {
					if mistake.Code == p.rule.Code {
						p.report(input.DefaultSpan, fmt.Sprintf("%s is read on the machine that registers the workflow, once", mistake.Said))
					}
				}
			}
		}
	},
})
