package main

import (
	"os"

	"github.com/spf13/cobra"

	"github.com/flyte-lsp/flyte-lsp/internal/doctor"
)

func newDoctorCommand() *cobra.Command {
	var options doctor.Options
	cmd := &cobra.Command{
		Use:   "doctor [FILE]",
		Short: "Tell which interpreter, flytekit, config file and backend are used, and what is missing",
		Args:  cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			workDir, err := os.Getwd()
			if err != nil {
				return err
			}
			if options.Python, err = absolute(options.Python); err != nil {
				return err
			}
			options.WorkDir, options.Version, options.File = workDir, version, workDir
			if len(args) == 1 {
				options.File = args[0]
			}
			if !doctor.Examine(cmd.Context(), options, cmd.OutOrStdout()) {
				return &exitError{code: exitFailed}
			}
			return nil
		},
	}
	cmd.Flags().StringVar(&options.Python, "python", "", "the interpreter, as the setting flyte.python")
	cmd.Flags().StringVar(&options.Config, "config", "", "Flyte's config file, as the setting flyte.config")
	return cmd
}
