package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"go.yaml.in/yaml/v4"

	"github.com/flyte-lsp/flyte-lsp/codelens"
	"github.com/flyte-lsp/flyte-lsp/internal/state"
	"github.com/flyte-lsp/flyte-lsp/local"
	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyte-lsp/flyte-lsp/runs"
	"github.com/flyte-lsp/flyte-lsp/workspace"
)

type runOptions struct {
	remote     bool
	inputsFile string
	output     string
	settings   runs.Settings
}

func newRunCommand() *cobra.Command {
	var options runOptions
	cmd := &cobra.Command{
		Use:   "run [flags] FILE ENTITY [--INPUT VALUE ...]",
		Short: "Run a task, workflow or launch plan, as the lens above it does",
		Long: `Run a task, workflow or launch plan, as the lens above it does.

Progress goes to stderr, the outputs to stdout. The exit code is 0 when the run
succeeded, 1 when it failed, 2 for a mistake in what was asked for, 3 when the
backend can't be reached, 130 when it was cancelled.`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) < 2 {
				return &exitError{exitUsage, "run needs a FILE and an ENTITY, for example `flyte-lsp run workflow.py my_workflow`"}
			}
			return nil
		},
	}
	flags := cmd.Flags()
	flags.SetInterspersed(false) // what follows FILE ENTITY are inputs
	flags.BoolVar(&options.remote, "remote", false, "run on the Flyte backend, not on this machine")
	flags.StringVar(&options.inputsFile, "inputs-file", "", "YAML or JSON file with inputs; \"-\" is stdin")
	flags.StringVar(&options.output, "output", "text", "form of the outputs: text, json or yaml")
	flags.StringVar(&options.settings.Python, "python", "", "the interpreter; else VIRTUAL_ENV, a .venv upwards from the file, python3")
	flags.StringVar(&options.settings.Config, "config", "", "Flyte's config file, or \"sandbox\"; else as flytekit finds it")
	flags.StringVar(&options.settings.Project, "project", "", "the project to run in")
	flags.StringVar(&options.settings.Domain, "domain", "", "the domain to run in")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		file, entity, err := options.findEntity(cmd.Context(), args[0], args[1])
		if err != nil {
			return &exitError{exitUsage, err.Error()}
		}
		given, err := takeInputs(cmd, entity, args[2:])
		if errors.Is(err, pflag.ErrHelp) {
			return describe(cmd.OutOrStdout(), file, entity)
		}
		if err != nil {
			return &exitError{exitUsage, err.Error()}
		}
		if !slices.Contains([]string{"text", "json", "yaml"}, options.output) {
			return &exitError{exitUsage, fmt.Sprintf("--output %s: want text, json or yaml", options.output)}
		}
		values, err := options.inputs(cmd.InOrStdin(), given)
		if err != nil {
			return &exitError{exitUsage, err.Error()}
		}
		if missing := runs.MissingInputs(entity, values); len(missing) > 0 {
			return &exitError{exitUsage, fmt.Sprintf("%s needs --%s", entity.Name, strings.Join(missing, " and --"))}
		}
		return options.run(cmd, file, entity, values)
	}
	return cmd
}

func (o *runOptions) findEntity(ctx context.Context, path, name string) (*workspace.File, *model.Entity, error) {
	absolute, err := filepath.Abs(path)
	if err != nil {
		return nil, nil, err
	}
	w := workspace.New()
	w.SetInterpreter(func(dir string) (string, string) { return local.InterpreterOf(dir, o.settings.Python) })
	snapshot := w.Snapshot()
	file, err := snapshot.File(absolute)
	if err != nil {
		return nil, nil, err
	}
	if file.Language == parser.Go {
		return nil, nil, fmt.Errorf("%s: Go files can be read, but not run yet", path)
	}
	module, err := snapshot.Module(ctx, file.Path)
	if err != nil {
		return nil, nil, err
	}
	entity, err := module.Named(name, path)
	return file, entity, err
}

// describe prints what an entity is and what it takes.
func describe(to io.Writer, file *workspace.File, entity *model.Entity) error {
	text := codelens.Signature(file, entity) + "\n"
	if entity.Doc != "" {
		text += "\n" + entity.Doc + "\n"
	}
	_, err := io.WriteString(to, text+"\nInputs are given as --NAME VALUE. `flyte-lsp run --help` tells the other flags.\n")
	return err
}

