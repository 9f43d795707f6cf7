package analysis

var _ = register(&Rule{
	Code:     "syntax-error",
	Summary:  "The file doesn't parse.",
	Details:  "Python's compiler rejects the file when the module is imported.",
	Severity: Error,
	Stage:    AtImport,
	Source:   "Python's compiler",
	Bad: `from flytekit import task


@task
def double(number: int) -> int:
    return 2 «*»
`,
	Good: `from flytekit import task


@task
def double(number: int) -> int:
    return 2 * number
`,
	check: func(p *pass) {
		for _, wrong := range p.File.Errors {
			p.report(wrong.Span, wrong.Message)
		}
	},
})
