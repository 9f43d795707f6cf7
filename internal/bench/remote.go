package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"go.lsp.dev/protocol"

	"github.com/flyte-lsp/flyte-lsp/internal/lspclient"
	"github.com/flyte-lsp/flyte-lsp/remote"
	"github.com/flyte-lsp/flyte-lsp/sandbox"
)

const remoteRounds = 7

// remoteRuns runs the quickstart on a sandbox of the bench's own, through the
// server and through pyflyte, in turns: as a new version, and again as it is.
// Each has a copy of its own, so that neither finds what the other registered.
func (b *bench) remoteRuns(ctx context.Context, report *report) (err error) {
	c, err := b.newContest(ctx)
	defer func() { err = errors.Join(err, c.close(ctx)) }()
	if err != nil {
		return err
	}
	turns := []struct {
		change func(context.Context, int) error
		run    func(context.Context) (time.Duration, error)
		took   [2]samples // new version, registered already
	}{
		{change: c.changeOurs, run: c.press},
		{change: c.changeTheirs, run: c.pyflyte},
	}
	// The first round warms up both and isn't counted.
	for round := range remoteRounds + 1 {
		for kind := range 2 {
			for i := range turns {
				turn := &turns[i]
				if kind == 0 {
					if err := turn.change(ctx, round); err != nil {
						return err
					}
				}
				took, err := turn.run(ctx)
				if err != nil {
					return err
				}
				if round > 0 {
					turn.took[kind] = append(turn.took[kind], took)
				}
			}
			tick()
		}
	}
	ours, theirs := turns[0].took, turns[1].took
	report.pair("press to CreateExecution, new version", ours[0], "pyflyte run --remote", theirs[0])
	report.pair("press to CreateExecution, registered already", ours[1], "pyflyte run --remote", theirs[1])
	ratio := theirs[0].median().Seconds() / ours[0].median().Seconds()
	report.goal(ratio >= 3, "press to CreateExecution at least 3 times faster than pyflyte run --remote: %.1f", ratio)
	return nil
}

// A contest is a sandbox, an observer before it, and two copies of the
// quickstart: one open in an editor, one for pyflyte.
type contest struct {
	bench    *bench
	dir      string // the sandbox's
	observer *observer
	backend  *remote.Client
	editor   *editor
	env      []string
	theirs   string // pyflyte's copy
	text     []byte // of the quickstart
	version  int    // of the editor's document
}

// newContest returns what was made when it fails, too, for close.
func (b *bench) newContest(ctx context.Context) (c *contest, err error) {
	c = &contest{bench: b, dir: filepath.Join(b.dir, "sandbox"), version: 1}
	status, err := sandbox.Start(ctx, b.binary, sandbox.Options{Dir: c.dir, Python: b.python})
	if err != nil {
		return c, err
	}
	if c.observer, err = observe(status.Endpoint); err != nil {
		return c, err
	}
	config := filepath.Join(b.dir, "flyte.yaml")
	settings := "admin:\n  endpoint: dns:///" + c.observer.endpoint + "\n  insecure: true\n"
	if err := os.WriteFile(config, []byte(settings), 0o600); err != nil {
		return c, err
	}
	c.env = []string{"FLYTECTL_CONFIG=" + config}
	if c.backend, err = remote.Dial(remote.Config{Endpoint: status.Endpoint, Insecure: true}); err != nil {
		return c, err
	}
	if c.editor, err = b.edit(ctx, "remote-ours", c.env...); err != nil {
		return c, err
	}
	if c.text, err = os.ReadFile(b.quick); err != nil {
		return c, err
	}
	c.theirs = filepath.Join(b.dir, "remote-theirs", filepath.Base(b.quick))
	return c, os.MkdirAll(filepath.Dir(c.theirs), 0o755)
}

func (c *contest) close(ctx context.Context) error {
	var errs []error
	if c.editor != nil {
		errs = append(errs, c.editor.client.Close(ctx))
	}
	if c.backend != nil {
		errs = append(errs, c.backend.Close())
	}
	if c.observer != nil {
		errs = append(errs, c.observer.close())
	}
	return errors.Join(append(errs, sandbox.Stop(ctx, c.dir))...)
}

// changeOurs writes a comment of its own into the editor's document and saves
// it.
func (c *contest) changeOurs(ctx context.Context, round int) error {
	c.version++
	comment := fmt.Sprintf("# ours, %d\n", round)
	if err := c.editor.client.Replace(ctx, c.editor.path, c.version, protocol.Range{}, comment); err != nil {
		return err
	}
	c.text = append([]byte(comment), c.text...)
	if err := os.WriteFile(c.editor.path, c.text, 0o644); err != nil {
		return err
	}
	return c.editor.client.Notify(ctx, protocol.MethodTextDocumentDidSave,
		map[string]any{"textDocument": map[string]any{"uri": lspclient.URI(c.editor.path)}})
}

func (c *contest) changeTheirs(_ context.Context, round int) error {
	text, err := os.ReadFile(c.bench.quick)
	if err != nil {
		return err
	}
	return os.WriteFile(c.theirs, append(text, fmt.Sprintf("\n# theirs, %d\n", round)...), 0o644)
}

// press presses "Run remote", takes the time until CreateExecution was
// answered, and ends the execution.
func (c *contest) press(ctx context.Context) (time.Duration, error) {
	ctx, done := context.WithTimeout(ctx, runTimeout)
	defer done()
	mark := c.editor.client.Mark()
	begin := time.Now()
	run, err := c.editor.press(ctx, "remote")
	if err != nil {
		return 0, err
	}
	ended := make(chan error, 1)
	var outcome string
	go func() {
		ended <- c.editor.client.FollowRun(ctx, mark, run, func(step lspclient.Progress) { outcome = step.Message })
	}()
	select {
	case answer := <-c.observer.created:
		if err := c.backend.Terminate(ctx, answer.id, "measured"); err != nil {
			return 0, err
		}
		return answer.at.Sub(begin), <-ended
	case err := <-ended:
		return 0, errors.Join(fmt.Errorf("the run ended before CreateExecution: %s", outcome), err)
	}
}

// pyflyte does the same in a terminal.
func (c *contest) pyflyte(ctx context.Context) (time.Duration, error) {
	ctx, done := context.WithTimeout(ctx, runTimeout)
	defer done()
	cmd := exec.CommandContext(ctx, c.bench.pyflyte(), "run", "--remote", c.theirs, entity)
	cmd.Dir = filepath.Dir(c.theirs)
	cmd.Env = append(os.Environ(), c.bench.env(c.env...)...)
	begin := time.Now()
	out, err := cmd.CombinedOutput()
	if err != nil {
		return 0, fmt.Errorf("pyflyte run --remote: %w\n%s", err, out)
	}
	select {
	case answer := <-c.observer.created:
		return answer.at.Sub(begin), c.backend.Terminate(ctx, answer.id, "measured")
	default:
		return 0, fmt.Errorf("pyflyte run --remote created no execution\n%s", out)
	}
}
