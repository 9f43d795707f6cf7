//go:build unix

package local

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/flyte-lsp/flyte-lsp/internal/testenv"
)

// until waits for a condition, which a broken program never meets.
func until(t testing.TB, what string, met func() bool) {
	t.Helper()
	for deadline := time.Now().Add(30 * time.Second); !met(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("waited in vain until %s", what)
		}
	}
}

// alive tells whether a process runs; one that only waits to be reaped doesn't.
func alive(pid int) bool {
	if syscall.Kill(pid, 0) != nil {
		return false
	}
	if _, err := os.Stat("/proc/self"); err != nil {
		return true // macOS has no such folder, and its init reaps at once
	}
	stat, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	return err == nil && !strings.Contains(string(stat), ") Z ")
}

// pidIn reads a process's number that a task wrote; 0 while it is missing.
func pidIn(file string) int {
	text, _ := os.ReadFile(file)
	pid, _ := strconv.Atoi(strings.TrimSpace(string(text)))
	return pid
}

const endless = `
import os, signal, subprocess, time
from flytekit import task

def note(folder, name, pid):
    with open(os.path.join(folder, name + ".new"), "w") as file:
        file.write(str(pid))
    os.rename(os.path.join(folder, name + ".new"), os.path.join(folder, name))

@task
def forever(folder: str, stubborn: bool):
    if stubborn:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    note(folder, "child", subprocess.Popen(["sleep", "1000"]).pid)
    note(folder, "task", os.getpid())
    while True:
        time.sleep(1)

@task
def leave_behind(folder: str) -> int:
    note(folder, "child", subprocess.Popen(["sleep", "1000"]).pid)
    pid = os.fork()
    if pid == 0:
        os.setsid()
        time.sleep(1000)
        os._exit(0)
    note(folder, "daemon", pid)
    return 1
`

func TestCancelEndsTheProcessGroup(t *testing.T) {
	for _, stubborn := range []bool{false, true} {
		dir := write(t, map[string]string{"flow.py": endless})
		ctx, cancel := context.WithCancel(context.Background())
		ended := make(chan error, 1)
		go func() {
			job := Job{File: filepath.Join(dir, "flow.py"), Entity: "forever", Inputs: map[string]any{"folder": dir, "stubborn": stubborn}}
			_, err := shared.Run(ctx, testenv.Python(t), job, nil)
			ended <- err
		}()
		task, child := filepath.Join(dir, "task"), filepath.Join(dir, "child")
		until(t, "the task runs", func() bool { return pidIn(task) > 0 })
		cancel()
		if err := <-ended; !errors.Is(err, context.Canceled) {
			t.Errorf("the cancelled run gave %v", err)
		}
		until(t, "the task is gone", func() bool { return !alive(pidIn(task)) })
		until(t, "its child is gone", func() bool { return !alive(pidIn(child)) })
	}
}

func TestLeftoversDontHoldTheRun(t *testing.T) {
	dir := write(t, map[string]string{"flow.py": endless})
	a := runFile(t, filepath.Join(dir, "flow.py"), "leave_behind", map[string]any{"folder": dir})
	if a.err != nil {
		t.Fatal(a.err)
	}
	until(t, "the child is gone", func() bool { return !alive(pidIn(filepath.Join(dir, "child"))) })
	daemon := pidIn(filepath.Join(dir, "daemon"))
	if !alive(daemon) {
		t.Error("the daemon, which left the group on purpose, was killed")
	}
	if err := syscall.Kill(daemon, syscall.SIGKILL); err != nil {
		t.Error(err)
	}
}

