package analysis

import (
	"strings"

	"github.com/flyte-lsp/flyte-lsp/parser"
)

var _ = register(&Rule{
	Code:     "entity-outside-workflow",
	Summary:  "A task or workflow is called at the module's own level.",
	Details:  "create_node makes a node of a workflow that is compiled, and raises \"Cannot use explicit run to call Flyte entities\" elsewhere. A task or a workflow that is called at the module's level runs whenever the module is imported: when it is registered, and in each container. Call it in a workflow, or below `if __name__ == \"__main__\":`.",
	Severity: Warning,
	Stage:    NeverFails,
	Source:   "node_creation.py:create_node",
	Bad: `from flytekit import task


@task
def double(number: int) -> int:
    return 2 * number


result = «double»(number=1)
`,
	Good: `from flytekit import task


@task
def double(number: int) -> int:
    return 2 * number


if __name__ == "__main__":
    print(double(number=1))
`,
	check: outsideWorkflows,
})

// outsideWorkflows reports what the model has remarked: create_node raises an
// error, a call doesn't. In a notebook it is how an entity is run.
func outsideWorkflows(p *pass) {
	for _, remark := range p.remarked() {
		creates := strings.HasPrefix(remark.Message, "create_node")
		if !creates && parser.IsNotebook(p.File.Path) {
			continue
		}
		if d := p.reportRemark(remark); creates && remark.Certain {
			d.Severity = Error
		}
	}
}
