package parser

import (
	"regexp"
	"strings"
)

// Docstring is what a docstring without its indentation says of parameters and
// outputs, by name, in the styles of Google, NumPy and Sphinx, which flytekit
// reads (core/docstring.py:Docstring). The key "return" has the text for what
// is returned.
func Docstring(doc string) map[string]string {
	descriptions := map[string]string{}
	if doc == "" {
		return descriptions
	}
	lines := strings.Split(doc, "\n")
	for i := range lines {
		switch line := strings.TrimSpace(lines[i]); {
		case strings.HasPrefix(line, ":"):
			sphinxField(descriptions, line, continuation(lines[i+1:], indentOf(lines[i])))
		case i+1 < len(lines) && isRuler(lines[i+1]) && sections[line] != "":
			numpySection(descriptions, sections[line], section(lines[i+2:], indentOf(lines[i])-1))
		case strings.HasSuffix(line, ":") && sections[strings.TrimSuffix(line, ":")] != "":
			name := sections[strings.TrimSuffix(line, ":")]
			googleSection(descriptions, name, section(lines[i+1:], indentOf(lines[i])))
		}
	}
	return descriptions
}

// returned is the key of the text for what is returned.
const returned = "return"

// sections are the titles of the sections that describe inputs or outputs.
var sections = map[string]string{
	"Args": "inputs", "Arguments": "inputs", "Parameters": "inputs", "Params": "inputs", "Attributes": "inputs",
	"Returns": "outputs", "Return": "outputs",
}

var (
	sphinxLine = regexp.MustCompile(`^:(?:param|parameter|arg|argument|key|keyword)\s+(?:[^:]*\s)?\*{0,2}(\w+)\s*:\s*(.*)$`)
	sphinxEnd  = regexp.MustCompile(`^:returns?(?:\s+(\w+))?\s*:\s*(.*)$`)
	googleLine = regexp.MustCompile(`^\*{0,2}(\w+)\s*(?:\([^)]*\))?\s*:\s*(.*)$`)
	numpyLine  = regexp.MustCompile(`^\*{0,2}(\w+)\s*(?::.*)?$`)
)

func sphinxField(descriptions map[string]string, line, more string) {
	if match := sphinxLine.FindStringSubmatch(line); match != nil {
		descriptions[match[1]] = join(match[2], more)
	} else if match := sphinxEnd.FindStringSubmatch(line); match != nil {
		name := match[1]
		if name == "" {
			name = returned
		}
		descriptions[name] = join(match[2], more)
	}
}

// googleSection reads lines `name (type): text`, each with more lines that are
// indented further.
func googleSection(descriptions map[string]string, name string, lines []string) {
	margin := -1
	for i, line := range lines {
		if strings.TrimSpace(line) == "" {
			continue
		}
		if margin < 0 {
			margin = indentOf(line)
		}
		if indentOf(line) != margin {
			continue
		}
		more := continuation(lines[i+1:], margin)
		match := googleLine.FindStringSubmatch(strings.TrimSpace(line))
		switch {
		case name == "outputs" && i == 0:
			text := strings.TrimSpace(line)
			if _, after, ok := strings.Cut(text, ": "); ok {
				text = after
			}
			descriptions[returned] = join(text, strings.Join(trimmed(lines[1:]), " "))
			return
		case match != nil:
			descriptions[match[1]] = join(match[2], more)
		}
	}
}

// numpySection reads lines `name : type`, each with its text indented below.
func numpySection(descriptions map[string]string, name string, lines []string) {
	margin := -1
	for i, line := range lines {
		if strings.TrimSpace(line) == "" {
			continue
		}
		if margin < 0 {
			margin = indentOf(line)
		}
		if i+1 < len(lines) && isRuler(lines[i+1]) {
			return
		}
		if indentOf(line) != margin {
			continue
		}
		more := continuation(lines[i+1:], margin)
		if match := numpyLine.FindStringSubmatch(strings.TrimSpace(line)); match != nil {
			descriptions[match[1]] = more
			if name == "outputs" {
				descriptions[returned] = more
			}
		}
	}
}

// section is the lines up to the first that isn't indented further than the
// title.
func section(lines []string, indent int) []string {
	for i, line := range lines {
		if strings.TrimSpace(line) != "" && indentOf(line) <= indent {
			return lines[:i]
		}
	}
	return lines
}

// continuation is the text of the lines that are indented further, up to an
// empty one.
func continuation(lines []string, indent int) string {
	end := 0
	for end < len(lines) && strings.TrimSpace(lines[end]) != "" && indentOf(lines[end]) > indent {
		end++
	}
	return strings.Join(trimmed(lines[:end]), " ")
}

func trimmed(lines []string) []string {
	out := make([]string, 0, len(lines))
	for _, line := range lines {
		if line = strings.TrimSpace(line); line != "" {
			out = append(out, line)
		}
	}
	return out
}

func join(first, more string) string {
	return strings.TrimSpace(first + " " + more)
}

func indentOf(line string) int {
	return len(line) - len(strings.TrimLeft(line, " \t"))
}

// isRuler tells a line of dashes, which underlines a section's title.
func isRuler(line string) bool {
	line = strings.TrimSpace(line)
	return len(line) >= 3 && strings.Trim(line, "-") == ""
}