// takeInputs reads the arguments after ENTITY: the entity's inputs and, where
// no input has their name, the command's own flags.
func takeInputs(cmd *cobra.Command, entity *model.Entity, args []string) (map[string]any, error) {
	given := map[string]any{}
	for i := 0; i < len(args); i++ {
		if _, isInput := inputNamed(entity, "help"); args[i] == "-h" || args[i] == "--help" && !isInput {
			return nil, pflag.ErrHelp
		}
		name, isFlag := strings.CutPrefix(args[i], "--")
		if !isFlag {
			return nil, fmt.Errorf("%q: inputs are given as --NAME VALUE", args[i])
		}
		name, value, hasValue := strings.Cut(name, "=")
		next := func() error {
			if !hasValue {
				if i++; i == len(args) {
					return fmt.Errorf("--%s has no value", name)
				}
				value = args[i]
			}
			return nil
		}
		input, isInput := inputNamed(entity, name)
		off, isOff := strings.CutPrefix(name, "no-")
		switch flag := cmd.Flags().Lookup(name); {
		case isInput && input.Type == "bool" && !hasValue && (i+1 == len(args) || strings.HasPrefix(args[i+1], "--")):
			given[input.Name] = true
		case isInput:
			if err := next(); err != nil {
				return nil, err
			}
			given[input.Name] = value
		case isOff && !hasValue && hasBool(entity, off):
			input, _ := inputNamed(entity, off)
			given[input.Name] = false
		case flag != nil && flag.NoOptDefVal != "" && !hasValue:
			if err := flag.Value.Set(flag.NoOptDefVal); err != nil {
				return nil, err
			}
		case flag != nil:
			if err := next(); err != nil {
				return nil, err
			}
			if err := flag.Value.Set(value); err != nil {
				return nil, fmt.Errorf("--%s %s: %w", name, value, err)
			}
		case entity.InputsUnknown != "" || entity.Opaque != "": // flytekit knows them
			if err := next(); err != nil {
				return nil, err
			}
			given[name] = value
		default:
			return nil, fmt.Errorf("%s has no input %s", entity.Describe(), name)
		}
	}
	return given, nil
}

// inputNamed finds an input by its name, in which a dash may stand for an
// underscore.
func inputNamed(entity *model.Entity, name string) (*model.Variable, bool) {
	for _, input := range entity.Inputs {
		if input.Name == name || input.Name == strings.ReplaceAll(name, "-", "_") {
			return input, true
		}
	}
	return nil, false
}

func hasBool(entity *model.Entity, name string) bool {
	input, ok := inputNamed(entity, name)
	return ok && input.Type == "bool"
}

// inputs are those of the file, overridden by those given one by one.
func (o *runOptions) inputs(stdin io.Reader, given map[string]any) (map[string]any, error) {
	values := map[string]any{}
	if o.inputsFile != "" {
		text, err := readFile(stdin, o.inputsFile)
		if err != nil {
			return nil, err
		}
		read, err := runs.ReadInputs(o.inputsFile, text)
		if err != nil {
			return nil, err
		}
		maps.Copy(values, read)
	}
	maps.Copy(values, given)
	return values, nil
}

func readFile(stdin io.Reader, name string) ([]byte, error) {
	if name == "-" {
		return io.ReadAll(stdin)
	}
	return os.ReadFile(name)
}