func TestWorkerThatIsKilled(t *testing.T) {
	dir := write(t, map[string]string{"flow.py": endless})
	pool := private(t)
	ended := make(chan error, 1)
	go func() {
		job := Job{File: filepath.Join(dir, "flow.py"), Entity: "forever", Inputs: map[string]any{"folder": dir, "stubborn": true}}
		_, err := pool.Run(context.Background(), testenv.Python(t), job, nil)
		ended <- err
	}()
	task := filepath.Join(dir, "task")
	until(t, "the task runs", func() bool { return pidIn(task) > 0 })
	worker, err := pool.find(testenv.Python(t), nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := worker.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	var died *WorkerError
	if err := <-ended; !errors.As(err, &died) {
		t.Errorf("the run gave %v", err)
	}
	until(t, "the task is gone", func() bool { return !alive(pidIn(task)) })
	result, err := pool.Run(context.Background(), testenv.Python(t), Job{File: testenv.Quickstart(t), Entity: "product_rating"}, nil)
	if err != nil || len(result.Outputs) != 1 {
		t.Errorf("the next run gave %v, %v", result, err)
	}
}

func TestCloseEndsWhatRuns(t *testing.T) {
	dir := write(t, map[string]string{"flow.py": endless})
	pool := private(t)
	ended := make(chan error, 1)
	go func() {
		job := Job{File: filepath.Join(dir, "flow.py"), Entity: "forever", Inputs: map[string]any{"folder": dir, "stubborn": true}}
		_, err := pool.Run(context.Background(), testenv.Python(t), job, nil)
		ended <- err
	}()
	task := filepath.Join(dir, "task")
	until(t, "the task runs", func() bool { return pidIn(task) > 0 })
	pool.Close()
	var died *WorkerError
	if err := <-ended; !errors.As(err, &died) {
		t.Errorf("the run gave %v", err)
	}
	until(t, "the task is gone", func() bool { return !alive(pidIn(task)) })
	if _, err := pool.Run(context.Background(), testenv.Python(t), Job{}, nil); err == nil {
		t.Error("a closed pool runs")
	}
}

func TestFloodGoesIntoTheLog(t *testing.T) {
	a := try(t, `
from flytekit import task
@task
def flood() -> int:
    line = "x" * 9999
    for _ in range(10_000):
        print(line)
    return 1
`, "flood", nil)
	if a.err != nil || len(a.output) != 100_000_000 {
		t.Errorf("%s; the log holds %d bytes", a.summary(), len(a.output))
	}
}

func TestOutputShowsWhileItIsMade(t *testing.T) {
	dir := write(t, map[string]string{"flow.py": `
import os, sys, subprocess, time
from flytekit import task
@task
def talk(stop: str):
    print("printed")
    sys.stderr.write("complained\n")
    subprocess.run(["echo", "echoed"])
    while not os.path.exists(stop):
        time.sleep(0.01)
`})
	log, stop := filepath.Join(dir, "log"), filepath.Join(dir, "stop")
	ended := make(chan error, 1)
	go func() {
		job := Job{File: filepath.Join(dir, "flow.py"), Entity: "talk", Inputs: map[string]any{"stop": stop}, Log: log}
		_, err := shared.Run(context.Background(), testenv.Python(t), job, nil)
		ended <- err
	}()
	until(t, "all output is in the log", func() bool {
		text, _ := os.ReadFile(log)
		return string(text) == "printed\ncomplained\nechoed\n"
	})
	if err := os.WriteFile(stop, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

func TestExitOfTheProcessBelongsToTheRun(t *testing.T) {
	a := try(t, `
import atexit, threading, time
from flytekit import task
def late():
    time.sleep(0.1)
    print("late thread")
@task
def start():
    atexit.register(print, "at exit")
    threading.Thread(target=late).start()
    print("returned")
`, "start", nil)
	if want := "returned\nlate thread\nat exit\n"; a.err != nil || a.output != want {
		t.Errorf("%v; the log holds %q, want %q", a.err, a.output, want)
	}
}

func TestFullDiskLosesOutputNotTheRun(t *testing.T) {
	const full = "/dev/full" // each write fails as on a full disk
	if _, err := os.Stat(full); err != nil {
		t.Logf("no %s on this platform: nothing to see", full)
		return
	}
	job := Job{File: testenv.Quickstart(t), Entity: "product_rating", Log: full}
	result, err := shared.Run(context.Background(), testenv.Python(t), job, nil)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(result.LogProblem, "No space left on device: free some space") {
		t.Errorf("LogProblem is %q", result.LogProblem)
	}
}

func TestLogThatCantBeOpened(t *testing.T) {
	job := Job{File: testenv.Quickstart(t), Entity: "product_rating", Log: filepath.Join(t.TempDir(), "missing", "log")}
	_, err := shared.Run(context.Background(), testenv.Python(t), job, nil)
	var problem *LogError
	if !errors.As(err, &problem) {
		t.Errorf("the run gave %v", err)
	}
}
