// Package doctor examines what flyte-lsp depends on: an interpreter with
// flytekit, Flyte's configuration, a backend, and a state folder.
package doctor

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/flyte-lsp/flyte-lsp/internal/state"
	"github.com/flyte-lsp/flyte-lsp/local"
	"github.com/flyte-lsp/flyte-lsp/remote"
	"github.com/flyte-lsp/flyte-lsp/runs"
	"github.com/flyte-lsp/flyte-lsp/sandbox"
)

// Options say for what file and with what settings to look.
type Options struct {
	File, WorkDir  string
	Python, Config string
	Version        string
}

// pingTimeout bounds the wait for the backend.
const pingTimeout = 5 * time.Second

// Examine prints what it finds and reports whether nothing is missing. What
// is missing comes with what to do about it.
func Examine(ctx context.Context, options Options, to io.Writer) bool {
	d := &examination{Options: options, to: to, well: true}
	d.good("flyte-lsp", "%s, %s/%s", options.Version, runtime.GOOS, runtime.GOARCH)
	d.interpreter(ctx)
	d.backend(ctx)
	d.state(ctx)
	return d.well
}

type examination struct {
	Options
	to   io.Writer
	well bool
}

func (d *examination) line(mark, what, format string, args ...any) {
	fmt.Fprintf(d.to, "%s %-12s %s\n", mark, what, fmt.Sprintf(format, args...))
}

func (d *examination) good(what, format string, args ...any) { d.line("✓", what, format, args...) }

func (d *examination) note(what, format string, args ...any) { d.line("·", what, format, args...) }

func (d *examination) bad(what string, err error) {
	d.well = false
	d.line("✗", what, "%s", err)
}

func (d *examination) interpreter(ctx context.Context) {
	file, err := filepath.Abs(d.File)
	if err != nil {
		d.bad("interpreter", err)
		return
	}
	if info, err := os.Stat(file); err == nil && info.IsDir() {
		file = filepath.Join(file, "workflow.py") // any file there
	}
	python, err := local.FindInterpreter(file, d.Python, os.Getenv)
	for _, place := range python.Looked {
		d.note("", "looked at %s", place)
	}
	if err != nil {
		d.bad("interpreter", err)
		return
	}
	info, err := local.Probe(ctx, python.Path)
	if info.Python != "" {
		d.good("interpreter", "%s, Python %s, found by %s", python.Path, info.Python, python.FoundBy)
	} else if err == nil {
		d.good("interpreter", "%s, found by %s", python.Path, python.FoundBy)
	}
	if err != nil {
		d.bad("flytekit", err)
		return
	}
	d.good("flytekit", "%s", info.Flytekit)
}

func (d *examination) backend(ctx context.Context) {
	status, sandboxErr := sandbox.Find(ctx, "")
	switch {
	case sandboxErr != nil:
		d.bad("sandbox", sandboxErr)
	case status.Running:
		d.good("sandbox", "runs at %s, process %d, data in %s", status.Endpoint, status.PID, status.Dir)
	default:
		d.note("sandbox", "doesn't run; a remote run starts it where no backend is configured, or `flyte-lsp sandbox start`")
	}
	config, err := runs.FindConfig(d.Config, d.WorkDir)
	var none *remote.NoConfigError
	if d.Config == runs.SandboxConfig || errors.As(err, &none) {
		if none != nil {
			d.note("config", "none, looked at %s: remote runs use the sandbox", strings.Join(none.Looked, ", "))
		}
		return
	}
	if err != nil {
		d.bad("config", err)
		return
	}
	d.good("config", "%s", config.Source)
	client, err := remote.Dial(config)
	if err != nil {
		d.bad("backend", err)
		return
	}
	defer client.Close()
	ctx, done := context.WithTimeout(ctx, pingTimeout)
	defer done()
	if err := client.Ping(ctx); err != nil {
		d.bad("backend", err)
		return
	}
	d.good("backend", "%s answers", config.Endpoint)
}

func (d *examination) state(ctx context.Context) {
	dir, err := state.Dir()
	if err != nil {
		d.bad("state", err)
		return
	}
	store, err := runs.OpenStore(ctx, dir)
	if store != nil {
		defer store.Close()
	}
	if err != nil {
		d.bad("history", err)
		return
	}
	d.good("history", "in %s", dir)
}
