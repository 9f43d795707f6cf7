package flytekit_test

import (
	"encoding/json"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/flyte-lsp/flyte-lsp/editing/flytekit"
	"github.com/flyte-lsp/flyte-lsp/internal/testenv"
	"github.com/flyte-lsp/flyte-lsp/workspace"
)

// names are what users call most.
var names = []string{
	"flytekit.core.task.task", "flytekit.core.workflow.workflow", "flytekit.core.python_function_task.EagerAsyncPythonFunctionTask",
	"flytekit.core.launch_plan.LaunchPlan.get_or_create", "flytekit.core.launch_plan.LaunchPlan.create",
	"flytekit.core.launch_plan.reference_launch_plan", "flytekit.core.task.reference_task", "flytekit.core.workflow.reference_workflow",
	"flytekit.core.resources.Resources", "flytekit.core.cache.Cache", "flytekit.image_spec.image_spec.ImageSpec",
	"flytekit.core.node.Node.with_overrides", "flytekit.core.schedule.CronSchedule", "flytekit.core.schedule.FixedRate",
	"flytekit.core.notification.Email", "flytekit.core.notification.Slack", "flytekit.models.security.Secret",
	"flytekit.core.pod_template.PodTemplate", "flytekit.core.container_task.ContainerTask", "flytekit.extras.tasks.shell.ShellTask",
	"flytekit.core.array_node_map_task.map_task", "flytekit.core.gate.wait_for_input", "flytekit.core.gate.sleep", "flytekit.core.gate.approve",
	"flytekit.remote.remote.FlyteRemote", "flytekit.remote.remote.FlyteRemote.fetch_task", "flytekit.core.base_task.TaskMetadata",
	"flytekit.core.artifact.Artifact", "flytekit.core.reference_entity.TaskReference",
}

const inspect = `
import importlib, inspect, json, sys
answer = {}
for name in sys.argv[1:]:
    parts = name.split(".")
    for i in range(len(parts) - 1, 0, -1):
        try:
            value = importlib.import_module(".".join(parts[:i]))
        except ModuleNotFoundError:
            continue
        for part in parts[i:]:
            value = getattr(value, part)
        break
    if isinstance(value, type) and type(value).__call__ is not type.__call__:
        value = value.__init__
    answer[name] = [
        [p.name, p.default is not p.empty]
        for p in inspect.signature(value).parameters.values()
        if p.kind in (p.POSITIONAL_OR_KEYWORD, p.KEYWORD_ONLY) and p.name != "self"
    ]
print(json.dumps(answer))
`

// TestParametersAreFlytekits compares the parameters with those that Python's inspect
// tells of the installed flytekit.
func TestParametersAreFlytekits(t *testing.T) {
	python := testenv.Python(t)
	out, err := exec.CommandContext(t.Context(), python, append([]string{"-c", inspect}, names...)...).Output()
	if err != nil {
		t.Fatal(err)
	}
	var want map[string][][2]any
	if err := json.Unmarshal(out, &want); err != nil {
		t.Fatal(err)
	}
	snapshot, from := open(t, python)
	for _, name := range names {
		found := flytekit.Named(snapshot, from, name)
		if found == nil {
			t.Errorf("%s isn't found", name)
			continue
		}
		var got [][2]any
		for _, param := range found.Params {
			got = append(got, [2]any{param.Name, param.Default != ""})
		}
		if !slices.Equal(got, want[name]) {
			t.Errorf("%s takes\n%v, flytekit says\n%v", name, got, want[name])
		}
	}
}

// TestDocumentation: what the docstrings say of the whole and of a parameter.
func TestDocumentation(t *testing.T) {
	snapshot, from := open(t, testenv.Python(t))
	for _, test := range []struct{ name, param, doc, of string }{
		{"flytekit.core.task.task", "retries", "This is the core decorator to use for any task type in flytekit.", "Number of times to retry"},
		{"flytekit.core.resources.Resources", "cpu", "This class is used to specify both resource requests and resource limits.", ""},
		{"flytekit.image_spec.image_spec.ImageSpec", "packages", "This class is used to specify the docker image", "List of python packages to install"},
		{"flytekit.core.launch_plan.LaunchPlan.get_or_create", "auto_activate", "This function offers a friendlier interface", "activated automatically"},
	} {
		found := flytekit.Named(snapshot, from, test.name)
		if found == nil {
			t.Fatalf("%s isn't found", test.name)
		}
		if !strings.Contains(found.Doc, test.doc) {
			t.Errorf("%s is documented as %q", test.name, found.Doc)
		}
		if param := found.Param(test.param); param == nil || !strings.Contains(param.Doc, test.of) {
			t.Errorf("%s of %s is documented as %v", test.param, test.name, param)
		}
	}
	for _, name := range []string{"flytekit", "flytekit.core.task.nothing", "os.path.join", "", "flytekit.nothing.at.all"} {
		if found := flytekit.Named(snapshot, from, name); found != nil {
			t.Errorf("%s is %v", name, found)
		}
	}
}

func open(t *testing.T, python string) (*workspace.Snapshot, string) {
	t.Helper()
	w := workspace.New()
	from := filepath.Join(t.TempDir(), "flow.py")
	w.SetInterpreter(func(string) (string, string) { return python, "" })
	w.Open(from, 1, nil)
	return w.Snapshot(), from
}

func BenchmarkNamed(b *testing.B) {
	w := workspace.New()
	from := filepath.Join(b.TempDir(), "flow.py")
	python := testenv.Python(b)
	w.SetInterpreter(func(string) (string, string) { return python, "" })
	w.Open(from, 1, nil)
	for b.Loop() {
		if flytekit.Named(w.Snapshot(), from, "flytekit.core.task.task") == nil {
			b.Fatal("it isn't found")
		}
	}
}
