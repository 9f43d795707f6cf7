package inputs

import (
	"fmt"
	"slices"
	"strings"

	"github.com/flyte-lsp/flyte-lsp/analysis"
	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyte-lsp/flyte-lsp/parser/pyyaml"
	"github.com/flyte-lsp/flyte-lsp/runs"
)

// The codes of problems.
const (
	CodeSyntax   = "inputs-syntax"
	CodeEntity   = "inputs-entity"
	CodeUnknown  = "inputs-unknown"
	CodeMissing  = "inputs-missing"
	CodeRepeated = "inputs-repeated"
	CodeValue    = "inputs-value"
	CodePath     = "inputs-path"
)

// Problem is something that is wrong in a document.
type Problem struct {
	Span     parser.Span
	Severity analysis.Severity
	Code     string
	Message  string
	Fixes    []Fix
}

// Fix mends a problem.
type Fix struct {
	Title string
	Edits []Edit
	// Updates: the document was right before its entity changed. All such fixes of a
	// document can be made at once.
	Updates bool
}

// Edit replaces a span of a document.
type Edit struct {
	Span parser.Span
	Text string
}

// Check tells what is wrong in a document, in the order of its text. Without a
// subject, which is nil, only the YAML is looked at; err is why there is none.
func Check(document *Document, subject *Subject, err *SubjectError) []Problem {
	c := &checker{document: document, subject: subject}
	for _, mistake := range document.Mistakes {
		c.add(Problem{Span: mistake.Span, Severity: analysis.Error, Code: CodeSyntax, Message: mistake.Message})
	}
	if err != nil {
		problem := Problem{Span: err.Span, Severity: analysis.Error, Code: CodeEntity, Message: err.Message}
		if err.Nearest != "" {
			problem.Fixes = []Fix{{Title: "Change to " + err.Nearest, Edits: []Edit{{err.Span, err.Nearest}}}}
		}
		c.add(problem)
	}
	if subject != nil {
		c.inputs()
	}
	slices.SortStableFunc(c.problems, func(a, b Problem) int { return a.Span.Start - b.Span.Start })
	return c.problems
}

type checker struct {
	document *Document
	subject  *Subject
	problems []Problem
}

func (c *checker) add(problems ...Problem) { c.problems = append(c.problems, problems...) }

// text is the text of a node as it is written.
func (c *checker) text(n *pyyaml.Node) string { return c.document.Source.Slice(n.Span) }

// inputs checks the values that the document gives its entity.
func (c *checker) inputs() {
	root, interfaceOf := c.document.Root, c.subject.Type
	given := map[string]bool{}
	switch {
	case root == nil, root.Kind == pyyaml.Null:
	case root.Kind != pyyaml.Map:
		c.add(Problem{Span: root.Span, Severity: analysis.Error, Code: CodeSyntax, Message: "want lines of the form NAME: VALUE, one for each input"})
		return
	default:
		for _, again := range root.Repeated() {
			c.add(Problem{
				Span: again.Key.Span, Severity: analysis.Error, Code: CodeRepeated,
				Message: fmt.Sprintf("%s is given already: flyte-lsp refuses the document, and pyflyte takes the last value", again.Key.Text),
			})
		}
		for _, entry := range root.Entries {
			given[c.keyOf(entry)] = true
		}
		for _, entry := range root.Entries {
			c.input(entry, given)
		}
	}
	if !interfaceOf.Exact || len(c.document.Mistakes) > 0 {
		return
	}
	var missing []*Field
	for _, field := range interfaceOf.Fields {
		if field.Needed && !given[field.Name] {
			missing = append(missing, field)
		}
	}
	if len(missing) > 0 {
		c.add(c.missing(missing))
	}
}

// keyOf is the name that an entry gives a value, also where PyYAML takes the key
// for something else.
func (c *checker) keyOf(entry pyyaml.Entry) string {
	if entry.Key.Plain && entry.Key.Kind != pyyaml.Text {
		return c.text(entry.Key)
	}
	return entry.Key.Text
}

func (c *checker) missing(fields []*Field) Problem {
	names := make([]string, len(fields))
	for i, field := range fields {
		names[i] = field.Name
	}
	title := "Add the missing input " + names[0]
	if len(names) > 1 {
		title = fmt.Sprintf("Add the %d missing inputs", len(names))
	}
	return Problem{
		Span: c.document.Header.EntitySpan, Severity: analysis.Error, Code: CodeMissing,
		Message: fmt.Sprintf("%s needs a value for %s", c.subject.Entity.Name, list(names)),
		Fixes:   []Fix{{Title: title, Edits: []Edit{c.document.appended(fields)}, Updates: true}},
	}
}

