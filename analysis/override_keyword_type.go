package analysis

import (
	"fmt"
)

var _ = register(&Rule{
	Code:     "override-keyword-type",
	Summary:  "with_overrides is given a value of a wrong type.",
	Details:  "aliases is a dict of output names by new names: flytekit raises \"Aliases should be specified as dict[str, str]\" when the workflow is compiled. (For requests, limits and others see their own rules.)",
	Severity: Error,
	Stage:    AtRegister,
	Source:   "node.py:Node.with_overrides",
	Bad: `from flytekit import task, workflow


@task
def train(epochs: int) -> int:
    return epochs


@workflow
def flow(epochs: int = 1):
    train(epochs=epochs).with_overrides(aliases=«["trained"]»)
`,
	Good: `from flytekit import task, workflow


@task
def train(epochs: int) -> int:
    return epochs


@workflow
def flow(epochs: int = 1):
    train(epochs=epochs).with_overrides(aliases={"o0": "trained"})
`,
	check: func(p *pass) {
		p.eachSettings(func(s *settings) {
			if aliases, given := s.get("aliases"); given && s.overrides() && p.isNot(aliases.Value, "dict") {
				s.reportValue(aliases.Expr, fmt.Sprintf("aliases is a dict of texts by texts, and this is %s", aliases.Value.Describe()))
			}
		})
	},
})
