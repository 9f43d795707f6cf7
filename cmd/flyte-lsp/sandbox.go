package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"strings"
	"time"

	"github.com/mattn/go-isatty"
	"github.com/spf13/cobra"

	"github.com/flyte-lsp/flyte-lsp/sandbox"
)

// newSandboxCommand is `flyte-lsp sandbox`: the embedded Flyte backend.
func newSandboxCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "sandbox",
		Short: "The embedded Flyte backend on this machine",
		Long: `The sandbox is a Flyte backend in one process on 127.0.0.1, for one user. Tasks
run as local processes. All editors share it; it ends itself once it has been
idle for an hour.`,
		Args: cobra.NoArgs,
	}
	var dir string
	cmd.PersistentFlags().StringVar(&dir, "dir", "", "its folder (default: in the user's state folder)")
	cmd.AddCommand(
		newSandboxStart(&dir), newSandboxStop(&dir), newSandboxStatus(&dir),
		newSandboxLogs(&dir), newSandboxReset(&dir), newSandboxEnv(&dir),
	)
	return cmd
}

func newSandboxStart(dir *string) *cobra.Command {
	var opts sandbox.Options
	var foreground bool
	var readyFD int
	cmd := &cobra.Command{
		Use:   "start",
		Short: "Start the sandbox, or find the one that runs",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			python, err := absolute(opts.Python)
			if err != nil {
				return err
			}
			opts.Dir, opts.Python = *dir, python
			if foreground {
				return serveSandbox(cmd.Context(), opts, readyFD)
			}
			exe, err := os.Executable()
			if err != nil {
				return err
			}
			status, err := sandbox.Start(cmd.Context(), exe, opts)
			if err != nil {
				return err
			}
			printStatus(cmd.OutOrStdout(), status)
			return nil
		},
	}
	flags := cmd.Flags()
	flags.IntVar(&opts.Port, "port", 0, "gRPC port (default: the one of the last start, else a free one)")
	flags.IntVar(&opts.HTTPPort, "http-port", 0, "HTTP port of data and pages (default: likewise)")
	flags.StringVar(&opts.Python, "python", "", "interpreter of tasks (default: VIRTUAL_ENV, then python3 on PATH)")
	flags.DurationVar(&opts.IdleAfter, "idle-after", sandbox.DefaultIdleAfter, "end after so long without calls and executions; below 0 never")
	flags.BoolVar(&foreground, "foreground", false, "run in this process and log to stderr")
	flags.IntVar(&readyFD, sandbox.ReadyFD, 0, "file descriptor to tell the status on")
	if err := flags.MarkHidden(sandbox.ReadyFD); err != nil {
		panic(err) // the flag is defined above
	}
	return cmd
}

// serveSandbox runs the sandbox in this process. To the process that waits at
// readyFD it tells its status, or why it doesn't run.
func serveSandbox(ctx context.Context, opts sandbox.Options, readyFD int) error {
	opts.Log = slog.New(slog.NewTextHandler(os.Stderr, nil))
	if readyFD == 0 {
		opts.Ready = func(status sandbox.Status) { printStatus(os.Stderr, status) }
		return sandbox.Serve(ctx, opts)
	}
	waiting := os.NewFile(uintptr(readyFD), "ready")
	if waiting == nil {
		return &exitError{exitUsage, fmt.Sprintf("file descriptor %d isn't open", readyFD)}
	}
	told := false
	opts.Ready = func(status sandbox.Status) {
		told = true
		if err := errors.Join(json.NewEncoder(waiting).Encode(status), waiting.Close()); err != nil {
			opts.Log.Warn("nobody waits for the sandbox any more", "err", err)
		}
	}
	err := sandbox.Serve(ctx, opts)
	if err != nil && !told {
		return errors.Join(err, tell(waiting, err))
	}
	return err
}

func tell(waiting *os.File, failed error) error {
	_, err := fmt.Fprintln(waiting, failed)
	return errors.Join(err, waiting.Close())
}

func newSandboxStop(dir *string) *cobra.Command {
	return &cobra.Command{
		Use:   "stop",
		Short: "Stop the sandbox; executions that haven't ended go on at its next start",
		Args:  cobra.NoArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return sandbox.Stop(cmd.Context(), *dir) },
	}
}

func newSandboxStatus(dir *string) *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "status",
		Short: "Tell whether the sandbox runs, and where (exit code 3 if it doesn't)",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			status, err := sandbox.Find(cmd.Context(), *dir)
			if err != nil {
				return err
			}
			if asJSON {
				encoder := json.NewEncoder(cmd.OutOrStdout())
				encoder.SetIndent("", "  ")
				if err := encoder.Encode(status); err != nil {
					return err
				}
			} else {
				printStatus(cmd.OutOrStdout(), status)
			}
			if !status.Running {
				return &exitError{code: exitUnreachable}
			}
			return nil
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print it as JSON")
	return cmd
}

