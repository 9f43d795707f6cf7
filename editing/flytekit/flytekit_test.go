package flytekit_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/flyte-lsp/flyte-lsp/analysis"
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
			if len(got) < len(want[name]) {
				got = append(got, [2]any{param.Name, !param.Required})
			} else if !param.KeywordOnly {
				t.Errorf("%s takes %s besides, and not by keyword only", name, param.Name)
			}
			if _, tabled, _ := analysis.Signature(name); param.KeywordOnly && !tabled {
				t.Errorf("%s takes %s, flytekit takes no further keywords", name, param.Name)
			}
		}
		if !slices.Equal(got, want[name]) {
			t.Errorf("%s takes\n%v, flytekit says\n%v", name, got, want[name])
		}
	}
}

// TestKeywordsThatAreHandedOn: what a function takes out of its **kwargs, or hands on
// to others, is among its parameters, without what it gives them itself.
func TestKeywordsThatAreHandedOn(t *testing.T) {
	snapshot, from := open(t, testenv.Python(t))
	for name, test := range map[string]struct{ takes, not []string }{
		"flytekit.core.task.task":                            {[]string{"cache_version", "cache_serialize"}, nil},
		"flytekit.core.task.eager":                           {[]string{"container_image", "requests", "secret_requests", "environment"}, []string{"task_function", "execution_mode", "enable_deck"}},
		"flytekit.core.array_node_map_task.map_task":         {[]string{"metadata", "bound_inputs"}, []string{"python_function_task", "task_type", "task_function"}},
		"flytekit.core.node.Node.with_overrides":             {[]string{"cache_version"}, []string{"self"}},
		"flytekit.extras.tasks.shell.ShellTask":              {[]string{"container_image", "labels", "docs"}, []string{"interface"}},
		"flytekit.core.container_task.ContainerTask":         {[]string{"environment"}, []string{"task_type", "security_ctx"}},
		"flytekit.core.dynamic_workflow_task.dynamic":        {[]string{"cache", "node_dependency_hints"}, nil},
		"flytekit.dynamic":                                   {[]string{"cache", "node_dependency_hints"}, nil},
		"flytekit.core.launch_plan.LaunchPlan.get_or_create": {[]string{"schedule"}, []string{"cls"}},
	} {
		found := flytekit.Named(snapshot, from, name)
		if found == nil {
			t.Errorf("%s isn't found", name)
			continue
		}
		inTable := map[string]bool{}
		parameters, _, ok := analysis.Signature(name)
		for _, p := range parameters {
			inTable[p.Name] = true
		}
		for _, p := range found.Params {
			if ok && !inTable[p.Name] {
				t.Errorf("%s doesn't take %s", name, p.Name)
			}
		}
		for _, keyword := range test.takes {
			if found.Param(keyword) == nil {
				t.Errorf("%s takes %s, which isn't found", name, keyword)
			}
		}
		for _, keyword := range test.not {
			if found.Param(keyword) != nil {
				t.Errorf("%s is said to take %s", name, keyword)
			}
		}
	}
	if mode := flytekit.Named(snapshot, from, "flytekit.dynamic").Param("execution_mode"); mode.Default != "PythonFunctionTask.ExecutionBehavior.DYNAMIC" {
		t.Errorf("dynamic has the mode %s", mode.Default)
	}
}

// TestAsWritten: types and defaults are as the source has them, on one line.
func TestAsWritten(t *testing.T) {
	snapshot, from := open(t, testenv.Python(t))
	for _, test := range []struct{ name, param, types, otherwise, deprecated string }{
		{"flytekit.core.task.task", "timeout", "Union[datetime.timedelta, int]", "0", ""},
		{"flytekit.core.task.task", "deck_fields", "Optional[Tuple[DeckField, ...]]", "(DeckField.SOURCE_CODE, DeckField.DEPENDENCIES, DeckField.TIMELINE, DeckField.INPUT, DeckField.OUTPUT)", ""},
		{"flytekit.core.task.task", "cache_version", "", "None", "please use Cache"},
		{"flytekit.core.task.task", "disable_deck", "Optional[bool]", "None", "it is deprecated"},
		{"flytekit.core.schedule.CronSchedule", "cron_expression", "Optional[str]", "None", "cron_expression is deprecated and should not be used. Use `schedule` instead. See the documentation for more information."},
		{"flytekit.core.schedule.FixedRate", "duration", "datetime.timedelta", "", ""},
		{"flytekit.core.resources.Resources", "ephemeral_storage", "Optional[Union[str, int]]", "None", ""},
	} {
		p := flytekit.Named(snapshot, from, test.name).Param(test.param)
		if p == nil || p.Type != test.types || p.Default != test.otherwise || p.Deprecated != test.deprecated {
			t.Errorf("%s of %s is %+v", test.param, test.name, p)
		}
	}
}

