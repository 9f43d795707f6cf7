package engine

import (
	"bufio"
	"context"
	_ "embed" // the parent's script
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

//go:embed forker.py
var forkerScript string

const (
	// parentIdle is how long a parent without tasks stays; it holds 90 MB.
	parentIdle = 5 * time.Minute
	// parentStart is how long a parent may take to import flytekit.
	parentStart = 2 * time.Minute
)

// errParent: a task can't be forked; it runs as a process of its own.
var errParent = errors.New("no parent process")

// forker keeps a parent for each interpreter: a process that has flytekit
// imported and forks the tasks, which then start in a tenth of the time.
type forker struct {
	log     *slog.Logger
	mu      sync.Mutex
	parents map[string]*parent   // by interpreter, those in use
	all     map[*parent]struct{} // and those that only end their tasks
	wg      sync.WaitGroup
}

func newForker(log *slog.Logger) *forker {
	return &forker{log: log, parents: map[string]*parent{}, all: map[*parent]struct{}{}}
}

// parent is one such process. Its fields below mu are guarded by it.
type parent struct {
	python string
	cmd    *exec.Cmd
	conn   *net.UnixConn
	ready  chan struct{} // closed once it can fork, or failed
	ended  chan struct{} // closed once it has ended
	failed error         // may be read once ready is closed

	mu      sync.Mutex
	next    int
	starts  map[int]chan answer        // by request
	tasks   map[int]chan<- exitState   // by pid
	early   map[int]syscall.WaitStatus // ended before its request was answered
	idle    *time.Timer
	stopped bool
}

// answer is a line from the parent.
type answer struct {
	Ready  bool   `json:"ready"`
	Error  string `json:"error"`
	ID     int    `json:"id"`
	PID    int    `json:"pid"`
	Status *int   `json:"status"`
}

type request struct {
	ID      int               `json:"id"`
	Command []string          `json:"command"`
	Dir     string            `json:"dir"`
	Env     map[string]string `json:"env"`
}

// start forks a task, its output going to the file. It tells the task's pid
// and, once, how it ended. An error that is errParent means that it didn't
// run.
func (f *forker) start(ctx context.Context, tools interpreter, p process, output *os.File) (int, <-chan exitState, error) {
	for range 2 {
		parent, err := f.parent(tools)
		if err != nil {
			return 0, nil, err
		}
		select {
		case <-parent.ready:
		case <-ctx.Done():
			return 0, nil, context.Cause(ctx)
		}
		if parent.failed != nil {
			return 0, nil, fmt.Errorf("%w: %w", errParent, parent.failed)
		}
		pid, waited, err := parent.fork(p, output)
		if err == nil || !errors.Is(err, errParent) {
			return pid, waited, err
		}
		f.log.Info("a parent process is replaced", "python", tools.python, "because", err)
		f.forget(parent)
	}
	return 0, nil, errParent
}

// parent is the interpreter's parent; it may still be importing.
func (f *forker) parent(tools interpreter) (*parent, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if known := f.parents[tools.python]; known != nil && !known.over() {
		return known, nil
	}
	started, err := f.spawn(tools)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errParent, err)
	}
	f.parents[tools.python] = started
	f.all[started] = struct{}{}
	return started, nil
}

func (f *forker) spawn(tools interpreter) (*parent, error) {
	ends, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM, 0)
	if err != nil {
		return nil, err
	}
	unix.CloseOnExec(ends[0])
	unix.CloseOnExec(ends[1])
	ours, theirs := os.NewFile(uintptr(ends[0]), "forker"), os.NewFile(uintptr(ends[1]), "forker")
	defer theirs.Close()
	conn, err := net.FileConn(ours)
	if err := errors.Join(err, ours.Close()); err != nil {
		return nil, err
	}
	p := &parent{
		python: tools.python, conn: conn.(*net.UnixConn), ready: make(chan struct{}), ended: make(chan struct{}),
		starts: map[int]chan answer{}, tasks: map[int]chan<- exitState{}, early: map[int]syscall.WaitStatus{},
	}
	p.cmd = exec.Command(tools.python, "-c", forkerScript)
	p.cmd.Stdin, p.cmd.Env, p.cmd.Dir = theirs, parentEnvironment(tools), filepath.Dir(tools.python)
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := p.cmd.Start(); err != nil {
		return nil, errors.Join(err, p.conn.Close())
	}
	p.idle = time.AfterFunc(parentIdle, p.stop)
	if err := p.conn.SetReadDeadline(time.Now().Add(parentStart)); err != nil {
		return nil, errors.Join(err, p.conn.Close())
	}
	f.wg.Go(func() {
		p.listen()
		f.forget(p)
		f.mu.Lock()
		delete(f.all, p)
		f.mu.Unlock()
	})
	return p, nil
}

// parentEnvironment is the sandbox's own without what would change flytekit's
// import.
func parentEnvironment(tools interpreter) []string {
	env := []string{"PYTHONUNBUFFERED=1"}
	for _, pair := range os.Environ() {
		name, value, _ := strings.Cut(pair, "=")
		switch {
		case foreign(name):
		case name == "PATH":
			env = append(env, "PATH="+tools.path(value))
		default:
			env = append(env, pair)
		}
	}
	return env
}

