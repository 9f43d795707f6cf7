package analysis

import (
	"fmt"
	"strings"
)

var _ = register(&Rule{
	Code:     "resources-type",
	Summary:  "A resource is of a type that Resources doesn't take.",
	Details:  "A quantity is a text or a number: a float for cpu only. A pair of a request and a limit has two of them. flytekit raises \"... should be of type str, int or a list/tuple of str, int\", or \"... must be of length 2\", when the module is imported.",
	Severity: Error,
	Stage:    AtImport,
	Source:   "resources.py:Resources.__post_init__",
	Bad: `from flytekit import Resources, task


@task(requests=Resources(cpu="1", mem=«0.5»))
def train(epochs: int) -> int:
    return epochs
`,
	Good: `from flytekit import Resources, task


@task(requests=Resources(cpu="1", mem="500Mi"))
def train(epochs: int) -> int:
    return epochs
`,
	check: func(p *pass) {
		for _, call := range p.calls(resourcesClass) {
			for i, field := range resourceFields {
				given, ok := call.Arg(i, field.name)
				if !ok || given.Expr == nil || !p.stands(given.Expr) {
					continue
				}
				takes := strings.Join(field.types, " or ")
				elements, known := elementsOf(given.Value, given.Expr)
				if !known {
					if p.isNot(given.Value, append([]string{"types.NoneType", "list", "tuple"}, field.types...)...) {
						p.report(given.Expr.Span(), fmt.Sprintf("%s takes a %s, or a pair of them, and this is %s", field.name, takes, given.Value.Describe())).unless(call.Certain)
					}
					continue
				}
				if len(elements) != 2 {
					p.report(given.Expr.Span(), fmt.Sprintf("%s takes a request and a limit, and these are %d values", field.name, len(elements))).unless(call.Certain)
				}
				for _, element := range elements {
					if p.isNot(element.Value, field.types...) {
						p.report(element.Expr.Span(), fmt.Sprintf("%s takes a %s, and this is %s", field.name, takes, element.Value.Describe())).unless(call.Certain)
					}
				}
			}
		}
	},
})
