package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/flyte-lsp/flyte-lsp/analysis"
	"github.com/flyte-lsp/flyte-lsp/checks"
	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyte-lsp/flyte-lsp/parser/notebook"
	"github.com/flyte-lsp/flyte-lsp/workspace"
)

// checkFlags are what is typed behind `flyte-lsp check`.
type checkFlags struct {
	reading
	format, baseline, stdinName string
	selected, ignored           []string
	fix, diff, writeBaseline    bool
}

func newCheckCommand() *cobra.Command {
	var flags checkFlags
	cmd := &cobra.Command{
		Use:   "check [flags] PATH...",
		Short: "Tell what flytekit or the backend would reject in files and folders",
		Long: `Tell what flytekit or the backend would reject in files and folders, and what
would fail or surprise later. Nothing is run or imported. "-" stands for a file
on stdin. Of a notebook that is named, the cells are read.

A rule is chosen by its code, by the beginning of codes ("lp-*"), or by their
first words ("lp"). 'flyte-lsp rules' lists them. Of a project, the table
[tool.flyte-lsp.rules] of pyproject.toml counts; a comment
"# flyte: ignore[code]" hides what is found in its line.

The exit code is 0 without errors, 1 with errors or files that can't be read,
2 for a mistake in what was asked for.`,
		Example: `  flyte-lsp check .
  flyte-lsp check --fix workflows/
  flyte-lsp check --baseline flyte-baseline.json --write-baseline .
  flyte-lsp check --format sarif . > flyte.sarif`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, paths []string) error { return flags.run(cmd, paths) },
	}
	f := cmd.Flags()
	f.StringVar(&flags.format, "format", "", "form of what is found: "+strings.Join(checks.FormatNames(), ", ")+"; else text, or github in GitHub Actions")
	f.StringSliceVar(&flags.selected, "select", nil, "rules to look with; else all")
	f.StringSliceVar(&flags.ignored, "ignore", nil, "rules to leave out")
	f.BoolVar(&flags.fix, "fix", false, "fix what can be fixed without a decision, and tell what is left")
	f.BoolVar(&flags.diff, "diff", false, "print what --fix would change, and change nothing")
	f.StringVar(&flags.baseline, "baseline", "", "file with what isn't told, because it was there before")
	f.BoolVar(&flags.writeBaseline, "write-baseline", false, "make the --baseline of what is found")
	f.StringVar(&flags.stdinName, "stdin-filename", "stdin.py", "path of the file on stdin")
	flags.add(f)
	return cmd
}

func (f *checkFlags) run(cmd *cobra.Command, paths []string) error {
	format, err := f.formatOf(os.Getenv)
	if err != nil {
		return err
	}
	switch {
	case f.fix && f.diff:
		return &exitError{exitUsage, "--fix and --diff: want one of them"}
	case f.writeBaseline && f.baseline == "":
		return &exitError{exitUsage, "--write-baseline: want the file with --baseline FILE"}
	case f.writeBaseline && (f.fix || f.diff):
		return &exitError{exitUsage, "--write-baseline: fix first, and then make the baseline of what is left"}
	case f.fix && slices.Contains(paths, "-"):
		return &exitError{exitUsage, "--fix: a file on stdin can't be changed; see what would be with --diff"}
	}
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(200) // the time of a process that ends soon is worth more than its memory
	}
	checker, err := f.checker(paths)
	if err != nil {
		return err
	}
	checker.Panicked = func(rule *analysis.Rule, file *workspace.File, problem any, _ []byte) {
		fmt.Fprintf(cmd.ErrOrStderr(), "flyte-lsp: rule %s failed on %s and found nothing: %v; please report it\n", rule.Code, file.Path, problem)
	}
	files, err := f.files(cmd.Context(), checker.Workspace, paths, cmd.InOrStdin())
	if errors.Is(err, os.ErrNotExist) {
		return &exitError{exitUsage, err.Error()}
	} else if err != nil {
		return err
	}
	if f.fix {
		return f.fixed(cmd, checker, files, format)
	}
	checked, err := checker.Check(cmd.Context(), files)
	if err != nil {
		return err
	}
	report, err := newReport(checked)
	if err != nil {
		return err
	}
	switch {
	case f.writeBaseline:
		return f.makeBaseline(cmd, report)
	case f.diff:
		return f.difference(cmd, checker, files, report)
	}
	return f.tell(cmd, report, format)
}

// formatOf is the format that is asked for, or that fits where we are.
func (f *checkFlags) formatOf(getenv func(string) string) (checks.Format, error) {
	name := f.format
	if name == "" && getenv("GITHUB_ACTIONS") == "true" {
		name = "github"
	}
	format := checks.Formats[cmp.Or(name, "text")]
	if format == nil {
		return nil, &exitError{exitUsage, fmt.Sprintf("--format %s: want one of %s", name, strings.Join(checks.FormatNames(), ", "))}
	}
	return format, nil
}