// importing are prefixes of variables that Python or flytekit read when they
// start: a task that sets one needs a process of its own.
var importing = []string{"PYTHON", "FLYTE_SDK_", "FLYTE_LOG", "LD_", "DYLD_", "MALLOC_", "OMP_", "MKL_", "OPENBLAS_", "GRPC_", "LC_", "LANG", "TZ", "_F_RUNTIME", "RUNTIME_PACKAGES"}

func readAtImport(name string) bool {
	for _, prefix := range importing {
		if strings.HasPrefix(name, prefix) {
			return true
		}
	}
	return false
}

// fork asks the parent for a child.
func (p *parent) fork(task process, output *os.File) (int, <-chan exitState, error) {
	env := make(map[string]string, len(task.env))
	for _, pair := range task.env {
		name, value, _ := strings.Cut(pair, "=")
		env[name] = value
	}
	started := make(chan answer, 1)
	p.mu.Lock()
	if p.stopped {
		p.mu.Unlock()
		return 0, nil, errParent
	}
	p.idle.Stop()
	p.next++
	id := p.next
	p.starts[id] = started
	err := p.send(request{ID: id, Command: task.command, Dir: task.dir, Env: env}, output)
	p.mu.Unlock()
	if err != nil {
		return 0, nil, fmt.Errorf("%w: %w", errParent, err)
	}
	told, open := <-started
	if !open {
		return 0, nil, fmt.Errorf("%w: it ended", errParent)
	}
	if told.Error != "" {
		return 0, nil, fmt.Errorf("%w: %s", errParent, told.Error)
	}
	waited := make(chan exitState, 1)
	p.mu.Lock()
	defer p.mu.Unlock()
	if status, over := p.early[told.PID]; over {
		delete(p.early, told.PID)
		waited <- stateOf(status)
		p.rest()
	} else if p.stopped {
		waited <- exitState{code: 137, reason: "its parent process ended"}
	} else {
		p.tasks[told.PID] = waited
	}
	return told.PID, waited, nil
}

// rest starts the idle time if nothing runs; mu is held.
func (p *parent) rest() {
	if len(p.tasks)+len(p.starts) == 0 && !p.stopped {
		p.idle.Reset(parentIdle)
	}
}

func (p *parent) send(r request, output *os.File) error {
	body, err := json.Marshal(r)
	if err != nil {
		return err
	}
	head := binary.BigEndian.AppendUint32(nil, uint32(len(body)))
	raw, err := output.SyscallConn()
	if err != nil {
		return err
	}
	var sendErr error
	err = raw.Control(func(fd uintptr) {
		_, _, sendErr = p.conn.WriteMsgUnix(head, syscall.UnixRights(int(fd)), nil)
	})
	if err := errors.Join(err, sendErr); err != nil {
		return err
	}
	_, err = p.conn.Write(body)
	return err
}

// listen reads the parent's answers until it ends, then settles what is open.
func (p *parent) listen() {
	lines := bufio.NewScanner(p.conn)
	first := true
	for lines.Scan() {
		var told answer
		if err := json.Unmarshal(lines.Bytes(), &told); err != nil {
			break
		}
		if first {
			first = false
			if !told.Ready {
				p.failed = errors.New(told.Error)
				break
			}
			if err := p.conn.SetReadDeadline(time.Time{}); err != nil {
				break
			}
			close(p.ready)
			continue
		}
		p.take(told)
	}
	if first || p.failed != nil {
		if p.failed == nil {
			p.failed = errors.New("flytekit can't be imported there")
		}
		close(p.ready)
	}
	p.settle()
}

func (p *parent) take(told answer) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if told.Status == nil {
		if started := p.starts[told.ID]; started != nil {
			delete(p.starts, told.ID)
			started <- told
		}
		return
	}
	status := syscall.WaitStatus(*told.Status)
	if waited := p.tasks[told.PID]; waited != nil {
		delete(p.tasks, told.PID)
		waited <- stateOf(status)
		p.rest()
		return
	}
	p.early[told.PID] = status
}

// settle ends the process and answers who still waits.
func (p *parent) settle() {
	p.stop()
	_ = syscall.Kill(-p.cmd.Process.Pid, syscall.SIGKILL) // ESRCH: it ended
	_ = p.cmd.Wait()                                      // how it ended doesn't matter any more
	p.mu.Lock()
	defer p.mu.Unlock()
	for id, started := range p.starts {
		delete(p.starts, id)
		close(started)
	}
	for pid, waited := range p.tasks {
		delete(p.tasks, pid)
		_ = syscall.Kill(-pid, syscall.SIGKILL)
		waited <- exitState{code: 137, reason: "its parent process ended"}
	}
	close(p.ended)
}

// stop hangs up: the parent then ends itself and its children.
func (p *parent) stop() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.stopped = true
	p.idle.Stop()
	_ = p.conn.CloseRead() // listen ends
	_ = p.conn.CloseWrite()
}

func (p *parent) over() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.stopped
}

// forget takes a parent out of use; what it still runs goes on.
func (f *forker) forget(p *parent) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.parents[p.python] == p {
		delete(f.parents, p.python)
	}
}

// close ends all parents and waits for them.
func (f *forker) close() {
	f.mu.Lock()
	for p := range f.all {
		p.stop()
	}
	f.mu.Unlock()
	f.wg.Wait()
}
