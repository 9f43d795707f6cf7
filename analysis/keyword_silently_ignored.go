package analysis

import (
	"fmt"
)

var _ = register(&Rule{
	Code:     "keyword-silently-ignored",
	Summary:  "A keyword has no effect, as what takes it doesn't know it.",
	Details:  "`@eager`, `map_task`, `ContainerTask`, `ShellTask` and `with_overrides` take any keyword, and drop those that they don't know without a word: `@eager(retries=3)` isn't retried. Give the settings to a task that knows them, or override them at the call with `with_overrides`.",
	Severity: Warning,
	Stage:    NeverFails,
	Source:   "base_task.py:Task.__init__",
	Bad: `from flytekit import task, workflow


@task
def double(number: int) -> int:
    return 2 * number


@workflow
def flow(number: int) -> int:
    return double(number=number).with_overrides(«retry»=3)
`,
	Fixed: `from flytekit import task, workflow


@task
def double(number: int) -> int:
    return 2 * number


@workflow
def flow(number: int) -> int:
    return double(number=number).with_overrides(retries=3)
`,
	check: func(p *pass) {
		p.eachSettings(func(s *settings) {
			if of := signatureOf(s.of); of == nil || !of.open || s.task() {
				return
			}
			taker := nameOf(s.of)
			s.unknownKeywords(func(name string) string {
				return fmt.Sprintf("%s has no effect: %s doesn't know it, and drops it without a word", name, taker)
			})
		})
	},
})
