package analysis

import "github.com/flyte-lsp/flyte-lsp/parser"

var _ = register(&Rule{
	Code:     "conditional-compare-none",
	Summary:  "A conditional compares with None.",
	Details:  "The conditions of the backend have no None: it misses the value of the comparison. Locally it works. Ask in a task that returns a bool.",
	Severity: Error,
	Stage:    AtBackend,
	Source:   "flytepropeller/pkg/compiler/validators/condition.go",
	Backend:  "ValueRequired",
	Bad: `from typing import Optional

from flytekit import conditional, task, workflow


@task
def double(number: int) -> int:
    return 2 * number


@workflow
def flow(limit: Optional[int] = None) -> int:
    return conditional("which").if_(«limit.is_none()»).then(double(number=1)).else_().then(double(number=2))
`,
	Good: `from typing import Optional

from flytekit import conditional, task, workflow


@task
def double(number: int) -> int:
    return 2 * number


@task
def is_missing(limit: Optional[int] = None) -> bool:
    return limit is None


@workflow
def flow(limit: Optional[int] = None) -> int:
    missing = is_missing(limit=limit)
    return conditional("which").if_(missing.is_true()).then(double(number=1)).else_().then(double(number=2))
`,
	check: compareNone,
})

func compareNone(p *pass) {
	p.eachComparison(func(c *comparison) {
		if isNone(c.Left.Value) || isNone(c.Right.Value) {
			p.report(parser.Span(c.Span), "the backend compares nothing with None: ask in a task that returns a bool", p.origins(c)...).unless(c.certain)
		}
	})
}
