package changes

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
)

// Formats are the forms that changes are written in.
var Formats = map[string]func(io.Writer, []*Change) error{"text": writeText, "json": writeJSON, "markdown": writeMarkdown}

func writeJSON(to io.Writer, changes []*Change) error {
	if changes == nil {
		changes = []*Change{}
	}
	encoder := json.NewEncoder(to)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(changes)
}

func writeText(to io.Writer, changes []*Change) error {
	var text strings.Builder
	for _, c := range changes {
		fmt.Fprintf(&text, "%s:%d: %s %s %s\n", c.File, c.Line, c.Kind, c.FullName, c.happened(""))
		for _, line := range c.lines() {
			fmt.Fprintf(&text, "  %s\n", line)
		}
		for _, b := range c.Breaks {
			fmt.Fprintf(&text, "  breaks %s:%d: %s\n", b.File, b.Line, b.Message)
		}
	}
	_, err := io.WriteString(to, text.String())
	return err
}

// happened says what happened to the entity; names stand between quotes.
func (c *Change) happened(quote string) string {
	if c.What == Renamed {
		return "renamed, was " + quote + c.OldName + quote
	}
	return c.What
}

// lines say what happened to the inputs and outputs.
func (c *Change) lines() []string {
	var lines []string
	for _, side := range []struct {
		name      string
		variables []Variable
	}{{"input", c.Inputs}, {"output", c.Outputs}} {
		for _, v := range side.variables {
			line := side.name + " " + v.Name + ": " + v.describe()
			if v.Breaking {
				line += " (breaking)"
			}
			lines = append(lines, line)
		}
	}
	return lines
}

func (v Variable) describe() string {
	switch v.What {
	case Added:
		if v.RequiredAfter {
			return "added, " + v.After + ", required"
		}
		return "added, " + v.After
	case Removed:
		return "removed, was " + v.Before
	}
	var parts []string
	if v.Before != v.After {
		parts = append(parts, v.Before+" is now "+v.After)
	}
	switch {
	case v.RequiredAfter && !v.RequiredBefore:
		parts = append(parts, "required now")
	case v.RequiredBefore && !v.RequiredAfter:
		parts = append(parts, "not required any more")
	}
	if v.Default {
		parts = append(parts, "another default")
	}
	if len(parts) == 0 {
		return v.After + " has other fields"
	}
	return strings.Join(parts, ", ")
}

// writeMarkdown writes what a pull request's readers want to see.
func writeMarkdown(to io.Writer, changes []*Change) error {
	var text strings.Builder
	text.WriteString("### Flyte interfaces\n\n")
	if len(changes) == 0 {
		text.WriteString("No interface of a task, workflow or launch plan changes.\n")
	}
	breaks := 0
	for _, c := range changes {
		breaks += len(c.Breaks)
	}
	if breaks > 0 {
		fmt.Fprintf(&text, "**%d %s by it.**\n\n", breaks, map[bool]string{true: "place breaks", false: "places break"}[breaks == 1])
	}
	for _, c := range changes {
		fmt.Fprintf(&text, "- %s `%s` %s (%s:%d)\n", c.Kind, c.FullName, c.happened("`"), c.File, c.Line)
		for _, line := range c.lines() {
			name, what, _ := strings.Cut(line, ": ")
			fmt.Fprintf(&text, "  - %s: %s\n", code(name), escaped(what))
		}
		for _, b := range c.Breaks {
			fmt.Fprintf(&text, "  - **breaks** %s:%d: %s\n", b.File, b.Line, escaped(b.Message))
		}
	}
	_, err := io.WriteString(to, text.String())
	return err
}

// code has the name of an input or output stand out.
func code(name string) string {
	side, variable, _ := strings.Cut(name, " ")
	return side + " `" + variable + "`"
}

var markdownEscapes = strings.NewReplacer("*", `\*`, "_", `\_`, "[", `\[`, "]", `\]`, "<", "&lt;", "`", "\\`")

func escaped(text string) string { return markdownEscapes.Replace(text) }