func (o *runOptions) run(cmd *cobra.Command, file *workspace.File, entity *model.Entity, values map[string]any) error {
	ctx := cmd.Context()
	dir, err := state.Dir()
	if err != nil {
		return err
	}
	if o.settings.Python, err = absolute(o.settings.Python); err != nil {
		return err
	}
	executable, err := os.Executable()
	if err != nil {
		return err
	}
	workDir, err := os.Getwd()
	if err != nil {
		return err
	}
	log := newLog()
	store, err := runs.OpenStore(ctx, dir)
	var unreadable *runs.UnreadableHistoryError
	if errors.As(err, &unreadable) {
		log.Warn(err.Error())
	} else if err != nil {
		return err
	}
	defer store.Close()
	pool := local.NewPool(log)
	defer pool.Close()
	manager := runs.NewManager(runs.Options{
		Store: store, Pool: pool, Log: log, Executable: executable,
		ConfirmSandbox: func(context.Context) (bool, error) {
			fmt.Fprintln(cmd.ErrOrStderr(), "no Flyte backend is configured: starting the sandbox")
			return true, nil
		},
	})
	defer manager.Close()
	target := runs.Local
	if o.remote {
		target = runs.Remote
	}
	printer := &progressPrinter{to: cmd.ErrOrStderr()}
	run, err := manager.Start(ctx, runs.Request{
		File: file.Path, Entity: entity.Name, Target: target, Inputs: values, InputsFrom: o.inputsFile,
		WorkDir: workDir, SourceHash: codelens.SourceHash(file, entity),
	}, o.settings, printer.observe)
	if err != nil {
		return err
	}
	if manager.Wait(ctx, run.ID) != nil { // interrupted
		manager.Cancel(run.ID)
		if err := manager.Wait(context.WithoutCancel(ctx), run.ID); err != nil {
			return err
		}
	}
	return o.report(cmd, printer.last())
}

// report prints the outcome and returns the error that has its exit code.
func (o *runOptions) report(cmd *cobra.Command, run runs.Run) error {
	switch {
	case run.State == runs.Succeeded:
		if run.Warning != "" {
			fmt.Fprintln(cmd.ErrOrStderr(), "warning:", run.Warning)
		}
		return o.print(cmd.OutOrStdout(), run.Outputs)
	case run.State == runs.Cancelled:
		return &exitError{exitCancelled, "cancelled"}
	case run.Failure == nil:
		return &exitError{exitFailed, run.Phase}
	}
	message := run.Failure.Message
	if frame, ok := run.Failure.UserFrame(); ok {
		message = fmt.Sprintf("%s:%d: %s", frame.File, frame.Line, message)
	}
	message += "\nThe log: " + run.Log
	switch run.Failure.Kind {
	case runs.FailureInput:
		return &exitError{exitUsage, message}
	case runs.FailureBackend:
		return &exitError{exitUnreachable, message}
	}
	return &exitError{exitFailed, message}
}

func (o *runOptions) print(to io.Writer, outputs []runs.Output) error {
	if o.output == "text" {
		for _, output := range outputs {
			line := output.Text
			if len(outputs) > 1 {
				line = output.Name + ": " + line
			}
			if _, err := fmt.Fprintln(to, line); err != nil {
				return err
			}
		}
		return nil
	}
	values := make(map[string]any, len(outputs))
	for _, output := range outputs {
		switch {
		case output.Value == nil:
			values[output.Name] = output.Text
		case o.output == "json":
			values[output.Name] = output.Value
		default: // JSON is YAML, and YAML keeps large integers
			var value any
			if err := yaml.Unmarshal(output.Value, &value); err != nil {
				return fmt.Errorf("output %s: %w", output.Name, err)
			}
			values[output.Name] = value
		}
	}
	if o.output == "yaml" {
		text, err := yaml.Dump(values)
		if err != nil {
			return fmt.Errorf("the outputs can't be written as YAML: %w", err)
		}
		_, err = to.Write(text)
		return err
	}
	encoder := json.NewEncoder(to)
	encoder.SetIndent("", "  ")
	return encoder.Encode(values)
}

// progressPrinter prints each new phase of a run, and keeps its last state.
type progressPrinter struct {
	to io.Writer

	mu      sync.Mutex
	run     runs.Run
	address bool
}

func (p *progressPrinter) observe(run runs.Run) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if run.Phase != p.run.Phase {
		fmt.Fprintf(p.to, "%s %s: %s\n", run.Target, run.Entity, run.Phase)
	}
	if run.Execution != nil && !p.address && run.Phase != "creating the execution" {
		p.address = true
		fmt.Fprintf(p.to, "execution %s: %s\n", run.Execution.Name, run.Execution.URL)
	}
	p.run = run
}

func (p *progressPrinter) last() runs.Run {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.run
}
