package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
	"time"
)

// samples are the times of one program in one measurement.
type samples []time.Duration

func (s samples) median() time.Duration { return s.quantile(0.5) }

// quantile is the value that a share q of the samples doesn't exceed.
func (s samples) quantile(q float64) time.Duration {
	sorted := slices.Sorted(slices.Values(s))
	return sorted[int(q*float64(len(sorted)-1)+0.5)]
}

func (s samples) String() string {
	return fmt.Sprintf("%s (p95 %s)", milliseconds(s.median()), milliseconds(s.quantile(0.95)))
}

func milliseconds(d time.Duration) string {
	ms := d.Seconds() * 1000
	if ms < 100 {
		return fmt.Sprintf("%.1f ms", ms)
	}
	return fmt.Sprintf("%.0f ms", ms)
}

// report is the table that is printed, and the goals.
type report struct {
	rows  [][5]string
	goals []string
	// places is a table of what servers answer, with its head.
	places [][]string
}

// pair adds what flyte-lsp and another program took for the same.
func (r *report) pair(what string, ours samples, peer string, theirs samples) {
	ratio := fmt.Sprintf("%.1f x", theirs.median().Seconds()/ours.median().Seconds())
	r.rows = append(r.rows, [5]string{fmt.Sprintf("%s (%d times)", what, len(ours)), ours.String(), theirs.String(), peer, ratio})
}

// memory adds what flyte-lsp and another server hold, in bytes.
func (r *report) memory(what string, ours int64, peer string, theirs int64) {
	ratio := fmt.Sprintf("%.1f x", float64(theirs)/float64(ours))
	r.rows = append(r.rows, [5]string{what, mebibytes(ours), mebibytes(theirs), peer, ratio})
}

func mebibytes(bytes int64) string { return fmt.Sprintf("%.1f MiB", float64(bytes)/(1<<20)) }

// goal adds one of the project's goals and whether this run met it.
func (r *report) goal(met bool, format string, args ...any) {
	word := "met   "
	if !met {
		word = "MISSED"
	}
	r.goals = append(r.goals, word+"  "+fmt.Sprintf(format, args...))
}

func (r *report) print(out io.Writer) error {
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	if len(r.rows) > 0 {
		fmt.Fprintln(table, "\nmedian\tflyte-lsp\tthe other\t\tratio")
	}
	for _, row := range r.rows {
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\n", row[0], row[1], row[2], row[3], row[4])
	}
	if err := table.Flush(); err != nil {
		return err
	}
	for i, row := range r.places {
		fmt.Fprintf(out, "| %s |\n", strings.Join(row, " | "))
		if i == 0 {
			fmt.Fprintln(out, "|"+strings.Repeat("---|", len(row)))
		}
	}
	if len(r.goals) > 0 {
		fmt.Fprintln(out, "\ngoals")
	}
	for _, goal := range r.goals {
		fmt.Fprintln(out, goal)
	}
	return nil
}
