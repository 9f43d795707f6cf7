package main

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/flyte-lsp/flyte-lsp/model/listing"
	"github.com/flyte-lsp/flyte-lsp/workspace"
)

func newEntitiesCommand() *cobra.Command {
	var format string
	var reading reading
	cmd := &cobra.Command{
		Use:   "entities [flags] PATH...",
		Short: "List the tasks, workflows and launch plans of files and folders",
		Long: `List the tasks, workflows and launch plans of files and folders, with their
interfaces as flytekit would make them. Nothing is run or imported; of the
interpreter only the folders are read, to know what is installed.

Files that can't be read are told on stderr; the exit code is then 1.`,
		Args: cobra.MinimumNArgs(1),
	}
	flags := cmd.Flags()
	flags.StringVar(&format, "format", "text", "form of the list: text or json")
	reading.add(flags)
	cmd.RunE = func(cmd *cobra.Command, paths []string) error {
		if !slices.Contains([]string{"text", "json"}, format) {
			return &exitError{exitUsage, fmt.Sprintf("--format %s: want text or json", format)}
		}
		w, err := reading.workspace(paths)
		if err != nil {
			return err
		}
		write := writeText(cmd.OutOrStdout())
		if format == "json" {
			write = writeJSON(cmd.OutOrStdout())
		}
		unreadable := 0
		err = w.Snapshot().Modules(cmd.Context(), paths, func(file workspace.Listed) error {
			entities, err := entitiesOf(file)
			if err != nil {
				unreadable++
				fmt.Fprintln(cmd.ErrOrStderr(), "flyte-lsp:", err)
				return nil
			}
			return write(entities)
		})
		if errors.Is(err, os.ErrNotExist) {
			return &exitError{exitUsage, err.Error()}
		}
		if err := errors.Join(err, write(nil)); err != nil {
			return err
		}
		if unreadable > 0 {
			return &exitError{exitFailed, ""}
		}
		return nil
	}
	return cmd
}

func entitiesOf(file workspace.Listed) ([]listing.Entity, error) {
	if file.Err != nil {
		return nil, file.Err
	}
	entities, err := listing.Of(file.Module, file.Source, file.Name)
	for i := range entities {
		if cell, ok := file.Cells.At(entities[i].Line - 1); ok {
			entities[i].Cell, entities[i].Line = cell.Number, entities[i].Line-cell.Line
		}
	}
	return entities, err
}

// writeJSON writes one array; a call without entities ends it.
func writeJSON(to io.Writer) func([]listing.Entity) error {
	begun := false
	return func(entities []listing.Entity) error {
		var text strings.Builder
		for _, entity := range entities {
			encoded, err := json.Marshal(entity)
			if err != nil {
				return err
			}
			text.WriteString(map[bool]string{false: "[\n", true: ",\n"}[begun])
			text.Write(encoded)
			begun = true
		}
		if entities == nil {
			text.WriteString(map[bool]string{false: "[]\n", true: "\n]\n"}[begun])
		}
		_, err := io.WriteString(to, text.String())
		return err
	}
}

// writeText writes a line for each entity, as compilers write places.
func writeText(to io.Writer) func([]listing.Entity) error {
	return func(entities []listing.Entity) error {
		var text strings.Builder
		for _, entity := range entities {
			kind := string(entity.Kind)
			if entity.Class != "" {
				kind = entity.Class
			}
			place := entity.File
			if entity.Cell > 0 {
				place = fmt.Sprintf("%s:cell %d", place, entity.Cell)
			}
			fmt.Fprintf(&text, "%s:%d: %s %s%s\n", place, entity.Line, kind, cmp.Or(entity.Name, entity.FullName), signature(entity))
		}
		_, err := io.WriteString(to, text.String())
		return err
	}
}

// signature are an entity's inputs and outputs, with a default told by "...".
func signature(entity listing.Entity) string {
	inputs := make([]string, len(entity.Inputs))
	for i, input := range entity.Inputs {
		inputs[i] = typed(input.Name, input.PythonType)
		if !input.Required {
			inputs[i] += " = ..."
		}
	}
	text := "(" + strings.Join(inputs, ", ") + ")"
	if len(entity.Outputs) == 0 {
		return text
	}
	outputs := make([]string, len(entity.Outputs))
	for i, output := range entity.Outputs {
		outputs[i] = typed(output.Name, output.PythonType)
	}
	return text + " -> " + strings.Join(outputs, ", ")
}

func typed(name, written string) string {
	if written == "" {
		return name
	}
	return name + ": " + strings.Join(strings.Fields(written), " ")
}
