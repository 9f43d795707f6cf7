package codelens

import (
	"cmp"
	"fmt"
	"maps"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyte-lsp/flyte-lsp/runs"
	"github.com/flyte-lsp/flyte-lsp/workspace"
)

// hoverValueLimit bounds each value in a hover, in characters.
const hoverValueLimit = 2000

// Hover returns what is known of an entity as Markdown: its kind, signature
// and documentation, and its last local and remote run.
func Hover(file *workspace.File, entity *model.Entity, latest []*runs.Run) string {
	var text strings.Builder
	fmt.Fprintf(&text, "```%s\n%s\n```\n", file.Language, Signature(file, entity))
	if entity.Doc != "" {
		text.WriteString("\n" + entity.Doc + "\n")
	}
	if unknown := cmp.Or(entity.InputsUnknown, entity.OutputsUnknown, entity.Opaque); unknown != "" {
		text.WriteString("\n*The interface isn't certain: " + unknown + ".*\n")
	}
	hash := SourceHash(file, entity)
	now := time.Now()
	for _, target := range []runs.Target{runs.Local, runs.Remote} {
		if run := newest(latest, entity.Name, target); run != nil {
			text.WriteString("\n---\n\n" + runMarkdown(entity, run, hash, now))
		}
	}
	return text.String()
}

// Signature is the entity's kind, name, inputs and outputs, on one line where
// that is short, as its language would write it.
func Signature(file *workspace.File, entity *model.Entity) string {
	inputs := make([]string, len(entity.Inputs))
	for i, input := range entity.Inputs {
		inputs[i] = variable(file.Language, input)
	}
	if entity.InputsUnknown != "" {
		inputs = append(inputs, "…")
	}
	name := entity.Describe()
	if given := givenName(entity); given != "" && given != entity.Name {
		name += fmt.Sprintf(" [%q]", given)
	}
	head := name + "(" + strings.Join(inputs, ", ") + ")"
	if len(head) > 80 {
		head = name + "(\n    " + strings.Join(inputs, ",\n    ") + ",\n)"
	}
	return head + outputs(file.Language, entity)
}

// givenName is the name that Python source gives what has no function to be
// named by; "" of what is named otherwise, as a workflow's default launch plan
// is.
func givenName(entity *model.Entity) string {
	switch {
	case refers(entity):
		return entity.FullName
	case entity.Function != nil || entity.Kind == model.MapTask || entity.Module == nil:
		return ""
	case entity.Kind == model.LaunchPlan && entity.Of != nil && entity.FullName == entity.Of.FullName:
		return ""
	}
	return entity.FullName
}

func variable(language parser.Language, v *model.Variable) string {
	if language == parser.Go {
		return strings.TrimSpace(v.Name + " " + v.Type)
	}
	text := v.Name
	if v.Type != "" {
		text += ": " + v.Type
	}
	if v.Default != "" {
		text += " = " + v.Default
	}
	return text
}

func outputs(language parser.Language, entity *model.Entity) string {
	if len(entity.Outputs) == 0 {
		return ""
	}
	if len(entity.Outputs) == 1 && language == parser.Python {
		return " -> " + entity.Outputs[0].Type
	}
	parts := make([]string, len(entity.Outputs))
	for i, output := range entity.Outputs {
		parts[i] = variable(language, output)
	}
	if language == parser.Go {
		return " (" + strings.Join(parts, ", ") + ")"
	}
	return " -> (" + strings.Join(parts, ", ") + ")"
}

// runMarkdown describes one run: outcome, values, and where more is to see.
func runMarkdown(entity *model.Entity, run *runs.Run, hash string, now time.Time) string {
	var text strings.Builder
	took := Seconds(run.Duration(now))
	switch run.State {
	case runs.Running:
		fmt.Fprintf(&text, "◐ **%s** · %s · %s", run.Target, run.Phase, took)
	case runs.Succeeded:
		fmt.Fprintf(&text, "✓ **%s** · succeeded in %s · %s", run.Target, took, Ago(now.Sub(run.Ended)))
	case runs.Failed:
		fmt.Fprintf(&text, "✗ **%s** · failed after %s · %s", run.Target, took, Ago(now.Sub(run.Ended)))
	default:
		fmt.Fprintf(&text, "⊘ **%s** · %s after %s · %s", run.Target, run.State, took, Ago(now.Sub(run.Ended)))
	}
	if Older(run, hash) {
		text.WriteString(" · *older than the source*")
	}
	text.WriteString("\n\n")
	if run.Failure != nil {
		if run.Failure.Node != "" {
			fmt.Fprintf(&text, "in node `%s`\n\n", run.Failure.Node)
		}
		text.WriteString(fenced(run.Failure.Message))
	}
	if run.Warning != "" {
		text.WriteString("⚠ " + run.Warning + "\n\n")
	}
	for _, output := range run.Outputs {
		label := "`" + output.Name + "`"
		if kind := outputType(entity, output); kind != "" {
			label += " `" + kind + "`"
		}
		text.WriteString(label + "\n" + fenced(output.Text))
	}
	if len(run.Inputs) > 0 {
		text.WriteString("with ")
		for i, name := range slices.Sorted(maps.Keys(run.Inputs)) {
			if i > 0 {
				text.WriteString(", ")
			}
			fmt.Fprintf(&text, "`%s=%s`", name, strings.ReplaceAll(shorten(string(run.Inputs[name]), titleLimit), "`", "'"))
		}
		text.WriteString("\n\n")
	}
	links := []string{fmt.Sprintf("[Log](%s)", fileURI(run.Log))}
	if run.Execution != nil {
		links = append(links, fmt.Sprintf("[Execution %s](%s)", run.Execution.Name, run.Execution.URL))
	}
	text.WriteString(strings.Join(links, " · ") + "\n")
	return text.String()
}

// outputType is the type of an output as the run tells it, else as the source
// does: a backend's literals don't.
func outputType(entity *model.Entity, output runs.Output) string {
	for _, declared := range entity.Outputs {
		if output.Type == "" && entity.OutputsUnknown == "" && declared.Name == output.Name {
			return declared.Type
		}
	}
	return output.Type
}

// fenced is a code block with the text, whose fence the text can't end.
func fenced(text string) string {
	if runes := []rune(text); len(runes) > hoverValueLimit {
		text = string(runes[:hoverValueLimit-1]) + "…"
	}
	fence := "```"
	for strings.Contains(text, fence) {
		fence += "`"
	}
	return fence + "\n" + text + "\n" + fence + "\n\n"
}

func fileURI(path string) string {
	return (&url.URL{Scheme: "file", Path: filepath.ToSlash(path)}).String()
}
