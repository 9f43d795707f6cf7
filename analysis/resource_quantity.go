package analysis

import (
	"fmt"

	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

var _ = register(&Rule{
	Code:     "resource-quantity",
	Summary:  "A quantity isn't one that Kubernetes reads.",
	Details:  "A quantity is a number with n, u, m, k, M, G, T, P, E, Ki, Mi, Gi, Ti, Pi, Ei or an exponent behind it, without a space. The backend refuses the task: \"Parsing of MEMORY request failed for value 500MB ... Please follow K8s conventions for resources\". It doesn't look at what with_overrides gives, or at a pod template: then the pod can't be made.",
	Severity: Error,
	Stage:    AtBackend,
	Source:   "flyteadmin/pkg/manager/impl/validation/task_validator.go:validateTaskResources",
	Bad: `from flytekit import Resources, task


@task(requests=Resources(cpu="1", mem=«"500MB"»))
def train(epochs: int) -> int:
    return epochs
`,
	Fixed: `from flytekit import Resources, task


@task(requests=Resources(cpu="1", mem="500M"))
def train(epochs: int) -> int:
    return epochs
`,
	check: func(p *pass) {
		p.eachResources(func(a *asked) {
			for _, q := range quantitiesOf(a.object) {
				for _, value := range []*pyeval.Named{q.request, q.limit} {
					if value == nil {
						continue
					}
					text, ok := value.Value.(pyeval.Str)
					if _, fits := parsed(value); !ok || fits || text == "" {
						continue
					}
					d := a.reportValue(value.Expr, fmt.Sprintf("%q is no quantity of Kubernetes: a number with m, k, M, G, T, Ki, Mi, Gi or Ti behind it", string(text)))
					d.unless(a.registered())
					if meant := nearestQuantity(q.name, string(text)); meant != "" && isLiteral(value.Expr) {
						p.replace(d, value.Expr, "Write "+meant, `"`+meant+`"`, true)
					}
				}
			}
		})
	},
})
