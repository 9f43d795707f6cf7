package main

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/flyte-lsp/flyte-lsp/changes"
	"github.com/flyte-lsp/flyte-lsp/local"
	"github.com/flyte-lsp/flyte-lsp/workspace"
)

func newDiffCommand() *cobra.Command {
	var revision, format string
	var reading reading
	cmd := &cobra.Command{
		Use:   "diff --base REV [flags] [PATH...]",
		Short: "Tell what a change does to interfaces, and what breaks by it",
		Long: `Tell what a change does to the interfaces of tasks, workflows and launch plans:
which inputs and outputs come, go or change, and which callers, launch plans and
inputs documents of the repository don't fit any more. The files as they are now
are compared with a revision of their git repository, which is read without
touching the work tree. Without a path, the working folder is compared.

The exit code is 0 if nothing breaks, 1 if something does, 2 for a mistake in
what was asked for.`,
		Example: `  flyte-lsp diff --base origin/main
  flyte-lsp diff --base HEAD~1 --format markdown workflows/`,
	}
	f := cmd.Flags()
	f.StringVar(&revision, "base", "", "revision to compare with")
	f.StringVar(&format, "format", "text", "form of what is told: "+strings.Join(slices.Sorted(maps.Keys(changes.Formats)), ", "))
	reading.add(f)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		write := changes.Formats[format]
		switch {
		case write == nil:
			return &exitError{exitUsage, fmt.Sprintf("--format %s: want one of %s", format, strings.Join(slices.Sorted(maps.Keys(changes.Formats)), ", "))}
		case revision == "":
			return &exitError{exitUsage, "want the revision to compare with: --base REV"}
		}
		found, problems, err := reading.changes(cmd, revision, args)
		if mistake := (*changes.InputError)(nil); errors.As(err, &mistake) {
			return &exitError{exitUsage, mistake.Message}
		} else if err != nil {
			return err
		}
		for _, problem := range problems {
			fmt.Fprintln(cmd.ErrOrStderr(), "flyte-lsp:", problem)
		}
		if err := write(cmd.OutOrStdout(), found); err != nil {
			return err
		}
		if changes.Breaking(found) {
			return &exitError{exitFailed, ""}
		}
		return nil
	}
	return cmd
}

// changes compares what is at paths with a revision.
func (r *reading) changes(cmd *cobra.Command, revision string, args []string) (found []*changes.Change, problems []error, err error) {
	folder, err := os.Getwd()
	if err != nil {
		return nil, nil, err
	}
	if folder, err = filepath.EvalSymlinks(folder); err != nil { // git tells real paths
		return nil, nil, err
	}
	if len(args) == 0 {
		args = []string{"."}
	}
	paths := make([]string, len(args))
	for i, arg := range args {
		if paths[i] = arg; !filepath.IsAbs(arg) {
			paths[i] = filepath.Join(folder, arg)
		}
		if real, err := filepath.EvalSymlinks(paths[i]); err == nil {
			paths[i] = real
		}
	}
	base, err := changes.Checkout(cmd.Context(), folder, revision)
	if err != nil {
		return nil, nil, err
	}
	defer func() { err = errors.Join(err, base.Close()) }()
	after, err := r.workspace(paths)
	if err != nil {
		return nil, nil, err
	}
	return changes.Compare(cmd.Context(), base, r.baseWorkspace(base), after, paths, folder)
}

// baseWorkspace is one of the base, with the interpreters and the source roots
// of the work tree.
func (r *reading) baseWorkspace(base *changes.Base) *workspace.Workspace {
	w := workspace.New()
	w.SetInterpreter(func(dir string) (string, string) {
		if real, ok := base.WorkTree(dir); ok {
			dir = real
		}
		return local.InterpreterOf(dir, r.python)
	})
	var roots []string
	for _, root := range r.sourceRoots {
		if full, err := filepath.Abs(root); err == nil {
			if moved, ok := base.Of(full); ok {
				roots = append(roots, moved)
			}
		}
	}
	w.SetSourceRoots(roots)
	w.SetFolders([]string{base.Folder})
	return w
}
