package analysis

var _ = register(&Rule{
	Code:     "imperative-output-type",
	Summary:  "An output of an imperative workflow needs its python_type.",
	Details:  `Without python_type, flytekit takes the type of the node's output that is given. A list or a dict has none, and neither has an input of the workflow: "you must specify the python_type type", or an AttributeError.`,
	Severity: Error,
	Stage:    AtImport,
	Source:   "workflow.py:ImperativeWorkflow.add_workflow_output",
	Bad: `from flytekit import Workflow, task


@task
def double(number: int) -> int:
    return 2 * number


doubled = Workflow(name="doubled")
node = doubled.add_entity(double, number=doubled.add_workflow_input("number", int))
doubled.add_workflow_output("all", «[node.outputs["o0"]]»)
`,
	Good: `from typing import List

from flytekit import Workflow, task


@task
def double(number: int) -> int:
    return 2 * number


doubled = Workflow(name="doubled")
node = doubled.add_entity(double, number=doubled.add_workflow_input("number", int))
doubled.add_workflow_output("all", [node.outputs["o0"]], python_type=List[int])
`,
	check: remarked,
})
