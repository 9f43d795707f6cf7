package analysis

// syntaxError: the file can't be imported at all.
var syntaxError = &Rule{
	Code:     "syntax-error",
	Summary:  "The file doesn't parse.",
	When:     "Python's compiler rejects it when the module is imported.",
	Severity: Error,
	check: func(p *pass) {
		for _, wrong := range p.file.Errors {
			p.report(wrong.Span, wrong.Message)
		}
	},
}
