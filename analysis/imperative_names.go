package analysis

var _ = register(&Rule{
	Code:     "imperative-names",
	Summary:  "An input or output of an imperative workflow is there twice, isn't there, or has no name of Python's.",
	Details:  `Inputs and outputs of an imperative workflow have names of their own, which are identifiers of Python: "Input number has already been specified", "Input name must be a valid Python identifier". The inputs of the workflow, and the outputs of its nodes, are looked up in a dict, which raises a KeyError for another name.`,
	Severity: Error,
	Stage:    AtImport,
	Source:   "workflow.py:ImperativeWorkflow.add_workflow_input",
	Bad: `from flytekit import Workflow, task


@task
def double(number: int) -> int:
    return 2 * number


doubled = Workflow(name="doubled")
doubled.add_workflow_input("number", int)
doubled.add_workflow_input(«"number"», int)
doubled.add_entity(double, number=doubled.inputs["number"])
`,
	Good: `from flytekit import Workflow, task


@task
def double(number: int) -> int:
    return 2 * number


doubled = Workflow(name="doubled")
doubled.add_workflow_input("number", int)
doubled.add_entity(double, number=doubled.inputs["number"])
`,
	check: remarked,
})
