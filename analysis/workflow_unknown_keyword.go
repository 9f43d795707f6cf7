package analysis

import "fmt"

var _ = register(&Rule{
	Code:     "workflow-unknown-keyword",
	Summary:  "A workflow's decorator is given a keyword that it doesn't know.",
	Details:  "`@workflow` takes `failure_policy`, `interruptible`, `on_failure`, `docs`, `pickle_untyped` and `default_options`. Python raises `TypeError: workflow() got an unexpected keyword argument` for others when the module is imported. What a task has, such as `retries` or `cache`, belongs to the tasks of the workflow.",
	Severity: Error,
	Stage:    AtImport,
	Source:   "workflow.py:workflow",
	Bad: `from flytekit import task, workflow


@task
def double(number: int) -> int:
    return 2 * number


@workflow(«interruptable»=True)
def flow(number: int) -> int:
    return double(number=number)
`,
	Fixed: `from flytekit import task, workflow


@task
def double(number: int) -> int:
    return 2 * number


@workflow(interruptible=True)
def flow(number: int) -> int:
    return double(number=number)
`,
	check: func(p *pass) {
		p.eachSettings(func(s *settings) {
			if s.of == workflowDecorator || s.of == imperativeClass {
				s.unknownKeywords(func(name string) string {
					return fmt.Sprintf("a workflow has no setting %s", name)
				})
			}
		})
	},
})
