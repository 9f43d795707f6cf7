package analysis

import (
	"fmt"

	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

var _ = register(&Rule{
	Code:     "resources-not-string",
	Summary:  "A quantity of a task's resources is a number.",
	Details:  "Resources takes numbers, but the decorator of a task doesn't serialize them: protobuf raises a TypeError when the task is registered. Write a text: \"1\", \"500m\", \"1Gi\". (with_overrides takes numbers.)",
	Severity: Error,
	Stage:    AtRegister,
	Source:   "python_auto_container.py:PythonAutoContainerTask",
	Bad: `from flytekit import Resources, task


@task(requests=Resources(cpu=«1», mem="1Gi"))
def train(epochs: int) -> int:
    return epochs
`,
	Fixed: `from flytekit import Resources, task


@task(requests=Resources(cpu="1", mem="1Gi"))
def train(epochs: int) -> int:
    return epochs
`,
	check: func(p *pass) {
		p.eachResources(func(a *asked) {
			if !a.registered() {
				return
			}
			for _, q := range quantitiesOf(a.object) {
				for _, value := range []*pyeval.Named{q.request, q.limit} {
					if value != nil && isTrue(value.Value) && isNumber(value.Value, q.name == "cpu") {
						d := a.reportValue(value.Expr, fmt.Sprintf("%s is a number, and tasks are registered with texts only: quote it", q.name))
						p.quote(d, value.Expr)
					}
				}
			}
		})
	},
})

func isNumber(value pyeval.Value, floats bool) bool {
	switch value.(type) {
	case pyeval.Int, pyeval.Bool:
		return true
	case pyeval.Float:
		return floats // others are of a wrong type
	}
	return false
}