// input checks one entry of the document. given are the names of all.
func (c *checker) input(entry pyyaml.Entry, given map[string]bool) {
	name, interfaceOf := c.keyOf(entry), c.subject.Type
	field := interfaceOf.Field(name)
	switch {
	case field == nil:
		if interfaceOf.Exact {
			c.add(c.unknown(entry, name, given))
		}
		return
	case entry.Key.Text != name:
		c.add(Problem{
			Span: entry.Key.Span, Severity: analysis.Error, Code: CodeUnknown,
			Message: fmt.Sprintf("without quotes %s isn't a name in YAML: it is read as %s", name, entry.Key.Text),
			Fixes:   []Fix{{Title: "Quote it", Edits: []Edit{{entry.Key.Span, pyyaml.Quote(name)}}}},
		})
		return
	case field.Needed && entry.Value.Kind == pyyaml.Null && !field.Type.optional():
		c.add(Problem{
			Span: entry.Key.Span, Severity: analysis.Error, Code: CodeMissing, Message: fmt.Sprintf("%s needs a value: %s", name, wanted(field.Type)),
		})
		return
	}
	c.add(c.given(field.Type, entry.Value)...)
	if field.Type.Kind == Bool && entry.Value.Scalar == false && entry.Value.Kind == pyyaml.Bool && field.Default == "True" {
		c.add(c.warn(entry.Value, "pyflyte run leaves out what is false, and takes the default True"))
	}
	c.dates(entry.Value)
}

// unknown is an entry for which the entity has no input.
func (c *checker) unknown(entry pyyaml.Entry, name string, given map[string]bool) Problem {
	entity := c.subject.Entity
	problem := Problem{Span: entry.Key.Span, Severity: analysis.Error, Code: CodeUnknown, Message: fmt.Sprintf("%s has no input %s", entity.Name, name)}
	remove := Fix{Title: "Remove " + name, Edits: []Edit{{c.document.lines(entry), ""}}, Updates: true}
	if slices.Contains(entity.Fixed, name) {
		problem.Message = fmt.Sprintf("the launch plan %s fixes %s: leave it out", entity.Name, name)
		problem.Fixes = []Fix{remove}
		return problem
	}
	var free []string
	for _, field := range c.subject.Type.Fields {
		if !given[field.Name] {
			free = append(free, field.Name)
		}
	}
	if meant := nearest(name, free); meant != "" {
		problem.Message += ": " + meant + " is meant?"
		problem.Fixes = append(problem.Fixes, Fix{Title: "Rename to " + meant, Edits: []Edit{{entry.Key.Span, pyyaml.Quote(meant)}}, Updates: true})
	}
	problem.Fixes = append(problem.Fixes, remove)
	return problem
}

// dates finds dates without quotes, which pyflyte can't write as JSON.
func (c *checker) dates(n *pyyaml.Node) {
	if n.Kind == pyyaml.Time && n.Plain && !slices.ContainsFunc(c.problems, func(p Problem) bool { return p.Span == n.Span }) {
		c.add(Problem{
			Span: n.Span, Severity: analysis.Warning, Code: CodeValue, Message: "pyflyte run can't take a date without quotes",
			Fixes: []Fix{{Title: "Quote it", Edits: []Edit{{n.Span, pyyaml.Quote(n.Text)}}}},
		})
	}
	for _, item := range n.Items {
		c.dates(item)
	}
	for _, entry := range n.Entries {
		c.dates(entry.Value)
	}
}

// fails is an error about a value.
func (c *checker) fails(n *pyyaml.Node, message string, fixes ...Fix) Problem {
	return Problem{Span: n.Span, Severity: analysis.Error, Code: CodeValue, Message: message, Fixes: fixes}
}

// warn is a warning about a value.
func (c *checker) warn(n *pyyaml.Node, message string, fixes ...Fix) Problem {
	return Problem{Span: n.Span, Severity: analysis.Warning, Code: CodeValue, Message: message, Fixes: fixes}
}

// isNot is the error that a value isn't of a type.
func (c *checker) isNot(t *Type, n *pyyaml.Node) []Problem {
	problem := c.fails(n, "want "+wanted(t)+", this is "+c.shown(n))
	if t.Kind == Enum && n.Text != "" {
		if meant := nearest(n.Text, t.Values); meant != "" {
			problem.Fixes = []Fix{{Title: "Change to " + meant, Edits: []Edit{{n.Span, pyyaml.Quote(meant)}}}}
		}
	}
	return []Problem{problem}
}

