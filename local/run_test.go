package local

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/flyte-lsp/flyte-lsp/internal/testenv"
)

// shared is the pool of all tests that need nothing special, so that flytekit
// is imported once.
var shared = NewPool(slog.New(slog.NewTextHandler(io.Discard, nil)))

func TestMain(m *testing.M) {
	code := m.Run()
	shared.Close()
	os.Exit(code)
}

// write makes a project folder with files.
func write(t testing.TB, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// attempt is a run of an entity of a module's text, with what it printed.
type attempt struct {
	result *Result
	err    error
	output string
	events []Event
}

// try runs an entity of a text as the module flow.py.
func try(t testing.TB, text, entity string, inputs map[string]any) attempt {
	t.Helper()
	return runFile(t, filepath.Join(write(t, map[string]string{"flow.py": text}), "flow.py"), entity, inputs)
}

func runFile(t testing.TB, file, entity string, inputs map[string]any) attempt {
	t.Helper()
	a := attempt{}
	log := filepath.Join(t.TempDir(), "log")
	job := Job{File: file, Entity: entity, Inputs: inputs, Log: log}
	a.result, a.err = shared.Run(context.Background(), python(t), job, func(e Event) { a.events = append(a.events, e) })
	printed, err := os.ReadFile(log)
	if err != nil {
		t.Fatal(err)
	}
	a.output = string(printed)
	return a
}

// summary is the outputs as text, or the error.
func (a attempt) summary() string {
	if a.err != nil {
		return fmt.Sprintf("%T: %v", a.err, a.err)
	}
	texts := make([]string, len(a.result.Outputs))
	for i, o := range a.result.Outputs {
		value := "no JSON"
		if o.Value != nil {
			value = string(o.Value)
		}
		texts[i] = fmt.Sprintf("%s %s = %s (%s)", o.Name, o.Type, o.Text, value)
	}
	return strings.Join(texts, "; ")
}

func TestQuickstart(t *testing.T) {
	for entity, want := range map[string]string{
		"product_rating": `o0 Rating = Rating(reviews=4, score=0.5) ({"reviews": 4, "score": 0.5})`,
		"short_rating":   `o0 Rating = Rating(reviews=2, score=1.0) ({"reviews": 2, "score": 1.0})`,
	} {
		a := runFile(t, testenv.Quickstart(t), entity, nil)
		if got := a.summary(); got != want {
			t.Errorf("%s gave %s, want %s", entity, got, want)
		}
	}
	a := runFile(t, testenv.Quickstart(t), "fetch_reviews", map[string]any{"limit": 1})
	if want := `o0 List[str] = ['great battery, great screen'] (["great battery, great screen"])`; a.summary() != want {
		t.Errorf("fetch_reviews gave %s, want %s", a.summary(), want)
	}
	if a.output != "fetched 1 reviews\n" {
		t.Errorf("the log holds %q", a.output)
	}
}

func python(t testing.TB) string {
	if p := os.Getenv("FK"); p != "" {
		return p
	}
	return testenv.Python(t)
}
