// Package demo plays the main job as an editor would: it starts the server as
// a child, opens the quickstart, presses lenses, reads hovers and diagnostics,
// and fails unless each step gives what it should.
package demo

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"go.lsp.dev/protocol"

	"github.com/flyte-lsp/flyte-lsp/internal/lspclient"
)

// Options say what is shown and where.
type Options struct {
	// File is the quickstart's workflow file.
	File string
	// Python is the interpreter that has flytekit; empty: it is looked for.
	Python string
	// Executable is the flyte-lsp binary.
	Executable string
	Out, Err   io.Writer
}

// timeout bounds the whole demo.
const timeout = 5 * time.Minute

// The workflow that is run, and what the run must give.
const (
	workflowName = "product_rating"
	wantResult   = "0.5"
)

type demo struct {
	Options
	client *lspclient.Client
	text   string
}

// Run plays the demo. Its error names the step that didn't give what it
// should.
func Run(ctx context.Context, options Options) error {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	file, err := filepath.Abs(options.File)
	if err != nil {
		return err
	}
	options.File = file
	text, err := os.ReadFile(file)
	if err != nil {
		return fmt.Errorf("the demo's file: %w: run the demo in the repository's folder, or name the file with --file", err)
	}
	d := &demo{Options: options, text: string(text)}
	d.say("$ flyte-lsp serve   (as an editor starts it)")
	settings := map[string]any{"config": "sandbox", "python": options.Python}
	d.client, err = lspclient.Start(ctx, []string{options.Executable, "serve"}, nil, options.Err, filepath.Dir(file), settings)
	if err != nil {
		return err
	}
	err = d.play(ctx)
	return errors.Join(err, d.client.Close(context.WithoutCancel(ctx)))
}

func (d *demo) play(ctx context.Context) error {
	steps := []struct {
		name string
		play func(context.Context) error
	}{
		{"open the quickstart", d.open},
		{"run locally", func(ctx context.Context) error { return d.run(ctx, "▶ Run locally", "✓ local") }},
		{"run remote, on the sandbox", func(ctx context.Context) error { return d.run(ctx, "▶ Run remote", "✓ remote") }},
		{"hover over the workflow", d.hover},
		{"make a mistake", d.mistake},
	}
	for _, step := range steps {
		start := time.Now()
		d.say("\n── %s", step.name)
		if err := step.play(ctx); err != nil {
			return fmt.Errorf("demo: %s: %w", step.name, err)
		}
		d.say("   (%.2f s)", time.Since(start).Seconds())
	}
	d.say("\nAll steps gave what they should.")
	return nil
}

func (d *demo) say(format string, args ...any) { fmt.Fprintf(d.Out, format+"\n", args...) }

// open shows the lenses and that there are no diagnostics.
func (d *demo) open(ctx context.Context) error {
	mark := d.client.Mark()
	if err := d.client.Open(ctx, d.File, "python"); err != nil {
		return err
	}
	diagnostics, err := d.client.Diagnostics(ctx, mark, d.File, 1)
	if err != nil {
		return err
	}
	lenses, err := d.client.Lenses(ctx, d.File)
	if err != nil {
		return err
	}
	rows, titles := []uint32{}, map[uint32][]string{}
	for _, lens := range lenses {
		row := lens.Range.Start.Line
		if titles[row] == nil {
			rows = append(rows, row)
		}
		titles[row] = append(titles[row], lens.Command.Title)
	}
	lines := strings.Split(d.text, "\n")
	for _, row := range rows {
		d.say("   %3d  %s", row+1, strings.Join(titles[row], " | "))
		d.say("        %s", lines[row])
		if row+1 < uint32(len(lines)) && strings.HasPrefix(lines[row], "@") {
			d.say("        %s", lines[row+1])
		}
	}
	d.say("   diagnostics: %d", len(diagnostics))
	if len(rows) != 4 || len(diagnostics) != 0 {
		return fmt.Errorf("want lenses above 4 entities and no diagnostics, got %d and %v", len(rows), diagnostics)
	}
	return nil
}

// run presses a lens of the workflow, shows the progress, and expects the
// lens that tells the result.
func (d *demo) run(ctx context.Context, press, want string) error {
	lens, err := d.lens(ctx, press)
	if err != nil {
		return err
	}
	d.say("   press %s", press)
	mark := d.client.Mark()
	var answer struct {
		Run string `json:"run"`
	}
	if err := d.client.Press(ctx, lens, &answer); err != nil {
		return err
	}
	err = d.client.FollowRun(ctx, mark, answer.Run, func(step lspclient.Progress) {
		if step.Message != "" {
			d.say("   %s", step.Message)
		}
	})
	if err != nil {
		return err
	}
	result, err := d.lens(ctx, want)
	if err != nil {
		return err
	}
	d.say("   lens: %s", result.Command.Title)
	if !strings.Contains(result.Command.Title, wantResult) {
		return fmt.Errorf("want the result %s in the lens, got %q", wantResult, result.Command.Title)
	}
	if result.Command.Command == "flyte.openExecution" {
		var address string
		if err := d.client.Press(ctx, result, &address); err != nil {
			return err
		}
		d.say("   execution: %s", address)
	}
	return nil
}

// lens finds the workflow's lens whose title starts with the given words.
func (d *demo) lens(ctx context.Context, title string) (protocol.CodeLens, error) {
	lenses, err := d.client.Lenses(ctx, d.File)
	if err != nil {
		return protocol.CodeLens{}, err
	}
	row := d.find("@workflow").Line
	for _, lens := range lenses {
		if lens.Range.Start.Line == row && strings.HasPrefix(lens.Command.Title, title) {
			return lens, nil
		}
	}
	return protocol.CodeLens{}, fmt.Errorf("%s has no lens %q", workflowName, title)
}

// find is the position of a text's first occurrence.
func (d *demo) find(text string) protocol.Position {
	before, _, _ := strings.Cut(d.text, text)
	line := strings.Count(before, "\n")
	return protocol.Position{Line: uint32(line), Character: uint32(len(before) - strings.LastIndex(before, "\n") - 1)}
}

func (d *demo) hover(ctx context.Context) error {
	text, err := d.client.Hover(ctx, d.File, d.find(workflowName+"("))
	if err != nil {
		return err
	}
	for line := range strings.Lines(text) {
		fmt.Fprint(d.Out, "   | "+line)
	}
	if !strings.Contains(text, "**local** · succeeded") || !strings.Contains(text, "**remote** · succeeded") {
		return errors.New("want both results in the hover")
	}
	return nil
}

// mistake misspells an input in the open document.
func (d *demo) mistake(ctx context.Context) error {
	const right, wrong = "limit=limit", "limits=limit"
	at := d.find(right)
	mark := d.client.Mark()
	end := protocol.Position{Line: at.Line, Character: at.Character + uint32(len(right))}
	if err := d.client.Replace(ctx, d.File, 2, protocol.Range{Start: at, End: end}, wrong); err != nil {
		return err
	}
	diagnostics, err := d.client.Diagnostics(ctx, mark, d.File, 2)
	if err != nil {
		return err
	}
	d.say("   typed %s instead of %s", wrong, right)
	found := false
	for _, diagnostic := range diagnostics {
		d.say("   %s:%d:%d: %v: %s", filepath.Base(d.File), diagnostic.Range.Start.Line+1, diagnostic.Range.Start.Character+1, diagnostic.Code, diagnostic.Message)
		found = found || diagnostic.Code == "call-unknown-input" && diagnostic.Range.Start == at
	}
	if !found {
		return errors.New("want the diagnostic call-unknown-input at the misspelt name")
	}
	return nil
}
