package analysis

import (
	"fmt"
)

var _ = register(&Rule{
	Code:     "resources-pair-in-requests",
	Summary:  "A pair of a request and a limit is given to requests or limits.",
	Details:  "requests= and limits= take one value of each resource. flytekit raises \"... can not be a list or tuple\" when the task is registered. Give the pair to resources=.",
	Severity: Error,
	Stage:    AtRegister,
	Source:   "resources.py:_check_resource_is_singular",
	Bad: `from flytekit import Resources, task


@task(requests=Resources(cpu=«("1", "2")»))
def train(epochs: int) -> int:
    return epochs
`,
	Fixed: `from flytekit import Resources, task


@task(resources=Resources(cpu=("1", "2")))
def train(epochs: int) -> int:
    return epochs
`,
	check: func(p *pass) {
		p.eachResources(func(a *asked) {
			if a.setting == "resources" {
				return
			}
			for _, q := range quantitiesOf(a.object) {
				if q.limit == nil {
					continue
				}
				d := a.reportValue(q.value.Expr, fmt.Sprintf("%s takes one value for %s: give the pair to resources", a.setting, q.name)).unless(a.plain())
				other := map[string]string{"requests": "limits", "limits": "requests"}[a.setting]
				setting, _ := a.get(a.setting)
				if keyword, _ := a.keyword(setting); keyword != nil && !a.has(other) && !a.has("resources") {
					d.Fixes = append(d.Fixes, Fix{Title: "Give it to resources", Edits: []Edit{p.Edit(keyword.ArgSpan, "resources")}, Safe: true})
				}
			}
		})
	},
})
