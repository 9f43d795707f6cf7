package analysis

import (
	"fmt"
	"strings"

	"github.com/flyte-lsp/flyte-lsp/parser/ast"
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
			wrong := func(expr ast.Expr, message string, args ...any) {
				if expr != nil && p.Stands(expr) {
					p.report(expr.Span(), fmt.Sprintf(message, args...)).unless(call.Certain)
				}
			}
			for i, field := range resourceFields {
				given, ok := call.Arg(i, field.name)
				if !ok {
					continue
				}
				takes := strings.Join(field.types, " or ")
				elements, known := elementsOf(given.Value, given.Expr)
				if !known {
					if p.isNot(given.Value, append([]string{"types.NoneType", "list", "tuple"}, field.types...)...) {
						wrong(given.Expr, "%s takes a %s, or a pair of them, and this is %s", field.name, takes, given.Value.Describe())
					}
					continue
				}
				if len(elements) != 2 {
					wrong(given.Expr, "%s takes a request and a limit, and these are %d values", field.name, len(elements))
				}
				for _, element := range elements {
					if p.isNot(element.Value, field.types...) {
						wrong(element.Expr, "%s takes a %s, and this is %s", field.name, takes, element.Value.Describe())
					}
				}
			}
		}
	},
})
