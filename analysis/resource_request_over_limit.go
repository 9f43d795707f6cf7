package analysis

import (
	"fmt"
)

var _ = register(&Rule{
	Code:     "resource-request-over-limit",
	Summary:  "A task requests more than its limit.",
	Details:  "The backend refuses the task: \"Requested MEMORY default [2Gi] is greater than the limit [1Gi]\". Of cpu it compares whole cores, rounded up.",
	Severity: Error,
	Stage:    AtBackend,
	Source:   "flyteadmin/pkg/manager/impl/validation/task_validator.go:validateResource",
	Bad: `from flytekit import Resources, task


@task(requests=Resources(mem=«"2Gi"»), limits=Resources(mem="1Gi"))
def train(epochs: int) -> int:
    return epochs
`,
	Good: `from flytekit import Resources, task


@task(requests=Resources(mem="1Gi"), limits=Resources(mem="2Gi"))
def train(epochs: int) -> int:
    return epochs
`,
	check: func(p *pass) {
		p.eachLimited(func(s *settings, q quantity) {
			request, ok := parsed(q.request)
			limit, ok2 := parsed(q.limit)
			if ok && ok2 && q.name != "gpu" && limit.Value() < request.Value() {
				s.reportValue(q.request.Expr, fmt.Sprintf("%s of %s is more than the limit of %s", q.name, request.String(), limit.String()))
			}
		})
	},
})

// eachLimited gives the resources of each task that has a request and a limit.
func (p *pass) eachLimited(f func(*settings, quantity)) {
	limits := map[*settings][]quantity{}
	p.eachResources(func(a *asked) {
		if !a.registered() {
			return
		}
		for _, q := range quantitiesOf(a.object) {
			switch {
			case a.setting == "resources":
				f(a.settings, q)
			case a.setting == "requests":
				limits[a.settings] = append(limits[a.settings], q)
			case a.setting == "limits" && q.limit == nil:
				for _, requested := range limits[a.settings] {
					if requested.name == q.name && requested.limit == nil {
						f(a.settings, quantity{name: q.name, request: requested.request, limit: q.request})
					}
				}
			}
		}
	})
}
