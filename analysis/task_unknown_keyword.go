package analysis

import "fmt"

var _ = register(&Rule{
	Code:     "task-unknown-keyword",
	Summary:  "A task's decorator is given a keyword that it doesn't know.",
	Details:  "flytekit raises `ValueError: Unrecognized argument(s) for task` when the module is imported. The same holds for `@dynamic` and for the tasks of an `Environment`.",
	Severity: Error,
	Stage:    AtImport,
	Source:   "task.py:task",
	Bad: `from flytekit import task


@task(«retry»=3)
def double(number: int) -> int:
    return 2 * number
`,
	Fixed: `from flytekit import task


@task(retries=3)
def double(number: int) -> int:
    return 2 * number
`,
	check: func(p *pass) {
		p.eachSettings(func(s *settings) {
			if s.task() {
				s.unknownKeywords(func(name string) string {
					return fmt.Sprintf("a task has no setting %s", name)
				})
			}
		})
	},
})
