package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/flyte-lsp/flyte-lsp/graph"
	"github.com/flyte-lsp/flyte-lsp/internal/state"
	"github.com/flyte-lsp/flyte-lsp/runs"
)

// allLevels is a depth that no workflow has: flytekit compiles it by recursion.
const allLevels = 1000

type graphOptions struct {
	reading reading
	format  string
	output  string
	depth   int
	open    bool
	lastRun bool
}

func newGraphCommand() *cobra.Command {
	var options graphOptions
	cmd := &cobra.Command{
		Use:   "graph [flags] FILE ENTITY",
		Short: "Draw the graph of a workflow",
		Long: `Draw the graph of a workflow or launch plan: its nodes, conditionals with their
cases, gates, the failure handler, and which outputs go into which inputs. A task
is a single node. Nothing is run or imported.

Sub-workflows, launch plans and dynamic workflows are single nodes unless they
are opened. What the source doesn't tell is drawn as "…", and told on stderr.`,
		Example: `  flyte-lsp graph workflow.py my_workflow -o graph.svg
  flyte-lsp graph workflow.py my_workflow --format mermaid --open
  flyte-lsp graph workflow.py my_workflow --format json --last-run`,
		Args: cobra.ExactArgs(2),
	}
	flags := cmd.Flags()
	flags.StringVar(&options.format, "format", "svg", "form of the graph: "+strings.Join(graphFormats(), ", "))
	flags.StringVarP(&options.output, "output", "o", "", "file to write; else stdout")
	flags.BoolVar(&options.open, "open", false, "open sub-workflows, launch plans and dynamic workflows, all levels of them")
	flags.IntVar(&options.depth, "depth", 0, "how many levels of them to open")
	flags.BoolVar(&options.lastRun, "last-run", false, "show phases and times of the last run")
	options.reading.add(flags)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		return options.draw(cmd, args[0], args[1])
	}
	return cmd
}

func graphFormats() []string { return slices.Sorted(maps.Keys(graph.Formats)) }

func (o *graphOptions) draw(cmd *cobra.Command, path, name string) error {
	ctx := cmd.Context()
	write := graph.Formats[o.format]
	switch {
	case write == nil:
		return &exitError{exitUsage, fmt.Sprintf("--format %s: want one of %s", o.format, strings.Join(graphFormats(), ", "))}
	case o.depth < 0:
		return &exitError{exitUsage, fmt.Sprintf("--depth %d: want 0 or more", o.depth)}
	case o.open:
		o.depth = allLevels
	}
	drawn, err := o.graph(ctx, path, name)
	if err != nil {
		return err
	}
	text, err := write(ctx, drawn)
	if err != nil {
		return err
	}
	for _, reason := range drawn.Incomplete {
		fmt.Fprintln(cmd.ErrOrStderr(), "flyte-lsp: "+placeText(reason)+reason.Message)
	}
	switch run := drawn.Run; {
	case o.lastRun && run == nil:
		fmt.Fprintf(cmd.ErrOrStderr(), "flyte-lsp: the history has no run of %s\n", name)
	case run != nil && run.Older:
		fmt.Fprintf(cmd.ErrOrStderr(), "flyte-lsp: %s has changed since its last run, so the nodes have no phases\n", name)
	}
	if o.output == "" {
		_, err = io.WriteString(cmd.OutOrStdout(), text)
		return err
	}
	if err := os.WriteFile(o.output, []byte(text), 0o644); err != nil {
		return fmt.Errorf("the graph can't be written: %w", err)
	}
	return nil
}

func placeText(reason graph.Reason) string {
	if reason.File == "" {
		return ""
	}
	if reason.Cell > 0 {
		return fmt.Sprintf("%s:cell %d:%d: ", reason.File, reason.Cell, reason.Line)
	}
	return fmt.Sprintf("%s:%d: ", reason.File, reason.Line)
}

// graph is the graph of an entity of a file. Its errors are a user's mistakes.
func (o *graphOptions) graph(ctx context.Context, path, name string) (*graph.Graph, error) {
	w, err := o.reading.workspace([]string{path})
	if err != nil {
		return nil, err
	}
	full, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	snapshot := w.Snapshot()
	file, err := snapshot.File(full)
	if err != nil {
		return nil, &exitError{exitUsage, err.Error()}
	}
	module, err := snapshot.Module(ctx, full)
	if err != nil {
		return nil, err
	}
	entity, err := module.Named(name, path)
	if err != nil {
		return nil, &exitError{exitUsage, err.Error()}
	}
	options := graph.Options{Depth: o.depth}
	if o.lastRun {
		if options.Runs, err = lastRuns(ctx, full); err != nil {
			return nil, err
		}
	}
	return graph.Of(ctx, snapshot, file, entity, options)
}

// lastRuns are the newest runs of the entities of a file, from the history.
func lastRuns(ctx context.Context, path string) ([]*runs.Run, error) {
	dir, err := state.Dir()
	if err != nil {
		return nil, err
	}
	store, err := runs.OpenStore(ctx, dir)
	if unreadable := (*runs.UnreadableHistoryError)(nil); err != nil && !errors.As(err, &unreadable) {
		return nil, err
	} else if err != nil {
		newLog().Warn(err.Error())
	}
	defer func() { _ = store.Close() }() // it was only read
	return store.Latest(ctx, path)
}
