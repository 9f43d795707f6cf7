// Package examples_test runs the examples as their README says, with the real
// flytekit.
package examples_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/flyte-lsp/flyte-lsp/internal/testenv"
	"github.com/flyte-lsp/flyte-lsp/local"
	"github.com/flyte-lsp/flyte-lsp/runs"
)

// example is a row of the README's table.
type example struct {
	project, file, entity string
	inputsFile            string // relative to the project, empty where the defaults do
	answer                string // a part of what both tools print
}

// backtest's row has an escaped bar in it.
var row = regexp.MustCompile("(?m)^\\| \\[([^]]+)\\]\\(([^)]+)\\) \\|.+\\| `(\\S+) (\\S+)( --inputs-file (\\S+))?` \\| `([^`]+)` \\|$")

// readme returns the examples that the README names.
func readme(t *testing.T) []example {
	t.Helper()
	text, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	var examples []example
	for _, cell := range row.FindAllStringSubmatch(string(text), -1) {
		if got := filepath.ToSlash(filepath.Join(cell[1], cell[3])); got != cell[2] {
			t.Errorf("README: %s links to %s, but runs %s", cell[1], cell[2], got)
		}
		examples = append(examples, example{project: cell[1], file: cell[3], entity: cell[4], inputsFile: cell[6], answer: cell[7]})
	}
	return examples
}

// Each folder with Python files is a row of the README, and the other way round.
func TestREADMENamesEachProject(t *testing.T) {
	rows := map[string]bool{}
	for _, e := range readme(t) {
		rows[e.project] = true
	}
	err := filepath.WalkDir(".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || filepath.Ext(path) != ".py" || strings.HasPrefix(path, "testdata") {
			return err
		}
		for project := range rows {
			if strings.HasPrefix(path, project+string(filepath.Separator)) {
				return nil
			}
		}
		t.Errorf("%s belongs to no row of README.md", path)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) < 13 {
		t.Errorf("README.md has %d rows that can be read", len(rows))
	}
}

var requiresPython = regexp.MustCompile(`(?m)^requires-python = ">=3\.(\d+)"$`)

// tooNew are the projects whose pyproject.toml asks for a newer Python than
// the environment has.
func tooNew(t *testing.T) []string {
	t.Helper()
	output, err := exec.CommandContext(t.Context(), testenv.Python(t), "-c", "import sys; print(sys.version_info[1])").Output()
	if err != nil {
		t.Fatal(err)
	}
	minor, err := strconv.Atoi(strings.TrimSpace(string(output)))
	if err != nil {
		t.Fatal(err)
	}
	projects := []string{}
	for _, e := range readme(t) {
		text, err := os.ReadFile(filepath.Join(e.project, "pyproject.toml"))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			t.Fatal(err)
		}
		if match := requiresPython.FindSubmatch(text); match != nil {
			if needed, err := strconv.Atoi(string(match[1])); err != nil || needed > minor {
				projects = append(projects, e.project)
			}
		}
	}
	return projects
}

type command struct {
	Folder string   `json:"folder"`
	Args   []string `json:"args"`
	Stdin  string   `json:"stdin"`
}

type answers struct {
	Roots map[string]struct {
		Modules  []string
		Entities [][2]string // kind and name
		Error    string
	}
	Commands []struct {
		Exit   int
		Output string
	}
}

// More than the README's rows: what asks, what fails, launch plans, and the
// forms that no row has.
var more = []struct {
	project, args, stdin, answer string
	exit                         int
}{
	{"newsletter", "newsletter.py publish", "y\nMay\n", "receipt='sent May', sent=250", 0},
	{"newsletter", "newsletter.py publish", "n\n", "did not approve", 1},
	{"newsletter", "newsletter.py deliver --subject May --body hello --readers 5000", "", "sent=50", 0},
	{"newsletter", "newsletter.py deliver --subject May --body hello --readers 0", "", "a newsletter without readers can't be sent", 1},
	{"payments", "payments.py collect_month --customer mallory", "", "mallory: charging 2024-06 failed because of:", 1},
	{"payments", "payments.py collect_by_hand", "", "alice-9.99", 0},
	{"wordcount", "wordcount.py count_all", "", "'sea': 3", 0},
	{"weather", "weather.py day_range --moment 2024-06-01T12:00:00 --window 12h", "", "o0=-1.0", 0},
	{"simulation", "workflow.py delays", "", "[12.5, 30.0, 40.0]", 0},
	{"logfiles", "logfiles.py count_errors --repeat 3", "", "errors=6", 0},
	{"inbox", "inbox.py fingerprints", "", "o0='ebf4f635', o1='96f6'", 0},
	{"crawler", `crawler.py survey --starts ["/","/blog","/blog/two"]`, "", "o0='/blog/two', o1=3", 0},
	{"housing", "housing/workflow.py compare", "", "error=", 0},
	{"backtest", "src/backtest/workflow.py hold_one", "", "symbol='EQNR' strategy='hold'", 0},
}

