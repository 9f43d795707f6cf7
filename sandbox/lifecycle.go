package sandbox

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/gofrs/flock"
)

const (
	// startTimeout is how long a sandbox may take until it answers.
	startTimeout = 30 * time.Second
	// probeTimeout is how long a running one may take to tell its status.
	probeTimeout = 3 * time.Second
	// stopTimeout is how long one has to end after SIGTERM.
	stopTimeout = 15 * time.Second
	// maxLogFile is the size, in bytes, from which a start puts the log aside
	// as sandbox.log.1.
	maxLogFile = 4 << 20
	// ReadyFD is the flag of `sandbox start` that names the file descriptor on
	// which the started process tells its status, or why it doesn't run.
	ReadyFD = "ready-fd"
)

// Start returns the sandbox that runs in opts.Dir, or starts one detached from
// this process (`exe sandbox start --foreground ...`) and waits until it
// answers. Two processes that start at once get the same one; it keeps the
// options that it was started with.
func Start(ctx context.Context, exe string, opts Options) (Status, error) {
	opts, err := opts.filled()
	if err != nil {
		return Status{}, err
	}
	if err := os.MkdirAll(opts.Dir, 0o700); err != nil {
		return Status{}, fmt.Errorf("the sandbox's folder: %w", err)
	}
	unlock, err := exclusive(ctx, opts.Dir)
	if err != nil {
		return Status{}, err
	}
	status, err := Find(ctx, opts.Dir)
	if err != nil || status.Running {
		return status, errors.Join(err, unlock())
	}
	status, err = spawn(ctx, exe, opts)
	return status, errors.Join(err, unlock())
}

// exclusive keeps two processes from starting, stopping or resetting one
// sandbox at the same time.
func exclusive(ctx context.Context, dir string) (unlock func() error, err error) {
	lock := flock.New(filepath.Join(dir, "start.lock"))
	if _, err := lock.TryLockContext(ctx, 20*time.Millisecond); err != nil {
		return nil, fmt.Errorf("another process starts or stops the sandbox in %s: %w", dir, err)
	}
	return lock.Unlock, nil
}

// spawn starts the process and waits for its word.
func spawn(ctx context.Context, exe string, opts Options) (Status, error) {
	log, err := openLog(logFile(opts.Dir))
	if err != nil {
		return Status{}, err
	}
	defer log.Close()
	reader, writer, err := os.Pipe()
	if err != nil {
		return Status{}, err
	}
	defer reader.Close()
	cmd := exec.Command(exe, opts.args()...)
	cmd.Dir, cmd.Stdout, cmd.Stderr, cmd.ExtraFiles = opts.Dir, log, log, []*os.File{writer}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	err = cmd.Start()
	writer.Close()
	if err != nil {
		return Status{}, fmt.Errorf("the sandbox can't be started: %w", err)
	}
	// It outlives this function, and as a rule this process: whoever lives
	// longer, this one collects it so that no zombie stays.
	go func() { _ = cmd.Wait() }()
	stopWaiting := context.AfterFunc(ctx, func() { _ = reader.SetReadDeadline(time.Now()) })
	defer stopWaiting()
	if err := reader.SetReadDeadline(time.Now().Add(startTimeout)); err != nil {
		return Status{}, err
	}
	word, err := io.ReadAll(reader)
	if ctx.Err() != nil {
		return Status{}, ctx.Err()
	}
	if err != nil {
		return Status{}, fmt.Errorf("the sandbox (pid %d) doesn't answer: %w (its log: %s)", cmd.Process.Pid, err, logFile(opts.Dir))
	}
	var status Status
	if json.Unmarshal(word, &status) == nil && status.Running {
		return status, nil
	}
	if text := strings.TrimSpace(string(word)); text != "" {
		return Status{}, fmt.Errorf("the sandbox can't start: %s", text)
	}
	return Status{}, fmt.Errorf("the sandbox ended at its start: its log %s tells why", logFile(opts.Dir))
}

func (o Options) args() []string {
	args := []string{"sandbox", "start", "--foreground", "--" + ReadyFD, "3", "--dir", o.Dir, "--idle-after", o.IdleAfter.String()}
	if o.Port != 0 {
		args = append(args, "--port", strconv.Itoa(o.Port))
	}
	if o.HTTPPort != 0 {
		args = append(args, "--http-port", strconv.Itoa(o.HTTPPort))
	}
	if o.Python != "" {
		args = append(args, "--python", o.Python)
	}
	return args
}

