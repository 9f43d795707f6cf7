package analysis

var _ = register(&Rule{
	Code:     "lp-duplicate",
	Summary:  "Two launch plans have the same name.",
	Details:  "`LaunchPlan.create` makes a name once only. `LaunchPlan.get_or_create` gives the launch plan that has the name, if its workflow and its settings are the same; else flytekit raises \"Trying to create two launch plans\" when the module is imported.",
	Severity: Error,
	Stage:    AtImport,
	Source:   "launch_plan.py:LaunchPlan.get_or_create",
	Bad: `from flytekit import LaunchPlan, task, workflow


@task
def train(epochs: int) -> int:
    return epochs


@workflow
def flow(epochs: int) -> int:
    return train(epochs=epochs)


short = LaunchPlan.get_or_create(flow, "nightly", default_inputs={"epochs": 5})
long = LaunchPlan.get_or_create(flow, "nightly", default_inputs=«{"epochs": 50}»)
`,
	Good: `from flytekit import LaunchPlan, task, workflow


@task
def train(epochs: int) -> int:
    return epochs


@workflow
def flow(epochs: int) -> int:
    return train(epochs=epochs)


short = LaunchPlan.get_or_create(flow, "nightly", default_inputs={"epochs": 5})
long = LaunchPlan.get_or_create(flow, "weekly", default_inputs={"epochs": 50})
`,
	check: remarked,
})
