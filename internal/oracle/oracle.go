// Package oracle asks flytekit which entities Python files make, and compares
// what the model reads from the source with its answer.
package oracle

import (
	"bufio"
	"bytes"
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"strings"
	"syscall"
	"time"

	"github.com/flyte-lsp/flyte-lsp/model/listing"
)

//go:embed oracle.py
var program string

// File is a Python file and the source root that it is imported from.
type File struct {
	// Root is a folder. Empty, it is the nearest folder above the file without
	// `__init__.py`, which flytekit takes (tools/script_mode.py,
	// _find_project_root).
	Root string `json:"root"`
	Path string `json:"file"`
}

// Report is flytekit's answer for one file.
type Report struct {
	File string `json:"file"`
	// Error says why the file can't be imported, and is empty where it can.
	Error    string   `json:"error"`
	Entities []Entity `json:"entities"`
}

// Entity is an entity as flytekit has it. The Python types are empty: flytekit
// doesn't keep them as written.
type Entity struct {
	listing.Entity
	// Error says why flytekit itself can't tell the interface.
	Error string `json:"error,omitempty"`
}

// Run imports the files with the flytekit of the interpreter, each in a process
// of its own, and returns the reports in the order of the files. A file that
// can't be imported is no error, its report says so.
func Run(ctx context.Context, python string, files []File) ([]Report, error) {
	var requests bytes.Buffer
	for _, file := range files {
		line, err := json.Marshal(file)
		if err != nil {
			return nil, fmt.Errorf("ask for %s: %w", file.Path, err)
		}
		requests.Write(append(line, '\n'))
	}

	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	command := exec.CommandContext(ctx, python, "-c", program)
	command.Stdin = &requests
	var complaints bytes.Buffer
	command.Stderr = &complaints
	// The files' own processes end by their time limit, if not before by the
	// write that nobody reads.
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	command.Cancel = func() error { return syscall.Kill(-command.Process.Pid, syscall.SIGKILL) }
	command.WaitDelay = 5 * time.Second
	output, err := command.StdoutPipe()
	if err != nil {
		return nil, fmt.Errorf("start the oracle: %w", err)
	}
	if err := command.Start(); err != nil {
		return nil, fmt.Errorf("start the oracle: %w", err)
	}
	answers, readError := readReports(output)
	if readError != nil {
		cancel() // else it waits until somebody reads on
	}
	if err := errors.Join(readError, command.Wait()); err != nil {
		return nil, fmt.Errorf("the oracle with %s: %w\n%s", python, err, last(complaints.String(), 2000))
	}

	reports := make([]Report, 0, len(files))
	for _, file := range files {
		report, ok := answers[file.Path]
		if !ok {
			return nil, fmt.Errorf("the oracle with %s has no answer for %s", python, file.Path)
		}
		reports = append(reports, report)
	}
	return reports, nil
}

// readReports returns the reports by file.
func readReports(output io.Reader) (map[string]Report, error) {
	reports := map[string]Report{}
	lines := bufio.NewReader(output)
	for {
		line, err := lines.ReadBytes('\n')
		if err == io.EOF && len(line) == 0 {
			return reports, nil
		}
		if err != nil && err != io.EOF {
			return nil, fmt.Errorf("read the oracle's answers: %w", err)
		}
		var report Report
		if err := json.Unmarshal(line, &report); err != nil {
			return nil, fmt.Errorf("read the oracle's answer %q: %w", last(string(line), 200), err)
		}
		reports[report.File] = report
	}
}

func last(text string, length int) string {
	text = strings.TrimSpace(text)
	if len(text) > length {
		return "... " + text[len(text)-length:]
	}
	return text
}
