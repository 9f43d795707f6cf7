package flytekit

import (
	"maps"
	"regexp"
	"strings"
)

// docs is what a docstring says: of the whole, and of each parameter, as Markdown.
type docs struct {
	text, deprecated string
	params           map[string]paramDoc
	// lines are those of the sections about parameters that name none the usual
	// way: "group is the name of the secret".
	loose map[string]string
}

type paramDoc struct {
	text       string
	deprecated bool
}

var (
	// sphinxField begins `:param int x: text`; flytekit also writes
	// `:deprecated param x: text`, and forgets the first colon.
	sphinxField = regexp.MustCompile(`^(\s*):?(deprecated\s+)?(?:param|parameter|arg|argument|key|keyword)\s+(?:[^:]*\s)?\*{0,2}(\w+)\s*:\s*(.*)$`)
	// otherField is any other field, which ends the one before.
	otherField = regexp.MustCompile(`^\s*:(?:type|returns?|rtype|raises?|var|ivar|cvar)\b[^:]*:`)
	// section begins a section of Google's style, which lasts as long as its lines
	// are indented.
	sectionLine = regexp.MustCompile(`^(\s*)(Args|Arguments|Parameters|Params|Attributes|Keyword Args|Returns|Raises|Yields):\s*$`)
	sectionItem = regexp.MustCompile(`^\*{0,2}(\w+)\s*(?:\([^:]*\))?\s*:\s*(.*)$`)
	looseItem   = regexp.MustCompile(`^(\w+)\s+(is|provides|are|specifies|defines)\s`)
	instead     = regexp.MustCompile(`(?i)^\(deprecated\s*[-:,]?\s*([^)]*)\)`)
	reason      = regexp.MustCompile(`(?i)\bdeprecated\b|\buse\b`)
	deprecation = regexp.MustCompile(`(?i)^\W*deprecated\b`)
)

// newDocs reads a docstring, without its indentation, in Sphinx's or Google's style.
func newDocs(doc string) *docs {
	d := &docs{params: map[string]paramDoc{}, loose: map[string]string{}}
	lines := strings.Split(doc, "\n")
	var whole []string
	for i := 0; i < len(lines); {
		if m := sphinxField.FindStringSubmatch(lines[i]); m != nil {
			more, next := indented(lines, i+1, len(m[1]))
			d.params[m[3]] = paramDoc{markdown(m[4] + "\n" + strings.Join(dedent(more), "\n")), m[2] != ""}
			i = next
			continue
		}
		if otherField.MatchString(lines[i]) {
			_, i = indented(lines, i+1, indentOf(lines[i]))
			continue
		}
		if m := sectionLine.FindStringSubmatch(lines[i]); m != nil {
			items, next := indented(lines, i+1, len(m[1]))
			if m[2] != "Returns" && m[2] != "Raises" && m[2] != "Yields" {
				d.items(dedent(items))
			}
			i = next
			continue
		}
		whole = append(whole, lines[i])
		i++
	}
	d.text = markdown(strings.Join(whole, "\n"))
	if first, _, _ := strings.Cut(d.text, "\n\n"); deprecation.MatchString(first) {
		d.deprecated = why(first)
	}
	return d
}

// why is what a text that begins by "deprecated" says of it: "please use Cache" of
// "(deprecated - please use Cache) Whether ...".
func why(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	if m := instead.FindStringSubmatch(text); m != nil && m[1] != "" {
		return m[1]
	}
	var said []string
	for sentence := range strings.SplitSeq(strings.TrimLeft(deprecation.ReplaceAllString(text, ""), ").]: "), ". ") {
		if !reason.MatchString(sentence) {
			break
		}
		said = append(said, strings.TrimSuffix(sentence, "."))
	}
	if len(said) == 0 {
		return "it is deprecated"
	}
	return strings.Join(said, ". ")
}

// items are the lines of a section in Google's style.
func (d *docs) items(lines []string) {
	for i := 0; i < len(lines); {
		line := lines[i]
		more, next := indented(lines, i+1, 0)
		text := func(first string) string { return markdown(first + "\n" + strings.Join(dedent(more), "\n")) }
		if m := sectionItem.FindStringSubmatch(line); m != nil {
			d.params[m[1]] = paramDoc{text: text(m[2])}
		} else if m := looseItem.FindStringSubmatch(line); m != nil {
			d.loose[m[1]] = text(line)
		}
		i = next
	}
}