func printStatus(out io.Writer, status sandbox.Status) {
	if !status.Running {
		fmt.Fprintf(out, "No sandbox runs in %s. `flyte-lsp sandbox start` starts it.\n", status.Dir)
		return
	}
	python := status.Python
	if python == "" {
		python = "VIRTUAL_ENV's, else python3 on PATH"
	}
	fmt.Fprintf(out, `The sandbox runs (pid %d, since %s, %d active executions).
  endpoint  %s
  pages     %s/console/
  python    %s
  config    %s
  log       %s
`, status.PID, status.Started.Local().Format(time.DateTime), status.Active, status.Endpoint, status.HTTP, python, status.ConfigFile, status.LogFile)
}

func newSandboxLogs(dir *string) *cobra.Command {
	var follow bool
	cmd := &cobra.Command{
		Use:   "logs",
		Short: "Print the sandbox's own log",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			status, err := sandbox.Find(cmd.Context(), *dir)
			if err != nil {
				return err
			}
			return printLog(cmd.Context(), cmd.OutOrStdout(), status.LogFile, follow)
		},
	}
	cmd.Flags().BoolVarP(&follow, "follow", "f", false, "go on printing what is added")
	return cmd
}

// printLog prints a file, and with follow what is added to it until ctx ends.
// Where a start put the file aside, it goes on with the new one.
func printLog(ctx context.Context, out io.Writer, path string, follow bool) error {
	file, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return &exitError{exitFailed, "there is no log yet: no sandbox was started in the background (" + path + ")"}
	}
	if err != nil {
		return err
	}
	defer func() { file.Close() }()
	for {
		if _, err := io.Copy(out, file); err != nil {
			return err
		}
		if !follow {
			return nil
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(200 * time.Millisecond):
		}
		if newer, err := reopened(file, path); err == nil && newer != nil {
			file.Close()
			file = newer
		}
	}
}

// reopened opens the file anew if another one has taken its name.
func reopened(file *os.File, path string) (*os.File, error) {
	old, err := file.Stat()
	if err != nil {
		return nil, err
	}
	now, err := os.Stat(path)
	if err != nil || os.SameFile(old, now) {
		return nil, err
	}
	return os.Open(path)
}

func newSandboxReset(dir *string) *cobra.Command {
	var yes bool
	cmd := &cobra.Command{
		Use:   "reset",
		Short: "Stop the sandbox and delete everything it keeps",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			status, err := sandbox.Find(cmd.Context(), *dir)
			if err != nil {
				return err
			}
			if !yes {
				if !isatty.IsTerminal(os.Stdin.Fd()) {
					return &exitError{exitUsage, "this deletes all executions and data in " + status.Dir + ": say so with --yes"}
				}
				fmt.Fprintf(cmd.ErrOrStderr(), "Delete all executions and data in %s? [y/N] ", status.Dir)
				answer, err := bufio.NewReader(cmd.InOrStdin()).ReadString('\n')
				if err != nil || !strings.HasPrefix(strings.ToLower(strings.TrimSpace(answer)), "y") {
					return &exitError{exitCancelled, "nothing was deleted"}
				}
			}
			return sandbox.Reset(cmd.Context(), *dir)
		},
	}
	cmd.Flags().BoolVarP(&yes, "yes", "y", false, "don't ask")
	return cmd
}

func newSandboxEnv(dir *string) *cobra.Command {
	return &cobra.Command{
		Use:   "env",
		Short: "Print shell exports that point pyflyte and flytectl at the sandbox",
		Example: `  eval "$(flyte-lsp sandbox env)"
  pyflyte run --remote workflow.py my_workflow`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			status, err := sandbox.Find(cmd.Context(), *dir)
			if err != nil {
				return err
			}
			if !status.Running {
				return &exitError{exitUnreachable, "no sandbox runs: start it with `flyte-lsp sandbox start`"}
			}
			out := cmd.OutOrStdout()
			fmt.Fprintf(out, "export FLYTECTL_CONFIG=%s\n", shellQuoted(status.ConfigFile))
			if proxied() {
				fmt.Fprintln(out, `export NO_PROXY="${NO_PROXY:+$NO_PROXY,}127.0.0.1" no_proxy="${no_proxy:+$no_proxy,}127.0.0.1"`)
			}
			return nil
		},
	}
}

// proxied tells whether clients would send even calls to this machine through
// a proxy.
func proxied() bool {
	for _, name := range []string{"HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy", "grpc_proxy"} {
		if os.Getenv(name) != "" {
			return true
		}
	}
	return false
}

func shellQuoted(text string) string { return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'" }