// checker has the rules and the baseline that are asked for.
func (f *checkFlags) checker(paths []string) (*checks.Checker, error) {
	severities, err := checks.Selection(f.selected, f.ignored)
	if err != nil {
		return nil, &exitError{exitUsage, err.Error()}
	}
	checker := &checks.Checker{Severities: severities}
	if f.baseline != "" && !f.writeBaseline {
		if checker.Baseline, err = checks.ReadBaseline(f.baseline); err != nil {
			return nil, &exitError{exitUsage, err.Error()}
		}
	}
	checker.Workspace, err = f.workspace(paths)
	return checker, err
}

// files are those at paths, each once. "-" is opened as what stdin has.
func (f *checkFlags) files(ctx context.Context, w *workspace.Workspace, paths []string, stdin io.Reader) ([]workspace.Listed, error) {
	var files []workspace.Listed
	for _, path := range paths {
		if path != "-" {
			found, err := workspace.List(ctx, []string{path})
			if err != nil {
				return nil, err
			}
			files = append(files, found...)
			continue
		}
		text, err := io.ReadAll(stdin)
		if err != nil {
			return nil, fmt.Errorf("read stdin: %w", err)
		}
		full, err := filepath.Abs(f.stdinName)
		if err != nil {
			return nil, err
		}
		if err := openStdin(w, full, text); err != nil {
			return nil, fmt.Errorf("read stdin: %w", err)
		}
		files = append(files, workspace.Listed{Path: full, Name: f.stdinName, Typed: f.stdinName})
	}
	seen := map[string]bool{}
	return slices.DeleteFunc(files, func(file workspace.Listed) bool {
		again := seen[file.Path]
		seen[file.Path] = true
		return again
	}), nil
}

func openStdin(w *workspace.Workspace, path string, text []byte) error {
	if !parser.IsNotebook(path) {
		w.Open(path, 1, text)
		return nil
	}
	read, err := notebook.Read(text)
	if err == nil {
		w.OpenNotebook(path, 1, read)
	}
	return err
}

func newReport(files []checks.Checked) (*checks.Report, error) {
	root, err := checks.Root(os.Getenv)
	return &checks.Report{Files: files, Root: root, Version: version}, err
}

// tell prints a report, and what concerns more than a finding to stderr.
func (f *checkFlags) tell(cmd *cobra.Command, report *checks.Report, format checks.Format) error {
	if err := format(cmd.OutOrStdout(), report); err != nil {
		return err
	}
	f.tellAside(cmd, report)
	return ended(report)
}

// ended is the exit code that a report ends with.
func ended(report *checks.Report) error {
	if report.Failed() {
		return &exitError{exitFailed, ""}
	}
	return nil
}

func (f *checkFlags) tellAside(cmd *cobra.Command, report *checks.Report) {
	stderr := cmd.ErrOrStderr()
	for _, problem := range report.Problems() {
		fmt.Fprintln(stderr, "flyte-lsp:", problem)
	}
	if gone := report.Gone(); gone > 0 && len(f.selected)+len(f.ignored) == 0 {
		fmt.Fprintf(stderr, "flyte-lsp: %d of what %s has is gone: take it out with --write-baseline\n", gone, f.baseline)
	}
	fmt.Fprintln(stderr, report.Summary())
}

func (f *checkFlags) makeBaseline(cmd *cobra.Command, report *checks.Report) error {
	baseline, err := checks.ReadBaseline(f.baseline)
	if errors.Is(err, fs.ErrNotExist) {
		baseline, err = checks.NewBaseline(f.baseline)
	}
	if err != nil {
		return &exitError{exitUsage, err.Error()}
	}
	baseline.Set(report.Files)
	if err := baseline.Write(); err != nil {
		return err
	}
	f.tellAside(cmd, report)
	fmt.Fprintf(cmd.ErrOrStderr(), "%s has it now, and it isn't told any more\n", f.baseline)
	return nil
}

// fixed fixes files, and tells what was fixed and what is left.
func (f *checkFlags) fixed(cmd *cobra.Command, checker *checks.Checker, files []workspace.Listed, format checks.Format) error {
	fixed, err := checker.Fix(cmd.Context(), files)
	if err != nil {
		return err
	}
	if err := fixed.Write(); err != nil {
		return err
	}
	for _, made := range fixed.Made {
		fmt.Fprintln(cmd.ErrOrStderr(), "fixed", made)
	}
	report, err := newReport(fixed.Files)
	if err != nil {
		return err
	}
	return f.tell(cmd, report, format)
}

// difference prints what fixing would change. The report is of the files as
// they are.
func (f *checkFlags) difference(cmd *cobra.Command, checker *checks.Checker, files []workspace.Listed, report *checks.Report) error {
	fixed, err := checker.Fix(cmd.Context(), files)
	if err != nil {
		return err
	}
	if _, err := cmd.OutOrStdout().Write(fixed.Diff()); err != nil {
		return err
	}
	for _, made := range fixed.Made {
		fmt.Fprintln(cmd.ErrOrStderr(), "would fix", made)
	}
	f.tellAside(cmd, report)
	return ended(report)
}
