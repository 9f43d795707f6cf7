// Package rulebook tells what the rules are: as pages, as text for a terminal,
// and as data.
package rulebook

import (
	"context"
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/flyte-lsp/flyte-lsp/analysis"
	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyte-lsp/flyte-lsp/workspace"
)

// Entry is what there is to tell of a rule.
type Entry struct {
	Code     string `json:"code"`
	Summary  string `json:"summary"`
	Severity string `json:"severity"`
	Section  string `json:"section"`
	// Stage is the moment at which a mistake comes to light without us:
	// "import", "register", "backend", "run", "cluster" or "never".
	Stage analysis.Stage `json:"stage"`
	// OfModules: it finds nothing in notebooks.
	OfModules bool `json:"of_modules,omitempty"`
	// Backend is the code of the backend's workflow compiler.
	Backend string `json:"backend,omitempty"`
	Source  string `json:"source"`
	Details string `json:"details"`
	// Messages are what is said of Bad.
	Messages []string `json:"messages"`
	// Fix is the title of the first fix, "" if there is none. Safe: it is made
	// on save and by `flyte-lsp check --fix`.
	Fix  string `json:"fix,omitempty"`
	Safe bool   `json:"safe,omitempty"`
	// Bad and Good are modules; Fixed is what the fix makes of Bad, "" where it
	// isn't shown.
	Bad   string `json:"bad"`
	Good  string `json:"good"`
	Fixed string `json:"fixed,omitempty"`
	URL   string `json:"url"`

	marked []parser.Span // of Bad
}

// Of is the entry of a rule. It looks at the rule's bad example.
func Of(ctx context.Context, rule *analysis.Rule) *Entry {
	entry := &Entry{
		Code: rule.Code, Summary: rule.Summary, Severity: rule.Severity.String(), Section: sectionOf(rule.Code),
		Stage: rule.Stage, OfModules: rule.OfModules, Backend: rule.Backend, Source: sourceOf(rule.Source), Details: rule.Details,
		Messages: []string{}, Good: rule.Good, Fixed: rule.Fixed, URL: rule.URL(),
	}
	if entry.Good == "" {
		entry.Good = rule.Fixed
	}
	entry.Bad, entry.marked = unmark(rule.Bad)
	w := workspace.New()
	path := filepath.Join(string(filepath.Separator), "example", "example.py")
	w.Open(path, 1, []byte(entry.Bad))
	snapshot := w.Snapshot()
	file, err := snapshot.File(path)
	if err != nil {
		return entry // no open document has an error
	}
	for _, found := range analysis.File(ctx, snapshot, file, analysis.Options{}) {
		if found.Rule == rule && !slices.Contains(entry.Messages, found.Message) {
			entry.Messages = append(entry.Messages, found.Message)
		}
		if found.Rule == rule && entry.Fix == "" && len(found.Fixes) > 0 {
			entry.Fix, entry.Safe = found.Fixes[0].Title, found.Fixes[0].Safe
		}
	}
	return entry
}

// unmark takes the marks « and » out of an example.
func unmark(text string) (string, []parser.Span) {
	var plain strings.Builder
	var marked []parser.Span
	for {
		before, rest, found := strings.Cut(text, "«")
		plain.WriteString(before)
		if !found {
			return plain.String(), marked
		}
		inside, after, _ := strings.Cut(rest, "»")
		start := plain.Len()
		plain.WriteString(inside)
		marked = append(marked, parser.Span{Start: start, End: plain.Len()})
		text = after
	}
}

// underlined is a text with carets below what is marked in its lines.
func underlined(text string, marked []parser.Span) string {
	var all strings.Builder
	start := 0
	for line := range strings.Lines(text) {
		all.WriteString(line)
		carets, found := "", false
		for i, r := range strings.TrimRight(line, "\n") {
			inside := slices.ContainsFunc(marked, func(s parser.Span) bool { return s.Start <= start+i && start+i < s.End })
			switch {
			case inside && (found || r != ' '):
				carets += "^"
				found = true
			case r == '\t':
				carets += "\t"
			default:
				carets += " "
			}
		}
		if found {
			all.WriteString(strings.TrimRight(carets, " \t") + "\n")
		}
		start += len(line)
	}
	return all.String()
}

