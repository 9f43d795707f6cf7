package analysis

var _ = register(&Rule{
	Code:     "resources-both",
	Summary:  "Resources are given by resources, and by requests or limits too.",
	Details:  "resources= stands for both. flytekit raises \"`resource` can not be used together with the `limits` or `requests`\": when the module is imported, and for with_overrides when the workflow is compiled.",
	Severity: Error,
	Stage:    AtImport,
	Source:   "python_auto_container.py:PythonAutoContainerTask.__init__",
	Bad: `from flytekit import Resources, task


@task(resources=Resources(cpu="1"), «requests»=Resources(mem="1Gi"))
def train(epochs: int) -> int:
    return epochs
`,
	Good: `from flytekit import Resources, task


@task(resources=Resources(cpu="1", mem="1Gi"))
def train(epochs: int) -> int:
    return epochs
`,
	check: func(p *pass) {
		p.eachSettings(func(s *settings) {
			resources, both := s.get("resources")
			if !both || unknown(resources.Value) {
				return
			}
			for _, name := range []string{"requests", "limits"} {
				if setting, given := s.get(name); given && !unknown(setting.Value) {
					s.reportName(setting, "resources stands for requests and limits: give it alone")
				}
			}
		})
	},
})
