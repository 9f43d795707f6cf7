package main

import (
	"encoding/json"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/flyte-lsp/flyte-lsp/editing/inputs"
)

func newSchemaCommand() *cobra.Command {
	var from reading
	cmd := &cobra.Command{
		Use:   "schema [flags] FILE ENTITY",
		Short: "Print the JSON Schema of an entity's inputs",
		Long: `Print the JSON Schema (draft-07) of the documents that give an entity its inputs:
those in .flyte/inputs, and what --inputs-file takes. Nothing is run or imported.
Forms that only the text of a value has, and types that aren't known, are left open.`,
		Example: `  flyte-lsp schema workflow.py my_workflow > my_workflow.schema.json`,
		Args:    cobra.ExactArgs(2),
	}
	from.add(cmd.Flags())
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		w, err := from.workspace(args[:1])
		if err != nil {
			return err
		}
		path, err := filepath.Abs(args[0])
		if err != nil {
			return err
		}
		snapshot := w.Snapshot()
		file, err := snapshot.File(path)
		if err != nil {
			return &exitError{exitUsage, err.Error()}
		}
		module, err := snapshot.Module(cmd.Context(), path)
		if err != nil {
			return err
		}
		entity, err := module.Named(args[1], args[0])
		if err != nil {
			return &exitError{exitUsage, err.Error()}
		}
		out := json.NewEncoder(cmd.OutOrStdout())
		out.SetIndent("", "  ")
		return out.Encode(inputs.NewSubject(file, module, entity, filepath.Dir(path)).Schema())
	}
	return cmd
}
