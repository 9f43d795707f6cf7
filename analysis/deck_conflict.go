package analysis

var _ = register(&Rule{
	Code:     "deck-conflict",
	Summary:  "Both disable_deck and enable_deck are given.",
	Details:  "flytekit raises `ValueError: only one of [disable_deck, enable_deck] can be set` when the module is imported, whatever they say. An eager workflow has `enable_deck=True` by itself.",
	Severity: Error,
	Stage:    AtImport,
	Source:   "base_task.py:PythonTask.__init__",
	Bad: `from flytekit import task


@task(«disable_deck»=False, enable_deck=True)
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
			disable, disables := s.get("disable_deck")
			enable, enables := s.get("enable_deck")
			message := "disable_deck can't stand beside enable_deck"
			if s.of == eagerDecorator {
				enables, message = true, "an eager workflow has a deck by itself: disable_deck can't be given"
			}
			if !disables || !enables || unknown(disable.Value) || unknown(enable.Value) && s.of != eagerDecorator {
				return
			}
			d := s.reportName(disable, message).unless(s.plain())
			if keyword, call := s.keyword(disable); keyword != nil {
				opposite := isTrue(disable.Value) && isFalse(enable.Value) || isFalse(disable.Value) && isTrue(enable.Value)
				d.Fixes = append(d.Fixes, Fix{Title: "Remove disable_deck", Edits: []Edit{p.RemoveArgument(call, keyword)}, Safe: opposite})
			}
		})
	},
})
