// Command bench measures flyte-lsp against what a user has without it, on this
// machine: pyflyte, and the language servers of Python. What is compared is
// measured in one run, in turns, so that ratios count, not milliseconds.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"time"
)

// bench is what all measurements need.
type bench struct {
	dir     string // scratch, removed at the end
	binary  string // flyte-lsp
	python  string // of an environment with flytekit
	tools   string // folder of ruff, ty and pyrefly
	pyright string // its language server
	quick   string // the quickstart's workflow.py

	stderr io.Writer // what the programs that are measured print
}

func main() {
	var b bench
	flag.StringVar(&b.binary, "binary", "bin/flyte-lsp", "the server")
	flag.StringVar(&b.python, "python", ".build/venv/bin/python", "interpreter of an environment with flytekit")
	flag.StringVar(&b.tools, "tools", ".build/tools/bin", "folder with the language servers ruff, ty and pyrefly")
	flag.StringVar(&b.pyright, "pyright", "internal/tools/pyright/node_modules/.bin/pyright-langserver", "the language server pyright")
	flag.StringVar(&b.quick, "quickstart", "examples/quickstart/workflow.py", "the quickstart")
	only := flag.String("only", "", "measure only what has this in its name")
	verbose := flag.Bool("v", false, "show what the measured programs print")
	flag.Parse()
	b.stderr = io.Discard
	if *verbose {
		b.stderr = os.Stderr
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := b.run(ctx, os.Stdout, *only); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func (b *bench) run(ctx context.Context, out io.Writer, only string) error {
	for _, path := range []*string{&b.binary, &b.python, &b.tools, &b.pyright, &b.quick} {
		full, err := filepath.Abs(*path)
		if err != nil {
			return err
		}
		if _, err := os.Stat(full); err != nil {
			return fmt.Errorf("%w: run it with `make bench`", err)
		}
		*path = full
	}
	dir, err := os.MkdirTemp("", "flyte-lsp-bench")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	// Servers and interpreters tell real paths, and macOS' folder for
	// temporary files is behind a link.
	if b.dir, err = filepath.EvalSymlinks(dir); err != nil {
		return err
	}
	var results report
	for _, part := range []struct {
		what    string
		measure func(context.Context, *report) error
	}{
		{"the index of a workspace", b.indexes},
		{"keystrokes in an editor, and the servers' memory", b.keystrokes},
		{"editing among many modules", b.editing},
		{"editing: renames", b.renames},
		{"editing: cancelled requests", b.cancellations},
		{"answers side by side", b.compare},
		{"local runs", b.localRuns},
		{"remote runs, up to CreateExecution", b.remoteRuns},
	} {
		if !strings.Contains(part.what, only) {
			continue
		}
		fmt.Fprintf(os.Stderr, "measuring %s ", part.what)
		begin := time.Now()
		if err := part.measure(ctx, &results); err != nil {
			fmt.Fprintln(os.Stderr)
			return errors.Join(fmt.Errorf("%s: %w", part.what, err), results.print(out))
		}
		fmt.Fprintf(os.Stderr, " %.0f s\n", time.Since(begin).Seconds())
	}
	return results.print(out)
}

// tick shows on stderr that a round is done.
func tick() { fmt.Fprint(os.Stderr, ".") }

// env is the environment of all that is measured: the interpreter's, and a
// state folder of the bench's own.
func (b *bench) env(more ...string) []string {
	return append([]string{
		"FLYTE_LSP_STATE_DIR=" + filepath.Join(b.dir, "state"),
		"VIRTUAL_ENV=" + filepath.Dir(filepath.Dir(b.python)),
	}, more...)
}

// settings are flyte-lsp's.
func (b *bench) settings() map[string]any { return map[string]any{"python": b.python} }

// pyflyte is flytekit's command line in the interpreter's environment.
func (b *bench) pyflyte() string { return filepath.Join(filepath.Dir(b.python), "pyflyte") }
