package hover_test

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/flyte-lsp/flyte-lsp/editing/hover"
	"github.com/flyte-lsp/flyte-lsp/internal/bench/project"
	"github.com/flyte-lsp/flyte-lsp/internal/testenv"
	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyte-lsp/flyte-lsp/runs"
	"github.com/flyte-lsp/flyte-lsp/workspace"
)

// BenchmarkAt hovers over several kinds of places in a long module among 2,000
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
	known := hover.Known{Latest: func(string) []*runs.Run { return nil }, Now: time.Now()}
	for _, place := range []struct{ name, text string }{
		{"entity", "total_3("}, {"input", "sales="}, {"keyword", "cache=True"}, {"quantity", "500m"}, {"plain", "amounts = "},
	} {
		b.Run(place.name, func(b *testing.B) {
			version, took := int32(1), []time.Duration(nil)
			at := bytes.LastIndex(text, []byte(place.text))
			if at < 0 {
				b.Fatal("the module has no " + place.text)
			}
			begin := parser.NewSource(text).Position(bytes.LastIndexByte(text[:at], '\n') + 1)
			end := parser.Position{Line: begin.Line, Character: begin.Character + 1}
			for b.Loop() {
				for _, change := range []workspace.Change{{Range: &[2]parser.Position{begin, begin}, Text: " "}, {Range: &[2]parser.Position{begin, end}}} {
					version++
					if err := w.Change(path, version, []workspace.Change{change}); err != nil {
						b.Fatal(err)
					}
				}
				start := time.Now()
				if _, err := hover.At(b.Context(), w.Snapshot(), path, at, known); err != nil {
					b.Fatal(err)
				}
				took = append(took, time.Since(start))
			}
			slices.Sort(took)
			b.ReportMetric(float64(took[len(took)*95/100].Microseconds())/1000, "p95-ms")
		})
	}
}
