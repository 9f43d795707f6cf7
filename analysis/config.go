package analysis

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyte-lsp/flyte-lsp/workspace"
)

// Severities are the severities that somebody chose, by the codes of rules; Off
// means that nothing is to be said. A rule that isn't among them has its own.
// The nil map chooses nothing.
type Severities map[string]Severity

// With are the severities with others on top, which win.
func (s Severities) With(others Severities) Severities {
	if len(others) == 0 {
		return s
	}
	both := maps.Clone(s)
	if both == nil {
		both = Severities{}
	}
	maps.Copy(both, others)
	return both
}

// severityNames are the words that stand for severities in settings.
var severityNames = map[string]Severity{"off": Off, "hint": Hint, "warning": Warning, "error": Error}

// String is the word that stands for the severity in settings.
func (s Severity) String() string {
	for name, severity := range severityNames {
		if severity == s {
			return name
		}
	}
	return fmt.Sprintf("severity %d", int(s))
}

// ParseSeverities reads a settings table from codes to "off", "hint", "warning"
// or "error". A key that ends with "*" stands for all codes that start with
// what is before it; a longer key wins over a shorter one. problems has, by
// key, what is wrong with an entry, which then chooses nothing.
func ParseSeverities(table map[string]string) (chosen Severities, problems map[string]string) {
	chosen, problems = Severities{}, map[string]string{}
	for _, key := range slices.SortedFunc(maps.Keys(table), byLength) {
		codes := codesOf(key)
		severity, known := severityNames[table[key]]
		switch {
		case len(codes) == 0:
			problems[key] = unknownCode(key)
		case !known:
			problems[key] = fmt.Sprintf("the severity of %s is %q, want off, hint, warning or error", key, table[key])
		}
		for _, code := range codes {
			if known {
				chosen[code] = severity
			}
		}
	}
	return chosen, problems
}

// byLength orders patterns before the codes that they stand for.
func byLength(a, b string) int {
	isPattern := func(key string) int {
		if strings.HasSuffix(key, "*") {
			return 0
		}
		return 1
	}
	return cmp.Or(cmp.Compare(isPattern(a), isPattern(b)), cmp.Compare(len(a), len(b)), cmp.Compare(a, b))
}

// codesOf are the codes that a key of a table stands for.
func codesOf(key string) []string {
	prefix, isPattern := strings.CutSuffix(key, "*")
	var codes []string
	for _, rule := range Rules {
		if rule.Code == key || isPattern && strings.HasPrefix(rule.Code, prefix) {
			codes = append(codes, rule.Code)
		}
	}
	return codes
}

// unknownCode says that there is no such rule, and which one is like it.
func unknownCode(code string) string {
	message := "there is no rule " + code
	if before, ok := strings.CutSuffix(code, "*"); ok {
		message = "no rule's code starts with " + before
	} else if meant := Nearest(code, ruleCodes()); meant != "" {
		message += "; did you mean " + meant + "?"
	}
	return message
}

func ruleCodes() []string {
	codes := make([]string, len(Rules))
	for i, rule := range Rules {
		codes[i] = rule.Code
	}
	return codes
}

// ConfigProblem is something wrong in the settings of a project.
type ConfigProblem struct {
	// Path is the pyproject.toml, Source its text, and Span the place in it.
	Path    string
	Source  *parser.Source
	Span    parser.Span
	Message string
}

// ProjectSeverities are what the project of a file or folder chose, in the table
// [tool.flyte-lsp.rules] of the nearest pyproject.toml upwards that has a table
// [tool.flyte-lsp], as ParseSeverities reads it:
//
//	[tool.flyte-lsp.rules]
//	"call-missing-input" = "warning"
//	"image-*" = "off"
//
// What is wrong in it is told and chooses nothing; the rest counts. It reads a
// pyproject.toml once, until the workspace hears of a change.
func ProjectSeverities(snapshot *workspace.Snapshot, path string) (Severities, []ConfigProblem) {
	configured := snapshot.Configured(path)
	if configured == nil {
		return nil, nil
	}
	var problems []ConfigProblem
	problem := func(span parser.Span, message string) {
		problems = append(problems, ConfigProblem{Path: configured.Path, Source: configured.Source, Span: span, Message: message})
	}
	table := map[string]string{}
	places := map[string]workspace.Setting{}
	for _, setting := range configured.Settings {
		switch {
		case setting.Key[0] == "source-roots" && len(setting.Key) == 1:
		case setting.Key[0] != "rules":
			problem(setting.KeySpan, fmt.Sprintf("flyte-lsp has no setting %s; it has source-roots and rules", strings.Join(setting.Key, ".")))
		case len(setting.Key) != 2 || !setting.IsText:
			problem(setting.ValueSpan, "want a table from codes to \"off\", \"hint\", \"warning\" or \"error\"")
		default:
			table[setting.Key[1]], places[setting.Key[1]] = setting.Text, setting
		}
	}
	chosen, wrong := ParseSeverities(table)
	for key, message := range wrong {
		at := places[key].ValueSpan
		if len(codesOf(key)) == 0 {
			at = places[key].KeySpan
		}
		problem(at, message)
	}
	if configured.Invalid != nil {
		problem(configured.Invalid.Span, configured.Invalid.Message)
	}
	slices.SortFunc(problems, func(a, b ConfigProblem) int { return cmp.Compare(a.Span.Start, b.Span.Start) })
	return chosen, problems
}
