package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/flyte-lsp/flyte-lsp/internal/lspclient"
)

// entity is what is run of the quickstart.
const entity = "product_rating"

const localRounds = 10

// runTimeout bounds one run.
const runTimeout = time.Minute

// An editor is flyte-lsp with a copy of the quickstart open in it.
type editor struct {
	client *lspclient.Client
	path   string
}

// edit starts an editor on a copy of the quickstart.
func (b *bench) edit(ctx context.Context, name string, env ...string) (*editor, error) {
	root := filepath.Join(b.dir, name)
	path := filepath.Join(root, filepath.Base(b.quick))
	text, err := os.ReadFile(b.quick)
	if err != nil {
		return nil, err
	}
	if err := errors.Join(os.MkdirAll(root, 0o755), os.WriteFile(path, text, 0o644)); err != nil {
		return nil, err
	}
	client, err := lspclient.Start(ctx, []string{b.binary, "serve"}, b.env(env...), b.stderr, root, b.settings())
	if err != nil {
		return nil, err
	}
	if err := client.Open(ctx, path, "python"); err != nil {
		return nil, errors.Join(err, client.Close(ctx))
	}
	return &editor{client: client, path: path}, nil
}

// press presses a run lens of the entity and returns the run's id.
func (e *editor) press(ctx context.Context, target string) (run string, err error) {
	var answer struct {
		Run string `json:"run"`
	}
	err = e.client.Call(ctx, "workspace/executeCommand", map[string]any{
		"command":   "flyte.run",
		"arguments": []any{map[string]any{"uri": lspclient.URI(e.path), "entity": entity, "target": target}},
	}, &answer)
	if err == nil && answer.Run == "" {
		err = errors.New("no run was started")
	}
	return answer.Run, err
}

// run presses a lens and waits until the run has ended; outcome is what the
// progress display says last.
func (e *editor) run(ctx context.Context, target string) (took time.Duration, outcome string, err error) {
	ctx, done := context.WithTimeout(ctx, runTimeout)
	defer done()
	mark := e.client.Mark()
	begin := time.Now()
	run, err := e.press(ctx, target)
	if err != nil {
		return 0, "", err
	}
	err = e.client.FollowRun(ctx, mark, run, func(step lspclient.Progress) { outcome = step.Message })
	return time.Since(begin), outcome, err
}

// localRuns runs the quickstart through the server and through pyflyte, in
// turns. The first run, which waits for the worker to start, isn't counted.
func (b *bench) localRuns(ctx context.Context, report *report) (err error) {
	editor, err := b.edit(ctx, "local")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, editor.client.Close(ctx)) }()
	var ours, theirs samples
	for round := range localRounds + 1 {
		took, outcome, err := editor.run(ctx, "local")
		if err != nil {
			return err
		}
		if !strings.Contains(outcome, "Rating") {
			return fmt.Errorf("the run's outcome is %q", outcome)
		}
		peer, err := b.pyflyteRun(ctx, editor.path)
		if err != nil {
			return err
		}
		if round > 0 {
			ours, theirs = append(ours, took), append(theirs, peer)
		}
		tick()
	}
	report.pair("local run of the quickstart, warm", ours, "pyflyte run", theirs)
	ratio := theirs.median().Seconds() / ours.median().Seconds()
	report.goal(ratio >= 10, "warm local run at least 10 times faster than pyflyte run: %.1f", ratio)
	return nil
}

// pyflyteRun runs the quickstart as a user does in a terminal.
func (b *bench) pyflyteRun(ctx context.Context, path string) (time.Duration, error) {
	ctx, done := context.WithTimeout(ctx, runTimeout)
	defer done()
	cmd := exec.CommandContext(ctx, b.pyflyte(), "run", path, entity)
	cmd.Dir = filepath.Dir(path)
	cmd.Env = append(os.Environ(), b.env()...)
	begin := time.Now()
	out, err := cmd.CombinedOutput()
	took := time.Since(begin)
	if err == nil && !strings.Contains(string(out), "Rating(") {
		err = errors.New("it printed no Rating")
	}
	if err != nil {
		return 0, fmt.Errorf("pyflyte run: %w\n%s", err, out)
	}
	return took, nil
}