func TestMembers(t *testing.T) {
	snapshot, from := open(t, testenv.Python(t))
	for name, want := range map[string][]string{
		"flytekit.core.workflow.WorkflowFailurePolicy": {"FAIL_IMMEDIATELY", "FAIL_AFTER_EXECUTABLE_NODES_COMPLETE"},
		"flytekit.WorkflowFailurePolicy":               {"FAIL_IMMEDIATELY", "FAIL_AFTER_EXECUTABLE_NODES_COMPLETE"},
		"flytekit.models.security.Secret.MountType":    {"ANY", "ENV_VAR", "FILE"},
		"flytekit.core.resources.Resources":            nil,
	} {
		var got []string
		for _, member := range flytekit.Members(snapshot, from, name) {
			got = append(got, member.Name)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s has %v, want %v", name, got, want)
		}
	}
}

// TestOtherFlytekit: another version may define things elsewhere, and take other
// keywords. Its plugins are found where their packages offer them.
func TestOtherFlytekit(t *testing.T) {
	root := t.TempDir()
	site := filepath.Join(root, "lib", "python3.11", "site-packages")
	python := filepath.Join(root, "bin", "python")
	for path, text := range map[string]string{
		filepath.Join(root, "pyvenv.cfg"): "version = 3.11.4\n",
		python:                            "",
		filepath.Join(site, "flytekit", "__init__.py"): `
from flytekit.decorators import *
try:
    from flytekit.core.res import Resources
except ImportError:
    Resources = None
`,
		filepath.Join(site, "flytekit", "decorators.py"): `
from typing import overload
from .core import base as _base

@overload
def task(f): ...

def task(f=None, *, novel: int = 1, **options):
    """Make a task.

    Args:
        novel (int): what is new,
            in two lines.
        colour: as in Base.
    """
    return _base.Made(f, **options)

def looks(**kwargs):
    """Look.

    :param old: as in this example::

          looks(old=1)

        - a list
    """
    if "old" in kwargs:
        print(kwargs["old"])
    del kwargs["ignored"]

def round_and_round(**kwargs):
    return round_and_round(**kwargs)
`,
		filepath.Join(site, "flytekit", "core", "__init__.py"): "",
		filepath.Join(site, "flytekit", "core", "base.py"): `
class Base:
    def __init__(self, name, colour="red"): ...

class Made(Base):
    def __init__(self, f, *, shape: str = "round", **kwargs):
        super().__init__(name=f, **kwargs)
`,
		filepath.Join(site, "flytekit", "core", "res.py"): `
from dataclasses import dataclass, field
from typing import ClassVar

@dataclass
class Base:
    cpu: str
    mem: str = "1Gi"

@dataclass
class Resources(Base):
    """What a task gets."""
    kind: ClassVar[str] = "x"
    cpu: str = "1"
    tags: list = field(default_factory=list)
    """Words to find it by."""
    inner: int = field(init=False)
`,
		filepath.Join(site, "flytekitplugins", "star", "__init__.py"): "from .task import Star\n",
		filepath.Join(site, "flytekitplugins", "star", "task.py"): `
from flytekit.core.task import TaskPlugins

class Star:
    """Deprecated. Use Sun instead."""
    def __init__(self, size: int):
        """
        Args:
            size: [DEPRECATED] This is deprecated. Use the other. It was a size.
        """

class Hidden: ...

TaskPlugins.register_pythontask_plugin(Star, object)
TaskPlugins.register_pythontask_plugin(Hidden, object)
`,
	} {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	snapshot, from := open(t, python)
	for name, want := range map[string]string{
		"flytekit.task":                       "f=None *novel=1 *shape=\"round\" *colour=\"red\"",
		"flytekit.core.resources.Resources":   "cpu=\"1\" mem=\"1Gi\" tags=list()",
		"flytekitplugins.star.Star":           "size",
		"flytekit.decorators.looks":           "*old=",
		"flytekit.decorators.round_and_round": "",
	} {
		found := flytekit.Named(snapshot, from, name)
		if found == nil {
			t.Errorf("%s isn't found", name)
			continue
		}
		var got []string
		for _, p := range found.Params {
			text := p.Name
			if p.KeywordOnly {
				text = "*" + text
			}
			if !p.Required {
				text += "=" + p.Default
			}
			got = append(got, text)
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s takes %v, want %s", name, got, want)
		}
	}
	if doc := flytekit.Named(snapshot, from, "flytekit.task").Param("novel").Doc; doc != "what is new,\nin two lines." {
		t.Errorf("novel is documented as %q", doc)
	}
	if doc := flytekit.Named(snapshot, from, "flytekit.decorators.looks").Param("old").Doc; doc != "as in this example:\n\n```python\nlooks(old=1)\n```\n\n- a list" {
		t.Errorf("old is documented as %q", doc)
	}
	if doc := flytekit.Named(snapshot, from, "flytekit.Resources").Param("tags").Doc; doc != "Words to find it by." {
		t.Errorf("tags are documented as %q", doc)
	}
	star := flytekit.Named(snapshot, from, "flytekitplugins.star.Star")
	if size := star.Param("size"); star.Deprecated != "Use Sun instead" || size.Deprecated != "This is deprecated. Use the other" {
		t.Errorf("Star is %q, its size %q", star.Deprecated, size.Deprecated)
	}
	configs := []flytekit.TaskConfig{{Name: "Star", Module: "flytekitplugins.star"}, {Name: "Hidden", Module: "flytekitplugins.star.task"}}
	if got := flytekit.TaskConfigs(snapshot, from); !slices.Equal(got, configs) {
		t.Errorf("the plugins' classes are %v, want %v", got, configs)
	}
	// What was read is read again once the file has changed.
	path := filepath.Join(site, "flytekitplugins", "star", "task.py")
	if err := os.WriteFile(path, []byte("class Star:\n    def __init__(self, width: int, height: int):\n        ...\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if found := flytekit.Named(snapshot, from, "flytekitplugins.star.Star"); found == nil || found.Param("height") == nil {
		t.Errorf("the changed class is %+v", found)
	}
}

// TestWithoutInterpreter: what flytekit 1.16 takes is known without it.
func TestWithoutInterpreter(t *testing.T) {
	w := workspace.New()
	from := filepath.Join(t.TempDir(), "flow.py")
	w.SetInterpreter(func(string) (string, string) { return "", "there is none" })
	w.Open(from, 1, nil)
	found := flytekit.Named(w.Snapshot(), from, "flytekit.core.task.task")
	if found == nil || found.Param("retries") == nil || found.Path != "" {
		t.Errorf("task is %+v", found)
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

func TestAccelerators(t *testing.T) {
	snapshot, from := open(t, testenv.Python(t))
	all := map[string]flytekit.Accelerator{}
	for _, one := range flytekit.Accelerators(snapshot, from) {
		all[one.Name] = one
	}
	for name, want := range map[string][2]string{
		"T4":                     {"nvidia-tesla-t4", ""},
		"A100":                   {"nvidia-tesla-a100", ""},
		"A100.partition_2g_10gb": {"nvidia-tesla-a100", "10GB partition of an A100 GPU - 2x5GB slices with 2/7th of the SM."},
		"V6E.slice_2x4":          {"tpu-v6e-slice", "2x4 topology representing 8 TPU cores or 1 host."},
	} {
		if got := all[name]; got.Device != want[0] || got.Doc != want[1] {
			t.Errorf("%s is %+v, want %v", name, got, want)
		}
	}
	for _, name := range []string{"GPUAccelerator", "T", "MIG", "_A100"} {
		if _, ok := all[name]; ok {
			t.Errorf("%s is no accelerator", name)
		}
	}
}
