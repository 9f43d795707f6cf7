package rulebook

import (
	"fmt"
	"strings"
)

// generated stands at the top of each page.
const generated = "<!-- Made by go generate from the rules in analysis/. -->\n\n"

// Page is the rule's page, as Markdown.
func (e *Entry) Page() string {
	var page strings.Builder
	fmt.Fprintf(&page, "%s# %s\n\n%s\n\n", generated, e.Code, e.Summary)
	fmt.Fprintf(&page, "| | |\n|---|---|\n")
	fmt.Fprintf(&page, "| severity | %s |\n", e.Severity)
	fmt.Fprintf(&page, "| comes to light without flyte-lsp | %s |\n", moments[e.Stage])
	if e.OfModules {
		fmt.Fprintf(&page, "| in notebooks | nothing is found |\n")
	}
	fmt.Fprintf(&page, "| source | %s |\n", cell(e.Source))
	if e.Backend != "" {
		fmt.Fprintf(&page, "| the backend's code | `%s` |\n", e.Backend)
	}
	fmt.Fprintf(&page, "| fix | %s |\n\n", cell(strings.ReplaceAll(e.fixWords(), "flyte-lsp check --fix", "`flyte-lsp check --fix`")))
	fmt.Fprintf(&page, "%s\n\n## Wrong\n\n%s", e.Details, code("python", underlined(e.Bad, e.marked)))
	for _, message := range e.Messages {
		fmt.Fprintf(&page, "\n> %s: %s\n", e.Severity, strings.ReplaceAll(message, "\n", "\n> "))
	}
	fmt.Fprintf(&page, "\n## Right\n\n%s", code("python", e.Good))
	if e.Fixed != "" && e.Fixed != e.Good {
		fmt.Fprintf(&page, "\n## Fixed\n\n\"%s\" makes this of it:\n\n%s", e.Fix, code("python", e.Fixed))
	}
	fmt.Fprintf(&page, "\n## Not here\n\nIn one line, with a comment: `# flyte: ignore[%s]`. In a project, in `pyproject.toml`:\n\n%s", e.Code,
		code("toml", fmt.Sprintf("[tool.flyte-lsp.rules]\n%q = \"off\"\n", e.Code)))
	return page.String()
}

// code is a block of code.
func code(language, text string) string {
	return fmt.Sprintf("```%s\n%s\n```\n", language, strings.TrimRight(text, "\n"))
}

// cell is a text in a cell of a table.
func cell(text string) string {
	return strings.NewReplacer("|", `\|`, "\n", " ").Replace(text)
}

// Index is the page that lists the others, by section.
func Index(entries []*Entry) string {
	var page strings.Builder
	fmt.Fprintf(&page, "%s# Rules\n\n", generated)
	counts := map[string]int{}
	for _, entry := range entries {
		counts[entry.Severity]++
	}
	fmt.Fprintf(&page, "flyte-lsp has %d rules: %d errors, %d warnings and %d hints.\n\n", len(entries), counts["error"], counts["warning"], counts["hint"])
	page.WriteString("An error certainly fails: flytekit or the backend rejects it, or the run fails. Where a place may not be reached, it is a warning. " +
		"A warning may fail, or does what one doesn't expect. A hint could be better. Where the source doesn't tell, nothing is said.\n\n" +
		"`flyte-lsp rules CODE` explains a rule in the terminal; `# flyte: ignore[CODE]` in a line hides what is found there; " +
		"the table `[tool.flyte-lsp.rules]` of `pyproject.toml` gives codes, or beginnings as `\"cache-*\"`, another severity or `\"off\"`.\n\n" +
		"The column \"fix\" has ✔ for a fix that is made on save and by `flyte-lsp check --fix`, and ✎ for one that the editor offers.\n")
	for _, chapter := range Sections(entries) {
		fmt.Fprintf(&page, "\n## %s\n\n| code | what is wrong | severity | comes to light at | fix |\n|---|---|---|---|---|\n", chapter.Title)
		for _, entry := range chapter.Entries {
			fmt.Fprintf(&page, "| [%s](%s.md) | %s | %s | %s | %s |\n", entry.Code, entry.Code, cell(entry.Summary), entry.Severity, entry.Stage, entry.fixSign())
		}
	}
	return page.String()
}

func (e *Entry) fixSign() string {
	switch {
	case e.Fix == "":
		return ""
	case e.Safe:
		return "✔"
	}
	return "✎"
}
