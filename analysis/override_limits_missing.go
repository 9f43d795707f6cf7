package analysis

var _ = register(&Rule{
	Code:     "override-limits-missing",
	Summary:  "with_overrides gives requests without limits.",
	Details:  "The limits of the task stay, and requests above them are cut down to them: flytekit warns \"Requests are clamped to original limits\". Give both, or resources=.",
	Severity: Warning,
	Stage:    NeverFails,
	Source:   "node.py:Node.with_overrides",
	Bad: `from flytekit import Resources, task, workflow


@task
def train(epochs: int) -> int:
    return epochs


@workflow
def flow(epochs: int = 1) -> int:
    return train(epochs=epochs).with_overrides(«requests»=Resources(cpu="2"))
`,
	Fixed: `from flytekit import Resources, task, workflow


@task
def train(epochs: int) -> int:
    return epochs


@workflow
def flow(epochs: int = 1) -> int:
    return train(epochs=epochs).with_overrides(requests=Resources(cpu="2"), limits=Resources(cpu="2"))
`,
	check: func(p *pass) {
		p.eachSettings(func(s *settings) {
			requests, given := s.get("requests")
			if !given || !s.overrides() || s.open || s.has("limits") || s.has("resources") {
				return
			}
			d := s.reportName(requests, "the limits stay those of the task, and requests above them are cut down: give limits too")
			if s.call != nil && s.Stands(s.call) && requests.Expr != nil && s.Stands(requests.Expr) {
				d.Fixes = append(d.Fixes, Fix{Title: "Add limits", Edits: []Edit{p.AddArgument(s.call, "limits="+p.Text(requests.Expr.Span()))}})
			}
		})
	},
})