// openLog opens the log for appending, a large one put aside before.
func openLog(path string) (*os.File, error) {
	if info, err := os.Stat(path); err == nil && info.Size() > maxLogFile {
		if err := os.Rename(path, path+".1"); err != nil {
			return nil, fmt.Errorf("the sandbox's log: %w", err)
		}
	}
	log, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, fmt.Errorf("the sandbox's log: %w", err)
	}
	return log, nil
}

// Find tells of the sandbox in dir ("" is the user's own) and starts nothing.
// Status.Running is false where none runs; the rest then tells of the last
// one.
func Find(ctx context.Context, dir string) (Status, error) {
	dir, err := resolveDir(dir)
	if err != nil {
		return Status{}, err
	}
	last, err := readState(dir)
	status := last.status(dir)
	if err != nil || last.PID == 0 {
		return status, err
	}
	if answer, err := probe(ctx, status.HTTP); err == nil && answer.PID == last.PID && answer.Dir == dir {
		return answer, nil
	}
	if ctx.Err() != nil {
		return status, ctx.Err()
	}
	// It doesn't answer: the lock, which the system frees with its process,
	// tells whether it still runs.
	lock := flock.New(serveLock(dir))
	free, err := lock.TryLock()
	if err != nil {
		return status, fmt.Errorf("the sandbox's lock: %w", err)
	}
	if free {
		status.PID = 0
		return status, lock.Unlock()
	}
	status.Running = true
	return status, nil
}

func probe(ctx context.Context, base string) (Status, error) {
	ctx, cancel := context.WithTimeout(ctx, probeTimeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, base+"/healthcheck", nil)
	if err != nil {
		return Status{}, err
	}
	// No proxy of the user's stands between this machine and itself.
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	response, err := client.Do(request)
	if err != nil {
		return Status{}, err
	}
	defer response.Body.Close()
	var status Status
	return status, json.NewDecoder(io.LimitReader(response.Body, 1<<20)).Decode(&status)
}

// Stop ends the sandbox in dir, if one runs. Executions that haven't ended go
// on at its next start.
func Stop(ctx context.Context, dir string) error { return alone(ctx, dir, stop) }

// alone does something with the sandbox in dir while no other process starts
// or stops it; nothing where there is no such folder.
func alone(ctx context.Context, dir string, do func(ctx context.Context, dir string) error) error {
	dir, err := resolveDir(dir)
	if err != nil {
		return err
	}
	if _, err := os.Stat(dir); errors.Is(err, os.ErrNotExist) {
		return nil
	}
	unlock, err := exclusive(ctx, dir)
	if err != nil {
		return err
	}
	return errors.Join(do(ctx, dir), unlock())
}

func stop(ctx context.Context, dir string) error {
	status, err := Find(ctx, dir)
	if err != nil || !status.Running {
		return err
	}
	if err := syscall.Kill(status.PID, syscall.SIGTERM); err != nil && !errors.Is(err, syscall.ESRCH) {
		return fmt.Errorf("the sandbox (pid %d) can't be stopped: %w", status.PID, err)
	}
	waiting, cancel := context.WithTimeout(ctx, stopTimeout)
	defer cancel()
	lock := flock.New(serveLock(dir))
	if _, err := lock.TryLockContext(waiting, 20*time.Millisecond); err == nil {
		return lock.Unlock()
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err := syscall.Kill(status.PID, syscall.SIGKILL); err != nil && !errors.Is(err, syscall.ESRCH) {
		return fmt.Errorf("the sandbox (pid %d) can't be killed: %w", status.PID, err)
	}
	return nil
}

// Reset stops the sandbox in dir and deletes all it keeps, its ports excepted.
func Reset(ctx context.Context, dir string) error { return alone(ctx, dir, reset) }

func reset(ctx context.Context, dir string) error {
	if err := stop(ctx, dir); err != nil {
		return err
	}
	var errs []error
	for _, name := range []string{"data", "work", "state.db", "state.db-wal", "state.db-shm", "sandbox.log", "sandbox.log.1"} {
		errs = append(errs, os.RemoveAll(filepath.Join(dir, name)))
	}
	return errors.Join(errs...)
}
