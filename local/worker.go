package local

import (
	"bufio"
	"bytes"
	"context"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"os/exec"
	"strings"
	"sync"
	"time"
)

//go:embed worker/*.py
var sources embed.FS

// startTimeout bounds the import of flytekit, which may come over a network.
const startTimeout = 2 * time.Minute

// worker is a Python process that is, or gets, ready for jobs.
type worker struct {
	log     *slog.Logger
	python  string
	cmd     *exec.Cmd
	control *net.UnixConn
	stderr  tail
	started time.Time

	// ready is closed when jobs can be given; dead when the process is gone,
	// and then problem tells why.
	ready, dead chan struct{}

	mu      sync.Mutex
	problem error
	folders map[string]time.Time // package folders with the times of their last change
	jobs    map[int]*running
	last    int
	retired bool
}

// running is a job that a worker's child does.
type running struct {
	pid int
	// ended is closed when the child is gone, or the worker.
	ended        chan struct{}
	code, signal int
	workerDied   bool
}

// notice is what a worker tells on the control line (worker/server.py).
type notice struct {
	Kind     string
	Python   string
	Flytekit *string
	Folders  []string
	Problem  string
	Job      int
	PID      int
	Code     int
	Signal   int
}

func startWorker(log *slog.Logger, python string, env []string) (*worker, error) {
	control, theirs, err := newLine()
	if err != nil {
		return nil, err
	}
	defer theirs.Close()
	boot, modules, err := shipment()
	if err != nil {
		return nil, err
	}
	cmd := exec.Command(python, "-c", boot)
	cmd.Stdin = bytes.NewReader(modules)
	cmd.ExtraFiles = []*os.File{theirs}
	cmd.Env = append(os.Environ(), env...)
	cmd.Dir = string(os.PathSeparator)
	cmd.SysProcAttr = ownGroup()
	cmd.WaitDelay = time.Second
	w := &worker{
		log: log, python: python, cmd: cmd, control: control, started: time.Now(),
		ready: make(chan struct{}), dead: make(chan struct{}), jobs: map[int]*running{},
	}
	cmd.Stderr = &w.stderr
	if err := cmd.Start(); err != nil {
		control.Close()
		return nil, &InterpreterError{Python: python, Problem: "it can't be started", Err: err}
	}
	return w, nil
}

// shipment gives the text that starts the worker and the modules as JSON.
func shipment() (boot string, modules []byte, err error) {
	entries, err := sources.ReadDir("worker")
	if err != nil {
		return "", nil, err
	}
	texts := map[string]string{}
	for _, entry := range entries {
		text, err := sources.ReadFile("worker/" + entry.Name())
		if err != nil {
			return "", nil, err
		}
		switch name := strings.TrimSuffix(entry.Name(), ".py"); name {
		case "boot":
			boot = string(text)
		case "__init__":
			texts["flyte_lsp_worker"] = string(text)
		default:
			texts["flyte_lsp_worker."+name] = string(text)
		}
	}
	modules, err = json.Marshal(texts)
	return boot, modules, err
}

// run listens to the worker until it ends; the pool waits for it.
func (w *worker) run() {
	impatient := time.AfterFunc(startTimeout, func() {
		w.fail(&InterpreterError{Python: w.python, Problem: fmt.Sprintf("flytekit wasn't imported within %s", startTimeout)})
		w.kill()
	})
	defer impatient.Stop()
	lines := bufio.NewReader(w.control)
	for {
		line, err := lines.ReadBytes('\n')
		if err != nil {
			break
		}
		var n notice
		if err := json.Unmarshal(line, &n); err != nil {
			w.fail(&WorkerError{Problem: fmt.Sprintf("the Python worker sent %q", line)})
			w.kill()
			break
		}
		if n.Kind == "ready" {
			impatient.Stop()
		}
		w.take(n)
	}
	w.control.Close()
	err := w.cmd.Wait()
	w.bury(err)
}

