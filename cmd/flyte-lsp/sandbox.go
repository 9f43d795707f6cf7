package main

import "github.com/spf13/cobra"

// newSandboxCommand is `flyte-lsp sandbox`: the embedded Flyte backend.
func newSandboxCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "sandbox",
		Short: "The embedded Flyte backend on this machine",
	}
}
