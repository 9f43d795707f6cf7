package complete_test

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/flyte-lsp/flyte-lsp/editing/complete"
	"github.com/flyte-lsp/flyte-lsp/internal/bench/project"
	"github.com/flyte-lsp/flyte-lsp/internal/testenv"
	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyte-lsp/flyte-lsp/workspace"
)

// BenchmarkAt completes at several kinds of places in a long module among 2,000
// others, each time after a character was typed there, and tells the 95th percentile.
func BenchmarkAt(b *testing.B) {
	root := b.TempDir()
	if _, err := project.Write(root, 2000); err != nil {
		b.Fatal(err)
	}
	path := filepath.Join(root, "forecast.py")
	text := []byte(project.LongModule())
	if err := os.WriteFile(path, text, 0o644); err != nil {
		b.Fatal(err)
	}
	python := testenv.Python(b)
	w := workspace.New()
	w.SetInterpreter(func(string) (string, string) { return python, "" })
	w.SetFolders([]string{root})
	w.Open(path, 1, text)
	if _, err := w.Index(b.Context(), nil); err != nil {
		b.Fatal(err)
	}
	words := new(complete.Words)
	begin := time.Now()
	words.Update(b.Context(), w.Snapshot().WorkflowFiles())
	b.Logf("the words of all files are found in %s", time.Since(begin))
	for _, place := range []struct{ name, before, typed string }{
		{"inputs", "total_3(", "f"},
		{"value", "total_3(sales=", "s"},
		{"keyword", "@task(cache=True, ", "r"},
		{"quantity", "Resources(cpu=\"", "1"},
		{"plain", "amounts = ", "a"},
	} {
		b.Run(place.name, func(b *testing.B) {
			version, took := int32(1), []time.Duration(nil)
			at := bytes.LastIndex(text, []byte(place.before)) + len(place.before)
			position := parser.NewSource(text).Position(at)
			behind := parser.Position{Line: position.Line, Character: position.Character + len(place.typed)}
			change := func(span [2]parser.Position, to string) {
				version++
				if err := w.Change(path, version, []workspace.Change{{Range: &span, Text: to}}); err != nil {
					b.Fatal(err)
				}
			}
			for b.Loop() {
				change([2]parser.Position{position, position}, place.typed)
				begin := time.Now()
				if _, err := complete.At(b.Context(), w.Snapshot(), path, at+len(place.typed), complete.Options{Words: words}); err != nil {
					b.Fatal(err)
				}
				took = append(took, time.Since(begin))
				b.StopTimer()
				change([2]parser.Position{position, behind}, "")
				b.StartTimer()
			}
			slices.Sort(took)
			b.ReportMetric(float64(took[len(took)*95/100].Microseconds())/1000, "p95-ms")
		})
	}
}