func (w *worker) take(n notice) {
	w.mu.Lock()
	defer w.mu.Unlock()
	switch n.Kind {
	case "hello":
		if err := check(w.python, n.Python, n.Flytekit); err != nil {
			w.problem = err
			w.kill()
			return
		}
		w.folders = changes(n.Folders)
	case "ready":
		w.log.Debug("Python worker is ready", "python", w.python, "seconds", time.Since(w.started).Seconds())
		close(w.ready)
	case "broken":
		if w.problem != nil {
			return // hello told already what is wrong, and better
		}
		w.problem = &InterpreterError{Python: w.python, Problem: "its flytekit can't be imported", Err: errors.New(strings.TrimSpace(n.Problem))}
	case "started":
		if job := w.jobs[n.Job]; job != nil {
			job.pid = n.PID
		}
	case "ended":
		if job := w.jobs[n.Job]; job != nil {
			delete(w.jobs, n.Job)
			job.code, job.signal = n.Code, n.Signal
			close(job.ended)
		}
		w.leaveIfRetired()
	}
}

// bury ends what the dead worker leaves: its children get no orders any more.
func (w *worker) bury(err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.problem == nil {
		w.problem = w.obituary(err)
	}
	for number, job := range w.jobs {
		if job.pid > 0 {
			killGroup(job.pid)
		}
		job.workerDied = true
		delete(w.jobs, number)
		close(job.ended)
	}
	close(w.dead)
}

// obituary tells how the process ended. Before it was ready that is a fault of
// the interpreter.
func (w *worker) obituary(err error) error {
	how := "ended"
	if err != nil {
		how = "ended: " + err.Error()
	}
	select {
	case <-w.ready:
		return &WorkerError{Problem: "the Python worker " + how, Tail: w.stderr.String()}
	default:
		return &InterpreterError{Python: w.python, Problem: "it " + how + " before flytekit was imported", Err: w.stderr.err()}
	}
}

func (w *worker) fail(err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.problem == nil {
		w.problem = err
	}
}

// wait returns when the worker takes jobs, or can't.
func (w *worker) wait(ctx context.Context) error {
	select {
	case <-w.ready:
		return nil
	case <-w.dead:
		w.mu.Lock()
		defer w.mu.Unlock()
		return w.problem
	case <-ctx.Done():
		return ctx.Err()
	}
}

// usable tells whether the worker lives and still has what is installed.
func (w *worker) usable() bool {
	select {
	case <-w.dead:
		return false
	default:
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.problem != nil || w.retired {
		return false
	}
	for folder, changed := range w.folders {
		if !changedAt(folder).Equal(changed) {
			return false
		}
	}
	return true
}

// start gives the worker a job: the descriptors become the child's line and log.
func (w *worker) start(line, log *os.File) (int, *running, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.retired {
		return 0, nil, errRetired
	}
	w.last++
	job := &running{ended: make(chan struct{})}
	order := fmt.Appendf(nil, `{"kind":"job","job":%d}`+"\n", w.last)
	if err := sendFiles(w.control, order, line, log); err != nil {
		w.retired = true // it is dead, and run is about to see it
		return 0, nil, fmt.Errorf("%w: %w", errRetired, err)
	}
	w.jobs[w.last] = job
	return w.last, job, nil
}

// errRetired tells that a worker takes no more jobs: another one does.
var errRetired = errors.New("the Python worker takes no more jobs")

// cancel ends a job's process group: SIGTERM, after two seconds SIGKILL.
func (w *worker) cancel(number int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.jobs[number] != nil {
		// Where this fails the worker is dead, and bury kills the job.
		_, _ = fmt.Fprintf(w.control, `{"kind":"cancel","job":%d}`+"\n", number)
	}
}

// retire lets the worker end once its jobs have.
func (w *worker) retire() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.retired = true
	w.leaveIfRetired()
}

func (w *worker) leaveIfRetired() {
	if w.retired && len(w.jobs) == 0 {
		w.control.Close()
	}
}

// close ends the worker and its jobs: it kills them when the line breaks.
func (w *worker) close() { w.control.Close() }

// kill ends a worker that doesn't listen.
func (w *worker) kill() {
	w.control.Close()
	_ = w.cmd.Process.Kill()
}

// changes are the times at which folders were changed last.
func changes(folders []string) map[string]time.Time {
	times := make(map[string]time.Time, len(folders))
	for _, folder := range folders {
		times[folder] = changedAt(folder)
	}
	return times
}

func changedAt(folder string) time.Time {
	info, err := os.Stat(folder)
	if err != nil {
		return time.Time{}
	}
	return info.ModTime()
}
