package analysis

import "github.com/flyte-lsp/flyte-lsp/model"

var _ = register(&Rule{
	Code:     "task-star-args",
	Summary:  "A task takes any number of positional inputs.",
	Details:  "flytekit takes `*numbers: int` for one input named numbers, and calls the function with that by its name: Python raises a TypeError when the task runs. Take a list.",
	Severity: Error,
	Stage:    AtRun,
	Source:   "python_function_task.py:PythonFunctionTask.execute",
	Bad: `from flytekit import task


@task
def total(«*numbers: int») -> int:
    return sum(numbers)


def run():
    total(numbers=1)
`,
	Good: `from typing import List

from flytekit import task


@task
def total(numbers: List[int]) -> int:
    return sum(numbers)
`,
	check: func(p *pass) {
		p.reportStars("a task's inputs are given by name: take a list", model.Task, model.Dynamic, model.Eager)
	},
})
