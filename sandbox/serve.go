package sandbox

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"strconv"
	"syscall"
	"time"

	"github.com/gofrs/flock"
)

// lockWait is how long Serve waits for the folder's lock: who only looks
// whether a sandbox runs holds it for a moment.
const lockWait = 2 * time.Second

// Serve runs the sandbox in this process until ctx ends or it was idle for
// opts.IdleAfter. It returns ErrRunning where another process serves the
// folder. Executions that haven't ended then go on at the next start.
func Serve(ctx context.Context, opts Options) error {
	opts, err := opts.filled()
	if err != nil {
		return err
	}
	if err := os.MkdirAll(opts.Dir, 0o700); err != nil {
		return fmt.Errorf("the sandbox's folder: %w", err)
	}
	if err := os.Chmod(opts.Dir, 0o700); err != nil {
		return fmt.Errorf("the sandbox's folder: %w", err)
	}
	lock := flock.New(serveLock(opts.Dir))
	waiting, cancel := context.WithTimeout(ctx, lockWait)
	held, err := lock.TryLockContext(waiting, 20*time.Millisecond)
	cancel()
	if !held {
		if errors.Is(err, context.DeadlineExceeded) {
			return fmt.Errorf("%w: %s", ErrRunning, opts.Dir)
		}
		return fmt.Errorf("the sandbox's lock: %w", err)
	}
	err = serveLocked(ctx, opts)
	return errors.Join(err, lock.Unlock())
}

func serveLock(dir string) string { return filepath.Join(dir, "serve.lock") }

func serveLocked(ctx context.Context, opts Options) error {
	before, err := readState(opts.Dir)
	if err != nil {
		return err
	}
	if opts.Python == "" {
		opts.Python = before.Python
	}
	grpcListener, err := listen(opts.Port, before.Port, "--port")
	if err != nil {
		return err
	}
	httpListener, err := listen(opts.HTTPPort, before.HTTPPort, "--http-port")
	if err != nil {
		return errors.Join(err, grpcListener.Close())
	}
	now := saved{
		PID: os.Getpid(), Port: portOf(grpcListener), HTTPPort: portOf(httpListener), Python: opts.Python, Started: time.Now(),
	}
	s, err := newServer(ctx, opts, now.status(opts.Dir))
	if err != nil {
		return errors.Join(err, grpcListener.Close(), httpListener.Close())
	}
	if err := errors.Join(writeConfig(s.status), now.write(opts.Dir)); err != nil {
		return errors.Join(err, s.close(), grpcListener.Close(), httpListener.Close())
	}
	opts.Log.Info("sandbox starts", "endpoint", s.status.Endpoint, "http", s.status.HTTP, "dir", opts.Dir, "python", opts.Python, "pid", now.PID)
	err = s.serve(ctx, grpcListener, httpListener)
	now.PID = 0
	return errors.Join(err, now.write(opts.Dir))
}

func portOf(l net.Listener) int { return l.Addr().(*net.TCPAddr).Port }

// listen listens on the port that is asked for, else on the one of the last
// start if it is free, else on any.
func listen(asked, before int, flag string) (net.Listener, error) {
	if asked != 0 {
		l, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(asked)))
		if errors.Is(err, syscall.EADDRINUSE) {
			return nil, fmt.Errorf("port %d is in use by another program: choose another one with %s, or leave it out and a free one is taken", asked, flag)
		}
		if err != nil {
			return nil, fmt.Errorf("port %d can't be used: %w (another one can be chosen with %s)", asked, err, flag)
		}
		return l, nil
	}
	if before != 0 {
		if l, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(before))); err == nil {
			return l, nil
		}
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("no port on 127.0.0.1 can be used: %w", err)
	}
	return l, nil
}

// findPython is the interpreter of tasks where neither the execution nor the
// options name one.
func findPython(given string) (string, error) {
	if given != "" {
		return given, nil
	}
	if env := os.Getenv("VIRTUAL_ENV"); env != "" {
		if python := filepath.Join(env, "bin", "python"); executable(python) {
			return python, nil
		}
	}
	for _, name := range []string{"python3", "python"} {
		if python, err := exec.LookPath(name); err == nil {
			return python, nil
		}
	}
	return "", errors.New("no Python interpreter was found for the task: looked at the execution's annotation, the sandbox's --python, VIRTUAL_ENV, and python3 on PATH")
}

func executable(path string) bool {
	info, err := os.Stat(path)
	return err == nil && !info.IsDir() && info.Mode()&0o111 != 0
}

func version() string {
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		return info.Main.Version
	}
	return "devel"
}
