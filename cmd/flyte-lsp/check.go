package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/spf13/cobra"

	"github.com/flyte-lsp/flyte-lsp/analysis"
	"github.com/flyte-lsp/flyte-lsp/checks"
	"github.com/flyte-lsp/flyte-lsp/local"
	"github.com/flyte-lsp/flyte-lsp/workspace"
)

func newCheckCommand() *cobra.Command {
	var format, python string
	var sourceRoots, selected, ignored []string
	cmd := &cobra.Command{
		Use:   "check [flags] PATH...",
		Short: "Tell what flytekit or the backend would reject in files and folders",
		Args:  cobra.MinimumNArgs(1),
	}
	flags := cmd.Flags()
	flags.StringVar(&format, "format", "text", "form of the findings: text or json")
	flags.StringVar(&python, "python", "", "the interpreter; else VIRTUAL_ENV, a .venv upwards from the file, python3")
	flags.StringArrayVar(&sourceRoots, "source-root", nil, "folder that the names of modules start at; else as __init__.py files and pyproject.toml tell")
	flags.StringSliceVar(&selected, "select", nil, "codes of the rules that are run; else all")
	flags.StringSliceVar(&ignored, "ignore", nil, "codes of rules that aren't run")
	cmd.RunE = func(cmd *cobra.Command, paths []string) error {
		w, err := newWorkspace(paths, python, sourceRoots)
		if err != nil {
			return err
		}
		checked, err := checks.Run(cmd.Context(), w.Snapshot(), paths, analysis.Options{})
		if errors.Is(err, os.ErrNotExist) {
			return &exitError{exitUsage, err.Error()}
		} else if err != nil {
			return err
		}
		findings := []checks.Finding{}
		failed := false
		for _, file := range checked {
			if file.Err != nil {
				fmt.Fprintln(cmd.ErrOrStderr(), "flyte-lsp:", file.Err)
				failed = true
			}
			for _, found := range file.Findings {
				if slices.Contains(ignored, found.Code) || len(selected) > 0 && !slices.Contains(selected, found.Code) {
					continue
				}
				findings = append(findings, found)
				failed = failed || found.Severity == "error"
			}
		}
		if format == "json" {
			encoder := json.NewEncoder(cmd.OutOrStdout())
			encoder.SetIndent("", "  ")
			if err := encoder.Encode(findings); err != nil {
				return err
			}
		} else {
			for _, f := range findings {
				fmt.Fprintf(cmd.OutOrStdout(), "%s:%d:%d: %s %s %s\n", f.File, f.Line, f.Column, f.Severity, f.Code, f.Message)
			}
		}
		if failed {
			return &exitError{exitFailed, ""}
		}
		return nil
	}
	return cmd
}

// newWorkspace is one of the files and folders at paths, with the interpreter
// and the source roots that were typed.
func newWorkspace(paths []string, python string, sourceRoots []string) (*workspace.Workspace, error) {
	python, err := absolute(python)
	if err != nil {
		return nil, err
	}
	if python != "" {
		if _, err := local.FindInterpreter(paths[0], python, os.Getenv); err != nil {
			return nil, &exitError{exitUsage, err.Error()}
		}
	}
	w := workspace.New()
	w.SetInterpreter(func(dir string) (string, string) { return local.InterpreterOf(dir, python) })
	for i, root := range sourceRoots {
		if sourceRoots[i], err = filepath.Abs(root); err != nil {
			return nil, err
		}
	}
	w.SetSourceRoots(sourceRoots)
	w.SetFolders(foldersAmong(paths))
	return w, nil
}