// wanted says what a value of a type is.
func wanted(t *Type) string {
	switch t.Kind {
	case Enum:
		return t.choices()
	case Datetime, Date:
		return t.Text + `, as "2024-01-31", "2024-01-31T12:00:00", now or today`
	case Duration:
		return t.Text + `, as 1:24 in quotes, 90 seconds or 1 hour 5 minutes`
	case Any:
		if t.Text == "" {
			return "any value"
		}
	}
	return t.Text
}

// shown says what a value is.
func (c *checker) shown(n *pyyaml.Node) string {
	switch n.Kind {
	case pyyaml.Null:
		return "null"
	case pyyaml.List:
		return "a list"
	case pyyaml.Map:
		return "a map"
	case pyyaml.Text:
		text := []rune(oneLine(n.Text))
		if len(text) > 40 {
			text = append(text[:39], '…')
		}
		return fmt.Sprintf("the text %q", string(text))
	case pyyaml.Time:
		return "the date " + n.Text
	}
	return n.Text
}

// nearest is the name that was meant; "" if none is like it.
func nearest(word string, names []string) string { return analysis.Nearest(word, names) }

// list writes names as a sentence does.
func list(names []string) string {
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	return strings.Join(names[:len(names)-1], ", ") + " and " + names[len(names)-1]
}

// lines are the lines of an entry, with the comments right above it; the entry
// alone, with its comma, where it stands in braces.
func (d *Document) lines(entry pyyaml.Entry) parser.Span {
	source := d.Source
	text := source.Text()
	start, end := source.LineStart(entry.Key.Span.Start), max(entry.Key.Span.End, entry.Value.Span.End)
	if strings.TrimSpace(string(text[start:entry.Key.Span.Start])) != "" || start != entry.Key.Span.Start {
		span := parser.Span{Start: entry.Key.Span.Start, End: end}
		for span.End < len(text) && (text[span.End] == ' ' || text[span.End] == ',') {
			span.End++
		}
		return span
	}
	next := source.Position(end).Line + 1
	for next < source.Lines() {
		line := lineOf(source, next)
		if trimmed := strings.TrimSpace(line); trimmed == "" || line[0] != ' ' && line[0] != '\t' {
			break
		}
		next++
	}
	for start > 0 {
		above := source.LineStart(start - 1)
		line := source.Slice(parser.Span{Start: above, End: start})
		if !strings.HasPrefix(line, "#") || d.Header.EntitySpan.Start >= above && d.Header.EntitySpan.Start < start {
			break
		}
		start = above
	}
	return parser.Span{Start: start, End: source.Offset(parser.Position{Line: next})}
}

func lineOf(source *parser.Source, line int) string {
	return source.Slice(parser.Span{Start: source.Offset(parser.Position{Line: line}), End: source.Offset(parser.Position{Line: line + 1})})
}

// appended adds entries for inputs at the end of the document.
func (d *Document) appended(fields []*Field) Edit {
	text := d.Source.Text()
	if d.Root != nil && d.Root.Kind == pyyaml.Map && d.Root.Span.End > 0 && strings.HasPrefix(d.Source.Slice(d.Root.Span), "{") {
		var added []string
		for _, field := range fields {
			added = append(added, fmt.Sprintf("%q: null", field.Name))
		}
		at := d.Root.Span.End - 1
		before := ""
		if n := len(d.Root.Entries); n > 0 {
			last := d.Root.Entries[n-1]
			at, before = max(last.Key.Span.End, last.Value.Span.End), ", "
		}
		return Edit{Span: parser.Span{Start: at, End: at}, Text: before + strings.Join(added, ", ")}
	}
	var added strings.Builder
	if len(text) > 0 && text[len(text)-1] != '\n' {
		added.WriteString("\n")
	}
	for _, field := range fields {
		added.WriteString("\n" + runs.InputsEntry(field.Variable))
	}
	return Edit{Span: parser.Span{Start: len(text), End: len(text)}, Text: added.String()}
}

// Update brings a document up to date with its entity, in one edit for each
// place: it renames, removes and adds inputs. It is nil if there is nothing to do.
func Update(problems []Problem) []Edit {
	var edits []Edit
	taken := map[string]bool{}
	for _, problem := range problems {
		for _, fix := range problem.Fixes {
			if fix.Updates && !taken[fix.Edits[0].Text+fix.Title] {
				// Two old names aren't renamed to the same new one.
				taken[fix.Edits[0].Text+fix.Title] = true
				edits = append(edits, fix.Edits...)
				break
			}
		}
	}
	return edits
}
