package analysis

var _ = register(&Rule{
	Code:     "promise-assign",
	Summary:  "A part of a promise is set or deleted.",
	Details:  "When a workflow is compiled a promise has no value that could be changed: `p[0] = 1` and `del p[0]` raise a TypeError, and `p.x = 1` sets an attribute of the promise that nobody reads. Change the value in a task.",
	Severity: Error,
	Stage:    AtRegister,
	Source:   "promise.py:Promise",
	Bad: `from typing import Dict

from flytekit import task, workflow


@task
def options() -> Dict[str, int]:
    return {"epochs": 1}


@workflow
def flow() -> Dict[str, int]:
    chosen = options()
    «chosen["epochs"]» = 2
    return chosen
`,
	Good: `from typing import Dict

from flytekit import task, workflow


@task
def options(epochs: int) -> Dict[str, int]:
    return {"epochs": epochs}


@workflow
def flow() -> Dict[str, int]:
    return options(epochs=2)
`,
	check: func(p *pass) {
		for _, remark := range p.remarked() {
			if d := p.reportRemark(remark); !remark.Rejects {
				d.Severity = Warning
			}
		}
	},
})
