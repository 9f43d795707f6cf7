package codelens

import (
	"fmt"
	"strings"
	"time"

	"github.com/flyte-lsp/flyte-lsp/runs"
)

// titleLimit bounds a result in a lens, in characters: a row is one line.
const titleLimit = 80

// Progress is what a lens shows of a run that goes on.
func Progress(run *runs.Run, now time.Time) string {
	return fmt.Sprintf("◐ %s · %s · %s", run.Target, run.Phase, Seconds(run.Duration(now).Truncate(time.Second)))
}

// Outcome is what a lens shows of a run that has ended. hash is that of the
// entity's present source, "" if it can't be told.
func Outcome(run *runs.Run, hash string, now time.Time) string {
	var title string
	switch took := Seconds(run.Duration(now)); run.State {
	case runs.Succeeded:
		title = fmt.Sprintf("✓ %s %s", run.Target, took)
		if result := Result(run.Outputs); result != "" {
			title += " → " + result
		}
	case runs.Failed:
		title = fmt.Sprintf("✗ %s %s: %s", run.Target, took, run.Failure.Message)
	default:
		title = fmt.Sprintf("⊘ %s %s", run.Target, run.State)
	}
	title = shorten(title, titleLimit)
	if Older(run, hash) {
		title += " (older source)"
	}
	return title
}

// Older reports whether the entity's source has changed since the run.
func Older(run *runs.Run, hash string) bool {
	return hash != "" && run.SourceHash != "" && run.SourceHash != hash
}

// Result is the outputs in one line: a single one by its value alone.
func Result(outputs []runs.Output) string {
	if len(outputs) == 1 {
		return outputs[0].Text
	}
	parts := make([]string, len(outputs))
	for i, output := range outputs {
		parts[i] = output.Name + "=" + output.Text
	}
	return strings.Join(parts, ", ")
}

// Seconds is a duration as a person says it.
func Seconds(d time.Duration) string {
	switch {
	case d < time.Minute && d%time.Second == 0:
		return fmt.Sprintf("%d s", d/time.Second)
	case d < time.Second:
		return fmt.Sprintf("%.2f s", d.Seconds())
	case d < time.Minute:
		return fmt.Sprintf("%.1f s", d.Seconds())
	case d < time.Hour:
		return fmt.Sprintf("%d min %d s", d/time.Minute, d%time.Minute/time.Second)
	}
	return fmt.Sprintf("%d h %d min", d/time.Hour, d%time.Hour/time.Minute)
}

// Ago is how long ago something was.
func Ago(d time.Duration) string {
	plural := func(n time.Duration, unit string) string {
		if n == 1 {
			return "1 " + unit + " ago"
		}
		return fmt.Sprintf("%d %ss ago", n, unit)
	}
	switch {
	case d < 5*time.Second:
		return "just now"
	case d < time.Minute:
		return plural(d/time.Second, "second")
	case d < time.Hour:
		return plural(d/time.Minute, "minute")
	case d < 48*time.Hour:
		return plural(d/time.Hour, "hour")
	}
	return plural(d/(24*time.Hour), "day")
}

// shorten makes one line of the text, of at most limit characters.
func shorten(text string, limit int) string {
	text = strings.Join(strings.Fields(text), " ")
	if runes := []rune(text); len(runes) > limit {
		return string(runes[:limit-1]) + "…"
	}
	return text
}
