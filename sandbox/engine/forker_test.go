package engine

import (
	"archive/tar"
	"compress/gzip"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/flyte-lsp/flyte-lsp/internal/testenv"
)

// forked runs flytekit's entry points as children of a parent.
type forked struct {
	*forker
	tools interpreter
	dir   string
}

func newForked(t *testing.T) forked {
	t.Helper()
	f := forked{newForker(slog.New(slog.NewTextHandler(io.Discard, nil))), interpreter{python: testenv.Python(t)}, t.TempDir()}
	t.Cleanup(f.close)
	return f
}

// process is one that runs in the folder; its output goes to the file.
func (f forked) process(args ...string) process {
	env := []string{"PATH=" + f.tools.path(os.Getenv("PATH")), "HOME=" + os.Getenv("HOME"), "PYTHONUNBUFFERED=1"}
	return process{command: f.tools.command(args), dir: f.dir, env: env, log: filepath.Join(f.dir, "log")}
}

func (f forked) run(t *testing.T, args ...string) (exitState, string) {
	t.Helper()
	exit, err := runProcess(t.Context(), f.process(args...), func(p process, output *os.File) (int, <-chan exitState, error) {
		return f.start(t.Context(), f.tools, p, output)
	})
	if err != nil {
		t.Fatal(err)
	}
	return exit, tailOf(filepath.Join(f.dir, "log"), 1<<20)
}

// bundle writes a code bundle with one file.
func bundle(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "fast.tar.gz")
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	zipped := gzip.NewWriter(file)
	archive := tar.NewWriter(zipped)
	if err := archive.WriteHeader(&tar.Header{Name: name, Mode: 0o644, Size: int64(len(text))}); err != nil {
		t.Fatal(err)
	}
	if _, err := archive.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	for _, closer := range []io.Closer{archive, zipped, file} {
		if err := closer.Close(); err != nil {
			t.Fatal(err)
		}
	}
	return path
}

// A parent forks one task after the other; a bundle is unpacked, and one whose
// module has the name of one that flytekit imports gets an interpreter of its
// own, in which it comes first.
func TestForkedTasks(t *testing.T) {
	f := newForked(t)
	for range 2 {
		if exit, log := f.run(t, "pyflyte-execute", "--help"); exit.code != 0 || !strings.Contains(log, "--raw-output-data-prefix") {
			t.Errorf("exit code %d: %s", exit.code, log)
		}
	}
	if exit, log := f.run(t, "pyflyte-execute", "--nonsense"); exit.code != 2 || !strings.Contains(log, "No such option") {
		t.Errorf("exit code %d: %s", exit.code, log)
	}
	if len(f.all) != 1 {
		t.Errorf("%d parents for one interpreter", len(f.all))
	}
	module := bundle(t, "mine.py", "x = 1")
	if exit, log := f.run(t, "pyflyte-fast-execute", "--additional-distribution", module, "--dest-dir", ".", "--", "pyflyte-execute", "--help"); exit.code != 0 || !exists(filepath.Join(f.dir, "mine.py")) {
		t.Errorf("exit code %d: %s", exit.code, log)
	}
	shadow := bundle(t, "yaml.py", "print('my own yaml')")
	if _, log := f.run(t, "pyflyte-fast-execute", "--additional-distribution", shadow, "--dest-dir", ".", "--", "pyflyte-execute", "--help"); !strings.Contains(log, "my own yaml") {
		t.Errorf("the bundle's yaml.py wasn't imported: %s", log)
	}
	if exit, log := f.run(t, "pyflyte-fast-execute", "--additional-distribution", "/no/such.tar.gz", "--dest-dir", ".", "--", "pyflyte-execute", "--help"); exit.code != 1 {
		t.Errorf("a missing bundle: exit code %d: %s", exit.code, log)
	}
}

// If the parent dies, so do its tasks, as if they had been killed; the next
// task gets another parent.
func TestParentDies(t *testing.T) {
	f := newForked(t)
	slow := "import time\nclass Resolver:\n    def load_task(self, loader_args):\n        print('loading', flush=True)\n        time.sleep(300)\nresolver = Resolver()\n"
	if err := os.WriteFile(filepath.Join(f.dir, "slow.py"), []byte(slow), 0o600); err != nil {
		t.Fatal(err)
	}
	log := filepath.Join(f.dir, "output")
	output, err := os.Create(log)
	if err != nil {
		t.Fatal(err)
	}
	defer output.Close()
	p := f.process("pyflyte-execute", "--inputs", "i", "--output-prefix", "o", "--raw-output-data-prefix", f.dir, "--resolver", "slow.resolver", "--", "x")
	pid, waited, err := f.start(t.Context(), f.tools, p, output)
	if err != nil {
		t.Fatal(err)
	}
	for deadline := time.Now().Add(20 * time.Second); !strings.Contains(tailOf(log, 1000), "loading"); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("the task doesn't come to its code: %s", tailOf(log, 1000))
		}
	}
	f.mu.Lock()
	parent := f.parents[f.tools.python]
	f.mu.Unlock()
	if err := syscall.Kill(parent.cmd.Process.Pid, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	if exit := <-waited; exit.code != 137 {
		t.Errorf("the task ended with %+v", exit)
	}
	for deadline := time.Now().Add(5 * time.Second); lives(pid); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("process %d still runs", pid)
		}
	}
	if exit, text := f.run(t, "pyflyte-execute", "--help"); exit.code != 0 {
		t.Errorf("the next task: exit code %d: %s", exit.code, text)
	}
}

// lives tells whether a process runs; a zombie that nobody collects doesn't.
func lives(pid int) bool {
	state, err := exec.Command("ps", "-o", "stat=", "-p", strconv.Itoa(pid)).Output()
	return err == nil && !strings.HasPrefix(strings.TrimSpace(string(state)), "Z")
}
