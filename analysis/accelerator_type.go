package analysis

import (
	"fmt"
)

var _ = register(&Rule{
	Code:     "accelerator-type",
	Summary:  "An accelerator is none of flytekit's.",
	Details:  "accelerator takes an object of flytekit.extras.accelerators, such as A100 or GPUAccelerator(\"nvidia-tesla-v100\"): anything else raises an AttributeError when the task is registered.",
	Severity: Error,
	Stage:    AtRegister,
	Source:   "resources.py:construct_extended_resources",
	Bad: `from flytekit import Resources, task


@task(requests=Resources(gpu="1"), accelerator=«"nvidia-tesla-v100"»)
def train(epochs: int) -> int:
    return epochs
`,
	Fixed: `from flytekit import Resources, task
from flytekit.extras.accelerators import GPUAccelerator


@task(requests=Resources(gpu="1"), accelerator=GPUAccelerator("nvidia-tesla-v100"))
def train(epochs: int) -> int:
    return epochs
`,
	check: func(p *pass) {
		p.eachSettings(func(s *settings) {
			accelerator, given := s.get("accelerator")
			if !given || !p.isNot(accelerator.Value, acceleratorClass) || !isPlain(accelerator.Value) {
				return
			}
			d := s.reportValue(accelerator.Expr, fmt.Sprintf("accelerator is one of flytekit.extras.accelerators, and this is %s", accelerator.Value.Describe()))
			if isTextLiteral(accelerator.Expr) {
				text := "GPUAccelerator(" + p.text(accelerator.Expr.Span()) + ")"
				p.replace(d, accelerator.Expr, "Make it a GPUAccelerator", text, true, p.addImportFrom("flytekit.extras.accelerators", "GPUAccelerator")...)
			}
		})
	},
})
