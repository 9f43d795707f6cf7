package main

import (
	"errors"
	"io"
	"os"

	"github.com/spf13/cobra"

	"github.com/flyte-lsp/flyte-lsp/internal/state"
	"github.com/flyte-lsp/flyte-lsp/lsp"
)

func newServeCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Serve an editor over stdin and stdout (what editors start)",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			dir, err := state.Dir()
			if err != nil {
				return err
			}
			executable, err := os.Executable()
			if err != nil {
				return err
			}
			return lsp.Serve(cmd.Context(), stdio{os.Stdin, os.Stdout}, lsp.Options{
				Version: version, StateDir: dir, Executable: executable, Log: newLog(),
			})
		},
	}
	cmd.Flags().Bool("stdio", true, "speak over stdin and stdout, the only way there is; editors may say so")
	return cmd
}

// stdio is the connection with the editor.
type stdio struct {
	io.ReadCloser
	io.WriteCloser
}

func (s stdio) Close() error { return errors.Join(s.ReadCloser.Close(), s.WriteCloser.Close()) }
