package main

import (
	"os"

	"github.com/spf13/cobra"

	"github.com/flyte-lsp/flyte-lsp/internal/demo"
)

func newDemoCommand() *cobra.Command {
	var options demo.Options
	cmd := &cobra.Command{
		Use:   "demo",
		Short: "Show the main job on an example: lenses, a local and a remote run, hover, a diagnostic",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			executable, err := os.Executable()
			if err != nil {
				return err
			}
			if options.Python, err = absolute(options.Python); err != nil {
				return err
			}
			options.Executable, options.Out, options.Err = executable, cmd.OutOrStdout(), cmd.ErrOrStderr()
			return demo.Run(cmd.Context(), options)
		},
	}
	cmd.Flags().StringVar(&options.File, "file", "examples/quickstart/workflow.py", "the quickstart's workflow file")
	cmd.Flags().StringVar(&options.Python, "python", "", "the interpreter that has flytekit; else it is looked for")
	return cmd
}
