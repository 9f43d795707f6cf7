package engine

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"
)

const (
	// killGrace is how long a process group has between SIGTERM and SIGKILL.
	killGrace = 2 * time.Second
	// drainTime is how long output is read after the process has ended: what
	// it left behind in a session of its own may hold the pipe open.
	drainTime = 500 * time.Millisecond
	// maxLog is the most that is kept of one attempt's output, in bytes.
	maxLog = 32 << 20
)

// process is what is run.
type process struct {
	command []string
	dir     string
	env     []string
	log     string                     // stdout and stderr, as they come
	started func(process string) error // told the mark of the process
}

// exitState is how a process ended: its exit code, 128 + the signal's number
// where a signal killed it.
type exitState struct {
	code   int
	reason string
}

// starter starts a process whose output goes to the file. It tells the pid,
// which is its group's too, and once how it ended.
type starter func(p process, output *os.File) (pid int, waited <-chan exitState, err error)

// startPlain starts a process of its own.
func startPlain(p process, output *os.File) (int, <-chan exitState, error) {
	cmd := exec.Command(p.command[0], p.command[1:]...)
	cmd.Dir, cmd.Env, cmd.Stdout, cmd.Stderr = p.dir, p.env, output, output
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := cmd.Start(); err != nil {
		return 0, nil, failed(systemError, "StartFailed", "%s can't be started: %v", p.command[0], err)
	}
	waited := make(chan exitState, 1)
	go func() { // ends with the process, for which its caller waits
		_ = cmd.Wait() // the state tells more
		waited <- stateOf(cmd.ProcessState.Sys().(syscall.WaitStatus))
	}()
	return cmd.Process.Pid, waited, nil
}

// runProcess runs the process in a group of its own until it ends or ctx
// does. Whatever else is in the group then is killed: a container ends with
// its first process, too.
func runProcess(ctx context.Context, p process, start starter) (exitState, error) {
	if err := os.MkdirAll(filepath.Dir(p.log), 0o700); err != nil {
		return exitState{}, err
	}
	log, err := os.Create(p.log)
	if err != nil {
		return exitState{}, err
	}
	defer log.Close()
	reader, writer, err := os.Pipe()
	if err != nil {
		return exitState{}, err
	}
	defer reader.Close()
	pid, waited, err := start(p, writer)
	writer.Close()
	if err != nil {
		return exitState{}, err
	}
	copied := make(chan error, 1)
	go func() { copied <- copyLog(log, reader) }()
	if p.started != nil {
		err = p.started(processMark(pid))
	}
	var exit exitState
	if err != nil {
		exit = killGroup(pid, waited)
	} else {
		select {
		case exit = <-waited:
		case <-ctx.Done():
			exit = killGroup(pid, waited)
		}
	}
	_ = syscall.Kill(-pid, syscall.SIGKILL) // who is left; ESRCH if nobody is
	deadline := reader.SetReadDeadline(time.Now().Add(drainTime))
	if copyErr := <-copied; err == nil && copyErr != nil && !errors.Is(copyErr, os.ErrDeadlineExceeded) {
		err = fmt.Errorf("the log %s: %w", p.log, copyErr)
	}
	return exit, errors.Join(err, deadline)
}

// killGroup ends a process group and waits for its leader.
func killGroup(pid int, waited <-chan exitState) exitState {
	_ = syscall.Kill(-pid, syscall.SIGTERM)
	select {
	case exit := <-waited:
		return exit
	case <-time.After(killGrace):
		_ = syscall.Kill(-pid, syscall.SIGKILL)
		return <-waited
	}
}

func stateOf(status syscall.WaitStatus) exitState {
	switch {
	case status.Signaled():
		return exitState{code: 128 + int(status.Signal()), reason: "killed by " + status.Signal().String()}
	case status.ExitStatus() == 0:
		return exitState{reason: "Completed"}
	}
	return exitState{code: status.ExitStatus(), reason: "Error"}
}

// copyLog copies output to the log, and reads on once the log has maxLog
// bytes or can't be written: a process must not stop because of its log.
func copyLog(log io.Writer, output io.Reader) error {
	buffer := make([]byte, 64<<10)
	written := 0
	var failed error
	for {
		n, err := output.Read(buffer)
		if n > 0 && failed == nil && written < maxLog {
			written += n
			_, failed = log.Write(buffer[:n])
			if written >= maxLog && failed == nil {
				_, failed = fmt.Fprintf(log, "\n[the log ends here: the task printed more than %d MB]\n", maxLog>>20)
			}
		}
		if err == io.EOF {
			return failed
		}
		if err != nil {
			return errors.Join(failed, err)
		}
	}
}

// tailOf is the end of a file, at most n bytes, "" if it can't be read.
func tailOf(path string, n int64) string {
	file, err := os.Open(path)
	if err != nil {
		return ""
	}
	defer file.Close()
	if info, err := file.Stat(); err == nil && info.Size() > n {
		if _, err := file.Seek(-n, io.SeekEnd); err != nil {
			return ""
		}
	}
	data, err := io.ReadAll(io.LimitReader(file, n))
	if err != nil {
		return ""
	}
	return string(bytes.ToValidUTF8(data, []byte("?")))
}
