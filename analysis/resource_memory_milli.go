package analysis

import (
	"fmt"
	"strings"

	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

var _ = register(&Rule{
	Code:     "resource-memory-milli",
	Summary:  "Memory is given in thousandths of a byte.",
	Details:  "The suffix m means a thousandth, of bytes too: \"500m\" of memory is half a byte, with which no container starts. Write M or Mi.",
	Severity: Warning,
	Stage:    NeverFails,
	Source:   "Kubernetes' resource.Quantity",
	Bad: `from flytekit import Resources, task


@task(requests=Resources(cpu="1", mem=«"500m"»))
def train(epochs: int) -> int:
    return epochs
`,
	Fixed: `from flytekit import Resources, task


@task(requests=Resources(cpu="1", mem="500Mi"))
def train(epochs: int) -> int:
    return epochs
`,
	check: func(p *pass) {
		p.eachResources(func(a *asked) {
			for _, q := range quantitiesOf(a.object) {
				if q.name != "mem" && q.name != "ephemeral_storage" {
					continue
				}
				for _, value := range []*pyeval.Named{q.request, q.limit} {
					if _, fits := parsed(value); !fits {
						continue
					}
					text, _ := value.Value.(pyeval.Str)
					if number, milli := strings.CutSuffix(string(text), "m"); milli {
						d := a.reportValue(value.Expr, fmt.Sprintf("%q is %s thousandths of a byte", string(text), number))
						if isLiteral(value.Expr) {
							p.replace(d, value.Expr, "Write "+number+"Mi", `"`+number+`Mi"`, false)
						}
					}
				}
			}
		})
	},
})
