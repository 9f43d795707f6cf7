package codelens_test

import (
	"strings"
	"testing"
	"time"

	"github.com/flyte-lsp/flyte-lsp/codelens"
	"github.com/flyte-lsp/flyte-lsp/runs"
)

func TestSeconds(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0:                            "0 s",
		4 * time.Millisecond:         "0.00 s",
		70 * time.Millisecond:        "0.07 s",
		time.Second:                  "1 s",
		1500 * time.Millisecond:      "1.5 s",
		59 * time.Second:             "59 s",
		59960 * time.Millisecond:     "60.0 s",
		time.Minute:                  "1 min 0 s",
		125 * time.Second:            "2 min 5 s",
		59*time.Minute + 59500*1e6:   "59 min 59 s",
		time.Hour:                    "1 h 0 min",
		26*time.Hour + 3*time.Minute: "26 h 3 min",
	} {
		if got := codelens.Seconds(d); got != want {
			t.Errorf("%v: %q, want %q", d, got, want)
		}
	}
}

func TestAgo(t *testing.T) {
	for d, want := range map[time.Duration]string{
		-time.Hour:              "just now", // another machine's clock
		0:                       "just now",
		4999 * time.Millisecond: "just now",
		5 * time.Second:         "5 seconds ago",
		59 * time.Second:        "59 seconds ago",
		time.Minute:             "1 minute ago",
		119 * time.Second:       "1 minute ago",
		2 * time.Minute:         "2 minutes ago",
		time.Hour:               "1 hour ago",
		47 * time.Hour:          "47 hours ago",
		48 * time.Hour:          "2 days ago",
		400 * 24 * time.Hour:    "400 days ago",
	} {
		if got := codelens.Ago(d); got != want {
			t.Errorf("%v: %q, want %q", d, got, want)
		}
	}
}

func TestOutcome(t *testing.T) {
	start := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	output := func(name, text string) runs.Output { return runs.Output{Name: name, Text: text} }
	ended := func(state runs.State, change func(*runs.Run)) runs.Run {
		run := runs.Run{Target: runs.Local, State: state, Started: start, Ended: start.Add(1500 * time.Millisecond), SourceHash: "a"}
		if change != nil {
			change(&run)
		}
		return run
	}
	failed := func(message string) func(*runs.Run) {
		return func(run *runs.Run) { run.Failure = &runs.Failure{Message: message} }
	}
	for _, test := range []struct {
		name string
		run  runs.Run
		hash string
		want string
	}{
		{"no output", ended(runs.Succeeded, nil), "a", "✓ local 1.5 s"},
		{"one output", ended(runs.Succeeded, func(r *runs.Run) { r.Outputs = []runs.Output{output("o0", "42")} }), "a", "✓ local 1.5 s → 42"},
		{"two outputs", ended(runs.Succeeded, func(r *runs.Run) { r.Outputs = []runs.Output{output("mean", "1.5"), output("n", "3")} }), "a", "✓ local 1.5 s → mean=1.5, n=3"},
		{"remote", ended(runs.Succeeded, func(r *runs.Run) { r.Target = runs.Remote }), "a", "✓ remote 1.5 s"},
		{"failed", ended(runs.Failed, failed("ValueError: no")), "a", "✗ local 1.5 s: ValueError: no"},
		{"failed with lines", ended(runs.Failed, failed("a\n\n  b\tc")), "a", "✗ local 1.5 s: a b c"},
		{"cancelled", ended(runs.Cancelled, nil), "a", "⊘ local cancelled"},
		{"lost", ended(runs.Lost, nil), "a", "⊘ local lost"},
		{"of an older source", ended(runs.Succeeded, nil), "b", "✓ local 1.5 s (older source)"},
		{"of a source that isn't known", ended(runs.Succeeded, nil), "", "✓ local 1.5 s"},
		{
			"a long output", ended(runs.Succeeded, func(r *runs.Run) { r.Outputs = []runs.Output{output("o0", strings.Repeat("é", 200))} }), "b",
			"✓ local 1.5 s → " + strings.Repeat("é", 80-17) + "… (older source)",
		},
	} {
		if got := codelens.Outcome(&test.run, test.hash, start.Add(time.Hour)); got != test.want {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
	}
	running := runs.Run{Target: runs.Remote, State: runs.Running, Phase: "running: a succeeded, b running", Started: start}
	if got, want := codelens.Progress(&running, start.Add(61999*time.Millisecond)), "◐ remote · running: a succeeded, b running · 1 min 1 s"; got != want {
		t.Errorf("progress %q, want %q", got, want)
	}
}
