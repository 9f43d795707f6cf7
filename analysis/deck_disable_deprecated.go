package analysis

import "github.com/flyte-lsp/flyte-lsp/pyeval"

var _ = register(&Rule{
	Code:       "deck-disable-deprecated",
	Summary:    "disable_deck is deprecated.",
	Details:    "flytekit warns: `disable_deck was deprecated in 1.10.0, please use enable_deck instead`. Decks are off unless `enable_deck=True` is given.",
	Severity:   Warning,
	Stage:      NeverFails,
	Source:     "base_task.py:PythonTask.__init__",
	Deprecated: true,
	Bad: `from flytekit import task


@task(«disable_deck»=False)
def double(number: int) -> int:
    return 2 * number
`,
	Fixed: `from flytekit import task


@task(enable_deck=True)
def double(number: int) -> int:
    return 2 * number
`,
	check: func(p *pass) {
		p.eachSettings(func(s *settings) {
			disable, ok := s.get("disable_deck")
			if !ok || s.has("enable_deck") || s.of == eagerDecorator {
				return
			}
			d := s.reportName(disable, "disable_deck is deprecated: give enable_deck")
			keyword, _ := s.keyword(disable)
			off, isBool := disable.Value.(pyeval.Bool)
			if keyword == nil || !isBool || !isLiteral(disable.Expr) {
				return
			}
			text := "False"
			if !off {
				text = "True"
			}
			d.Fixes = append(d.Fixes, Fix{Title: "Replace it with enable_deck=" + text, Edits: []Edit{p.Edit(keyword.Span(), "enable_deck="+text)}, Safe: true})
		})
	},
})
