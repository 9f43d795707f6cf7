package analysis

import (
	"fmt"

	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

var _ = register(&Rule{
	Code:     "resource-gpu",
	Summary:  "GPUs are given in parts, or with another limit than request.",
	Details:  "The backend refuses the task: \"gpu must be a whole number\", or \"For extended resource 'gpu' the default value must equal the limit value\".",
	Severity: Error,
	Stage:    AtBackend,
	Source:   "flyteadmin/pkg/manager/impl/validation/task_validator.go:validateResource",
	Bad: `from flytekit import Resources, task


@task(requests=Resources(gpu=«"1"»), limits=Resources(gpu="2"))
def train(epochs: int) -> int:
    return epochs
`,
	Good: `from flytekit import Resources, task


@task(requests=Resources(gpu="1"), limits=Resources(gpu="1"))
def train(epochs: int) -> int:
    return epochs
`,
	check: func(p *pass) {
		p.eachResources(func(a *asked) {
			for _, q := range quantitiesOf(a.object) {
				for _, value := range []*pyeval.Named{q.request, q.limit} {
					if number, ok := parsed(value); ok && q.name == "gpu" && number.MilliValue()%1000 != 0 && a.registered() {
						a.reportValue(value.Expr, fmt.Sprintf("%s of a GPU can't be had: only whole ones", number.String()))
					}
				}
			}
		})
		p.eachLimited(func(s *settings, q quantity) {
			request, ok := parsed(q.request)
			limit, ok2 := parsed(q.limit)
			if ok && ok2 && q.name == "gpu" && limit.Value() != request.Value() {
				s.reportValue(q.request.Expr, fmt.Sprintf("the request of %s GPUs must be the limit, which is %s", request.String(), limit.String()))
			}
		})
	},
})