var (
	coreSource  = regexp.MustCompile(`^\w+\.py\b`)
	otherSource = regexp.MustCompile(`^\w+(/\w+)+\.py\b`)
)

// sourceOf is a rule's source with the folders that Rule.Source leaves out.
func sourceOf(source string) string {
	parts := strings.Split(source, ", ")
	for i, part := range parts {
		switch {
		case coreSource.MatchString(part):
			parts[i] = "flytekit/core/" + part
		case otherSource.MatchString(part) && !strings.HasPrefix(part, "flytekit"):
			parts[i] = "flytekit/" + part
		}
	}
	return strings.Join(parts, ", ")
}

// moments say when a mistake comes to light.
var moments = map[analysis.Stage]string{
	analysis.AtImport:   "when the module is imported",
	analysis.AtRegister: "when flytekit compiles or serializes it, or calls it locally",
	analysis.AtBackend:  "when the backend checks what is registered",
	analysis.AtRun:      "when it runs",
	analysis.OnCluster:  "when a container runs it; locally it works",
	analysis.NeverFails: "never: nothing fails",
}

// section is a chapter of the rulebook: the rules whose codes start with one of
// the words. A longer beginning wins over a shorter one.
type section struct {
	title string
	codes []string
}

var sections = []section{
	{"Files", []string{"syntax-error", "import-error", "ignore"}},
	{"Signatures and types", []string{
		"task-input", "task-return", "return-tuple-of-one", "type", "dataclass", "async", "eager-not-async", "workflow-star", "task-star",
		"task-positional", "input-name", "output-name", "task-nested", "decorator", "task-unreachable", "entity-redefined",
	}},
	{"Settings of tasks and workflows", []string{
		"task", "workflow-unknown", "keyword", "decorator-positional", "cache", "timeout", "retries", "interruptible", "failure-policy",
		"resources", "resource", "environment", "metadata", "secret", "deck", "hints", "image", "imagespec", "accelerator", "pod",
	}},
	{"Promises in workflow bodies", []string{
		"promise", "output", "void", "node", "workflow", "entity-shadowed", "order", "override", "task-nests", "dynamic", "eager",
	}},
	{"Calls, values and returns", []string{
		"call", "optional", "constant", "promise-type", "promise-union", "map-ratio", "default", "return", "task-return-count", "task-return-type",
		"task-return-discarded",
	}},
	{"Conditionals", []string{"conditional"}},
	{"Launch plans and schedules", []string{"lp", "cron", "fixedrate", "schedule", "notification"}},
	{"Map tasks, references, gates and other constructs", []string{
		"map", "failure-node", "imperative", "gate", "approve", "reference", "container", "shell", "artifact", "entity",
	}},
	{laterSection, []string{"cached-task", "import-in-body", "module", "task-global", "task-name", "task-relative"}},
}

// laterSection also has the rules that no section names.
const laterSection = "What fails or surprises later"

// sectionOf is the title of the section that a rule belongs to.
func sectionOf(code string) string {
	title, longest := laterSection, 0
	for _, section := range sections {
		for _, start := range section.codes {
			if len(start) > longest && (code == start || strings.HasPrefix(code, start+"-")) {
				title, longest = section.title, len(start)
			}
		}
	}
	return title
}

// Sections are the entries by section, in the rulebook's order.
func Sections(entries []*Entry) []Chapter {
	var chapters []Chapter
	for _, section := range sections {
		chapter := Chapter{Title: section.title}
		for _, entry := range entries {
			if entry.Section == section.title {
				chapter.Entries = append(chapter.Entries, entry)
			}
		}
		if len(chapter.Entries) > 0 {
			chapters = append(chapters, chapter)
		}
	}
	return chapters
}

// Chapter are the entries of a section.
type Chapter struct {
	Title   string
	Entries []*Entry
}

// fixWords say how a fix is made.
func (e *Entry) fixWords() string {
	switch {
	case e.Fix == "":
		return "none"
	case e.Safe:
		return fmt.Sprintf("\"%s\", in the editor, on save, and by flyte-lsp check --fix", e.Fix)
	}
	return fmt.Sprintf("\"%s\", in the editor", e.Fix)
}