func TestSerializeAndRunWithPyflyte(t *testing.T) {
	t.Parallel()
	root := filepath.Join(testenv.Root(t), "examples")
	older := tooNew(t)
	var commands []command
	var names, wants []string
	var exits []int
	add := func(project, args, stdin, answer string, exit int) {
		if slices.Contains(older, project) {
			return
		}
		commands = append(commands, command{filepath.Join(root, project), append([]string{"run"}, strings.Fields(args)...), stdin})
		names, wants, exits = append(names, args), append(wants, answer), append(exits, exit)
	}
	for _, e := range readme(t) {
		args := e.file + " " + e.entity
		if e.inputsFile != "" {
			args += " --inputs-file " + e.inputsFile
		}
		add(e.project, args, "", e.answer, 0)
	}
	for _, m := range more {
		add(m.project, m.args, m.stdin, m.answer, m.exit)
	}

	got := drive(t, root, older, commands)
	for path, serialized := range got.Roots {
		folder, _ := filepath.Rel(root, path)
		t.Run("serialize/"+folder, func(t *testing.T) {
			if serialized.Error != "" {
				t.Fatal(serialized.Error)
			}
			seen := map[[2]string]bool{}
			for _, entity := range serialized.Entities {
				if seen[entity] {
					t.Errorf("two %ss are named %s", entity[0], entity[1])
				}
				seen[entity] = true
			}
			if len(seen) == 0 {
				t.Errorf("%s define no entity", serialized.Modules)
			}
		})
	}
	for i, result := range got.Commands {
		t.Run("pyflyte/"+names[i], func(t *testing.T) {
			if result.Exit != exits[i] || !strings.Contains(unwrap(result.Output), wants[i]) {
				t.Errorf("want exit code %d and %q, got %d and\n%s", exits[i], wants[i], result.Exit, result.Output)
			}
		})
	}
}

// unwrap joins the lines that pyflyte breaks for its terminal.
func unwrap(output string) string { return strings.Join(strings.Fields(output), " ") }

// drive has the driver serialize all roots, but for those of some projects,
// and run the commands.
func drive(t *testing.T, root string, without []string, commands []command) answers {
	t.Helper()
	job, err := json.Marshal(map[string]any{"folder": root, "without": without, "commands": commands})
	if err != nil {
		t.Fatal(err)
	}
	driver := exec.CommandContext(t.Context(), testenv.Python(t), filepath.Join(root, "testdata", "driver.py"))
	// flytekit keeps its cache of results in the home folder.
	driver.Env = append(os.Environ(), "HOME="+t.TempDir(), "PYTHONDONTWRITEBYTECODE=1")
	driver.Stdin = bytes.NewReader(job)
	output, err := driver.Output()
	var failed *exec.ExitError
	if errors.As(err, &failed) {
		t.Fatalf("%v\n%s", err, failed.Stderr)
	} else if err != nil {
		t.Fatal(err)
	}
	var got answers
	if err := json.Unmarshal(output, &got); err != nil {
		t.Fatalf("%v: %.2000s", err, output)
	}
	return got
}

// What the lens runs gives the same answers as pyflyte.
func TestRunAsTheLensDoes(t *testing.T) {
	t.Parallel()
	pool := local.NewPool(slog.New(slog.NewTextHandler(io.Discard, nil)))
	defer pool.Close()
	env := []string{"HOME=" + t.TempDir(), "PYTHONDONTWRITEBYTECODE=1"}
	older := tooNew(t)
	for _, e := range readme(t) {
		if slices.Contains(older, e.project) {
			continue
		}
		t.Run(e.project, func(t *testing.T) {
			folder, err := filepath.Abs(e.project)
			if err != nil {
				t.Fatal(err)
			}
			job := local.Job{
				File: filepath.Join(folder, e.file), Entity: e.entity, WorkDir: folder,
				Env: env, Log: filepath.Join(t.TempDir(), "log"),
			}
			if e.inputsFile != "" {
				path := filepath.Join(folder, e.inputsFile)
				text, err := os.ReadFile(path)
				if err != nil {
					t.Fatal(err)
				}
				document, err := runs.ReadInputsDocument(path, text)
				if err != nil {
					t.Fatal(err)
				}
				if document.File != job.File || document.Entity != e.entity {
					t.Errorf("%s says that it is of %s in %s", e.inputsFile, document.Entity, document.File)
				}
				job.Inputs = document.Values
			}
			result, err := pool.Run(t.Context(), testenv.Python(t), job, nil)
			if err != nil {
				t.Fatal(err)
			}
			var output strings.Builder
			for _, o := range result.Outputs {
				output.WriteString(o.Text + "\n")
			}
			if !strings.Contains(output.String(), e.answer) {
				t.Errorf("want %q, got\n%s", e.answer, output.String())
			}
		})
	}
}
