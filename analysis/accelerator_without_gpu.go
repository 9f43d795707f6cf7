package analysis

import (
	"strings"

	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

var _ = register(&Rule{
	Code:     "accelerator-without-gpu",
	Summary:  "A task names an accelerator and asks for no GPU.",
	Details:  "accelerator= says which kind of GPU the task wants; without gpu in its resources it gets none.",
	Severity: Hint,
	Stage:    NeverFails,
	Source:   "resources.py:construct_extended_resources",
	Bad: `from flytekit import Resources, task
from flytekit.extras.accelerators import T4


@task(requests=Resources(cpu="1"), accelerator=«T4»)
def train(epochs: int) -> int:
    return epochs
`,
	Good: `from flytekit import Resources, task
from flytekit.extras.accelerators import T4


@task(requests=Resources(cpu="1", gpu="1"), accelerator=T4)
def train(epochs: int) -> int:
    return epochs
`,
	check: func(p *pass) {
		p.eachSettings(func(s *settings) {
			accelerator, given := s.get("accelerator")
			if native, ok := accelerator.Value.(*pyeval.Native); ok && strings.HasPrefix(native.Name, acceleratorModule+".V") && native.Name != acceleratorModule+".V100" {
				return // a TPU
			}
			known := true
			gpu := false
			for _, name := range []string{"requests", "limits", "resources"} {
				setting, ok := s.get(name)
				object := objectOf(setting.Value, resourcesClass)
				known = known && (!ok || object != nil && !object.Open)
				if object != nil {
					for _, q := range quantitiesOf(object) {
						gpu = gpu || q.name == "gpu"
					}
				}
			}
			if given && known && !gpu && !s.open && !s.overrides() && s.plain() && !s.has("pod_template") {
				s.reportValue(accelerator.Expr, "the accelerator is for a GPU, and the task asks for none: add gpu to its resources")
			}
		})
	},
})