// param is what is said of a parameter, and why it shouldn't be given any more.
func (d *docs) param(name string) (text, deprecated string) {
	found, ok := d.params[name]
	if !ok {
		return d.loose[name], ""
	}
	if found.deprecated || deprecation.MatchString(found.text) {
		deprecated = why(found.text)
	}
	return found.text, deprecated
}

// over is what both say of parameters, the first word with d.
func (d *docs) over(other *docs) *docs {
	both := &docs{text: d.text, deprecated: d.deprecated, params: map[string]paramDoc{}, loose: map[string]string{}}
	for _, from := range []*docs{other, d} {
		maps.Copy(both.params, from.params)
		maps.Copy(both.loose, from.loose)
	}
	return both
}

// indented are the lines from one on that are indented further than a margin, with
// the empty ones between, and the number of the line behind them.
func indented(lines []string, from, margin int) ([]string, int) {
	end := from
	for i := from; i < len(lines); i++ {
		if strings.TrimSpace(lines[i]) == "" {
			continue
		}
		if indentOf(lines[i]) <= margin {
			break
		}
		end = i + 1
	}
	return lines[from:end], end
}

func indentOf(line string) int { return len(line) - len(strings.TrimLeft(line, " \t")) }

// clean is a docstring without its indentation, which the first line hasn't
// (inspect.cleandoc).
func clean(doc string) string {
	lines := strings.Split(strings.ReplaceAll(doc, "\t", "    "), "\n")
	return strings.TrimSpace(strings.TrimSpace(lines[0]) + "\n" + strings.Join(dedent(lines[1:]), "\n"))
}

// dedent are lines without the indentation that they have in common.
func dedent(lines []string) []string {
	margin := -1
	for _, line := range lines {
		if strings.TrimSpace(line) != "" && (margin < 0 || indentOf(line) < margin) {
			margin = indentOf(line)
		}
	}
	less := make([]string, len(lines))
	for i, line := range lines {
		less[i] = strings.TrimRight(line[min(len(line), max(0, margin)):], " ")
	}
	return less
}

var (
	// shortcode is `{{< py_class_ref flytekit.Resources >}}` of flytekit's site.
	shortcode = regexp.MustCompile(`\{\{<\s*py_\w+_ref\s+([^>]*?)\s*>\}\}`)
	// role is :py:class:`~flytekit.Resources` of Sphinx.
	role = regexp.MustCompile(":[a-z:]+:`~?([^`]*)`")
	// target is the part of a role that isn't read: `text <target>`.
	target  = regexp.MustCompile(`\s*<[^>]*>$`)
	doubled = regexp.MustCompile("``([^`]+)``")
	// bullet is the indentation of a list's items, which make code of it.
	bullet = regexp.MustCompile(`(?m)^ +([-*] )`)
)

// markdown is a text with what only Sphinx and flytekit's site understand replaced,
// outside of blocks of code.
func markdown(text string) string {
	parts := strings.Split(fenced(text), "```")
	for i := 0; i < len(parts); i += 2 {
		parts[i] = prose(parts[i])
	}
	return strings.TrimSpace(strings.Join(parts, "```"))
}

// fenced puts the indented block behind a line that ends with "::" into a fence.
func fenced(text string) string {
	lines := strings.Split(text, "\n")
	var all []string
	for i := 0; i < len(lines); i++ {
		line := lines[i]
		all = append(all, line)
		if !strings.HasSuffix(line, "::") {
			continue
		}
		block, next := indented(lines, i+1, indentOf(line))
		if len(block) == 0 {
			continue
		}
		all[len(all)-1] = strings.TrimRight(strings.TrimSuffix(line, "::"), " ") + ":"
		code := strings.Trim(strings.Join(dedent(block), "\n"), "\n")
		all = append(all, "", "```python", code, "```")
		i = next - 1
	}
	return strings.Join(all, "\n")
}

func prose(text string) string {
	text = shortcode.ReplaceAllString(text, "`$1`")
	text = role.ReplaceAllStringFunc(text, func(found string) string {
		m := role.FindStringSubmatch(found)
		shown := target.ReplaceAllString(m[1], "")
		if shown != m[1] {
			return shown
		}
		return "`" + shown + "`"
	})
	text = doubled.ReplaceAllString(text, "`$1`")
	return bullet.ReplaceAllString(text, "$1")
}
