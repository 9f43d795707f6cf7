package model_test

import (
	"flag"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/flyte-lsp/flyte-lsp/internal/oracle"
	"github.com/flyte-lsp/flyte-lsp/internal/testenv"
	"github.com/flyte-lsp/flyte-lsp/model"
)

// pluginsPython records what flytekit says of testdata/plugins, where its
// interpreter has the plugins that the archives use:
//
//	go test ./model -run TestMissingPlugins/tasks -plugins-python PYTHON
var pluginsPython = flag.String("plugins-python", "", "interpreter with flytekit's plugins that records its answers anew")

// The stand-ins are those of the pinned flytekit's plugins: `go generate ./model`
// makes them.
func TestStandInsAreFresh(t *testing.T) {
	command := exec.CommandContext(t.Context(), testenv.Python(t), "-c", "from importlib.metadata import version; print(version('flytekit'), end='')")
	version, err := command.Output()
	if err != nil {
		t.Fatal(err)
	}
	archive, err := txtar.ParseFile("plugins/stand_ins.txtar")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(archive.Comment), "of version "+string(version)+",") {
		t.Errorf("flytekit is %s, and the stand-ins are another version's: run `go generate ./model`", version)
	}
}

// Files that use plugins of flytekit are read where these aren't installed as
// flytekit imports them where they are.
func TestMissingPlugins(t *testing.T) {
	archives, err := filepath.Glob("testdata/plugins/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range archives {
		archive, err := txtar.ParseFile(name)
		if err != nil {
			t.Fatal(err)
		}
		p := newProject(t, archive)
		answers := strings.TrimSuffix(name, ".txtar") + ".json"
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			if *pluginsPython != "" {
				recordPlugins(t, p, answers)
			}
			reports, err := oracle.Recorded(answers)
			if err != nil {
				t.Fatal(err)
			}
			for _, file := range p.files {
				i := slices.IndexFunc(reports, func(r oracle.Report) bool { return r.File == file })
				if i < 0 {
					t.Fatalf("flytekit's answer for %s isn't in %s", file, answers)
				}
				if reports[i].Error != "" {
					t.Fatalf("flytekit can't import %s: %s", file, reports[i].Error)
				}
				for _, difference := range oracle.Compare(p.list(t, file), reports[i].Entities) {
					t.Error(difference)
				}
			}
		})
	}
}

// recordPlugins writes flytekit's answers down with the names that the files
// have in the archive.
func recordPlugins(t *testing.T, p *project, answers string) {
	t.Helper()
	var files []oracle.File
	for _, file := range p.files {
		files = append(files, oracle.File{Path: filepath.Join(p.root, file)})
	}
	reports, err := oracle.Run(t.Context(), *pluginsPython, files)
	if err != nil {
		t.Fatal(err)
	}
	for i := range reports {
		reports[i].File = p.files[i]
		for j := range reports[i].Entities {
			reports[i].Entities[j].File = p.files[i]
		}
	}
	if err := oracle.Record(answers, reports); err != nil {
		t.Fatal(err)
	}
}

// A plugin that isn't installed stays one: its import fails where the file asks
// whether it does, and what isn't known of it is said to be unknown.
func TestMissingPluginsAreMissing(t *testing.T) {
	const source = `from flytekit import kwtypes, task
from flytekitplugins.papermill import *
from flytekitplugins.snowflake import Nonsense, SnowflakeTask
import flytekitplugins.nosuch

try:
    from flytekitplugins.athena import AthenaTask
    athena = True
except ImportError:
    athena = False

if athena:
    query = AthenaTask(name="query", query_template="q")

nb = NotebookTask("nb", "nb.ipynb", outputs=kwtypes(a=int))


class Mine(SnowflakeTask):
    def __init__(self, name, **kwargs):
        super().__init__(name=name, query_template="q", inputs=kwtypes(mine=int), **kwargs)


mine = Mine("mine", task_config=None)


@task
@flytekitplugins.nosuch.deco
def decorated(a: int) -> Nonsense: ...
`
	const want = `instance_task nb = nb () -> a: int, out_nb: FlyteFile["ipynb"], out_rendered_nb: FlyteFile["html"]
instance_task mine = mine (mine: int) -> 
task decorated = main.decorated (a: int) -> o0: Nonsense
  outputs: flytekitplugins.snowflake isn't installed
  opaque: flytekitplugins.nosuch isn't installed
  type of o0: flytekitplugins.snowflake isn't installed
`
	p := newProject(t, &txtar.Archive{Files: []txtar.File{{Name: "main.py", Data: []byte(source)}}})
	if got := written(model.Of(p.program, &p.engine, p.sources["main"])); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}
