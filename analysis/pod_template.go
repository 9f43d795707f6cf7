package analysis

import (
	"fmt"

	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

var _ = register(&Rule{
	Code:     "pod-template",
	Summary:  "A pod template isn't one, or doesn't name its container.",
	Details:  "pod_template takes a PodTemplate, whose primary_container_name isn't empty: flytekit raises \"A primary container name cannot be undefined\" when the module is imported. A task runs in the container of that name; where the pod_spec has none, flytekit adds one.",
	Severity: Error,
	Stage:    AtImport,
	Source:   "pod_template.py:PodTemplate.__post_init__",
	Bad: `from flytekit import PodTemplate, task


@task(pod_template=PodTemplate(primary_container_name=«""»))
def train(epochs: int) -> int:
    return epochs
`,
	Good: `from flytekit import task


@task(pod_template_name="gpu")
def train(epochs: int) -> int:
    return epochs
`,
	check: func(p *pass) {
		for _, call := range p.calls(podTemplateClass) {
			if name, given := call.Arg(1, "primary_container_name"); given && isFalse(name.Value) && name.Expr != nil {
				p.report(name.Expr.Span(), "a PodTemplate needs the name of its primary container").unless(call.Certain)
			}
		}
		p.eachSettings(func(s *settings) {
			if template, given := s.get("pod_template"); given && s.plain() && isPlain(template.Value) && isTrue(template.Value) {
				message := fmt.Sprintf("pod_template is a PodTemplate, and this is %s", template.Value.Describe())
				if _, text := template.Value.(pyeval.Str); text {
					message += ": the name of one on the cluster goes to pod_template_name"
				}
				s.reportValue(template.Expr, message)
			}
		})
	},
})
