package rulebook

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// width is that of text in a terminal.
const width = 80

// Text explains the rule in a terminal.
func (e *Entry) Text() string {
	var text strings.Builder
	fmt.Fprintf(&text, "%s (%s)\n\n%s\n%s\n", e.Code, e.Severity, wrapped(e.Summary), wrapped(e.Details))
	fmt.Fprintf(&text, "Wrong:\n\n%s", indented(underlined(e.Bad, e.marked)))
	for _, message := range e.Messages {
		fmt.Fprintf(&text, "\n%s", indented(wrapped(e.Severity+": "+message)))
	}
	fmt.Fprintf(&text, "\nRight:\n\n%s", indented(e.Good))
	if e.Fixed != "" && e.Fixed != e.Good {
		fmt.Fprintf(&text, "\nFixed:\n\n%s", indented(e.Fixed))
	}
	text.WriteString("\n")
	rows := [][2]string{
		{"Comes to light", moments[e.Stage]},
		{"In notebooks", map[bool]string{true: "nothing is found"}[e.OfModules]},
		{"Source", e.Source},
		{"Backend's code", e.Backend},
		{"Fix", e.fixWords()},
		{"Not in a line", "# flyte: ignore[" + e.Code + "]"},
		{"Not in a project", fmt.Sprintf("%q = \"off\" in [tool.flyte-lsp.rules] of pyproject.toml", e.Code)},
		{"Page", e.URL},
	}
	for _, row := range rows {
		if row[1] != "" {
			fmt.Fprintf(&text, "%-17s %s\n", row[0]+":", row[1])
		}
	}
	return text.String()
}

// List lists entries in a terminal, a line for each.
func List(entries []*Entry) string {
	longest := 0
	for _, entry := range entries {
		longest = max(longest, len(entry.Code))
	}
	var text strings.Builder
	for _, entry := range entries {
		fmt.Fprintf(&text, "%-*s  %-7s  %s\n", longest, entry.Code, entry.Severity, entry.Summary)
	}
	return text.String()
}

// wrapped breaks the lines of paragraphs of Markdown; blocks and lists stay as
// they are.
func wrapped(text string) string {
	var all strings.Builder
	inBlock := false
	for line := range strings.Lines(strings.TrimRight(text, "\n") + "\n") {
		if strings.HasPrefix(line, "```") {
			inBlock = !inBlock
			continue
		}
		if inBlock {
			all.WriteString("    " + line)
			continue
		}
		column := 0
		for i, word := range strings.Fields(line) {
			length := utf8.RuneCountInString(word)
			switch {
			case i == 0:
			case column+1+length > width:
				all.WriteString("\n")
				column = 0
			default:
				all.WriteString(" ")
				column++
			}
			all.WriteString(word)
			column += length
		}
		all.WriteString("\n")
	}
	return all.String()
}

func indented(text string) string {
	var all strings.Builder
	for line := range strings.Lines(strings.TrimRight(text, "\n") + "\n") {
		if strings.TrimSpace(line) != "" {
			line = "    " + line
		}
		all.WriteString(line)
	}
	return all.String()
}
