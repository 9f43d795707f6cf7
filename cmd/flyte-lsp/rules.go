package main

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"

	"github.com/spf13/cobra"

	"github.com/flyte-lsp/flyte-lsp/analysis"
	"github.com/flyte-lsp/flyte-lsp/analysis/rulebook"
)

func newRulesCommand() *cobra.Command {
	var format string
	cmd := &cobra.Command{
		Use:   "rules [flags] [CODE...]",
		Short: "List the rules, or explain one",
		Long: `List the rules, or explain one: what is wrong, what flytekit or the backend does
with it, how it is right, and how not to be told of it. The beginning of codes
("lp-*", or "lp") lists those.`,
	}
	cmd.Flags().StringVar(&format, "format", "text", "form of the rules: text or json")
	cmd.RunE = func(cmd *cobra.Command, patterns []string) error {
		if !slices.Contains([]string{"text", "json"}, format) {
			return &exitError{exitUsage, fmt.Sprintf("--format %s: want text or json", format)}
		}
		wanted, err := analysis.Select(patterns)
		if err != nil {
			return &exitError{exitUsage, err.Error() + "\nSee 'flyte-lsp rules' for all."}
		}
		entries := []*rulebook.Entry{}
		for _, rule := range analysis.Rules {
			if len(patterns) == 0 || wanted[rule.Code] {
				entries = append(entries, rulebook.Of(cmd.Context(), rule))
			}
		}
		text := rulebook.List(entries)
		switch {
		case format == "json":
			encoder := json.NewEncoder(cmd.OutOrStdout())
			encoder.SetEscapeHTML(false)
			encoder.SetIndent("", "  ")
			return encoder.Encode(entries)
		case len(entries) == 1 && len(patterns) > 0:
			text = entries[0].Text()
		}
		_, err = io.WriteString(cmd.OutOrStdout(), text)
		return err
	}
	return cmd
}
