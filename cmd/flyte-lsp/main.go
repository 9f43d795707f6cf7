// Command flyte-lsp is a language server for Flyte workflow files, and runs
// them from the editor and from the terminal.
package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/spf13/cobra"
)

// version is set when the binary is built.
var version = "dev"

// Exit codes, which tell apart what a script may want to know.
const (
	exitFailed      = 1   // a run failed, or something else did
	exitUsage       = 2   // a user's mistake: an unknown entity, a wrong input
	exitUnreachable = 3   // the backend can't be reached
	exitCancelled   = 130 // as a shell has it for an interrupted command
)

// exitError is an error with the exit code it ends the process with. Without
// a message, what there is to say has been said.
type exitError struct {
	code    int
	message string
}

func (e *exitError) Error() string { return e.message }

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := newRootCommand().ExecuteContext(ctx)
	stop()
	os.Exit(exitCode(err))
}

func exitCode(err error) int {
	if err == nil {
		return 0
	}
	code := exitFailed
	var coded *exitError
	if errors.As(err, &coded) {
		code = coded.code
	}
	if message := err.Error(); message != "" {
		fmt.Fprintln(os.Stderr, "flyte-lsp:", message)
	}
	return code
}

func newRootCommand() *cobra.Command {
	root := &cobra.Command{
		Use:           "flyte-lsp",
		Short:         "Understand, check and run Flyte workflow files",
		SilenceErrors: true,
		SilenceUsage:  true,
		Version:       version,
		Args:          cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return cmd.Help()
			}
			return &exitError{exitUsage, fmt.Sprintf("unknown command %q\nSee 'flyte-lsp --help'.", args[0])}
		},
	}
	root.SetVersionTemplate("flyte-lsp {{.Version}}\n")
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return &exitError{exitUsage, fmt.Sprintf("%v\nSee '%s --help'.", err, cmd.CommandPath())}
	})
	for _, command := range []*cobra.Command{newServeCommand(), newRunCommand(), newEntitiesCommand(), newGraphCommand(), newSchemaCommand(), newCheckCommand(), newDiffCommand(), newRulesCommand(), newSandboxCommand(), newDemoCommand(), newDoctorCommand(), newVersionCommand()} {
		root.AddCommand(command)
		withUsage(command)
	}
	return root
}

// withUsage has a command, and those below it, take wrong arguments for a
// mistake of the user.
func withUsage(command *cobra.Command) {
	if check := command.Args; check != nil {
		command.Args = func(cmd *cobra.Command, args []string) error {
			var coded *exitError
			err := check(cmd, args)
			if err == nil || errors.As(err, &coded) {
				return err
			}
			return &exitError{exitUsage, fmt.Sprintf("%v\nSee '%s --help'.", err, cmd.CommandPath())}
		}
	}
	for _, below := range command.Commands() {
		withUsage(below)
	}
}

// newLog logs to stderr what a person in a terminal wants to know.
func newLog() *slog.Logger {
	return slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
}

// absolute makes a path that was typed in a terminal independent of the
// working folder; a bare program name stays what it is.
func absolute(path string) (string, error) {
	if path == "" || filepath.IsAbs(path) || !strings.ContainsRune(path, filepath.Separator) {
		return path, nil
	}
	return filepath.Abs(path)
}
