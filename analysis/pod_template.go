package analysis

import (
	"fmt"
	"slices"
	"strconv"

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
		p.constructed(podTemplateClass, nil)
		for _, call := range p.calls(podTemplateClass) {
			name, given := call.Arg(1, "primary_container_name")
			if given && isFalse(name.Value) && name.Expr != nil && p.Stands(name.Expr) {
				p.report(name.Expr.Span(), "a PodTemplate needs the name of its primary container").unless(call.Certain)
				continue
			}
			primary, ok := pyeval.Str("primary"), true
			if given {
				primary, ok = name.Value.(pyeval.Str)
			}
			spec, _ := call.Arg(0, "pod_spec")
			containers, known := containersOf(spec.Value)
			if !ok || !known || call.Open || call.Expr == nil || len(containers) == 0 || slices.Contains(containers, string(primary)) {
				continue
			}
			where := call.Expr.Func.Span()
			if given && name.Expr != nil && p.Stands(name.Expr) {
				where = name.Expr.Span()
			}
			d := p.report(where, fmt.Sprintf("the pod has no container %s, in which the task would run: it has %s. flytekit adds an empty one", primary, listed(containers)))
			d.Severity = Warning
			if meant := Nearest(string(primary), containers); meant != "" && isTextLiteral(name.Expr) {
				p.replace(d, name.Expr, "Replace it with "+meant, strconv.Quote(meant), false)
			}
		}
		p.eachSettings(func(s *settings) {
			template, given := s.get("pod_template")
			if !given || !isPlain(template.Value) || !isTrue(template.Value) {
				return
			}
			message := fmt.Sprintf("pod_template is a PodTemplate, and this is %s", template.Value.Describe())
			_, text := template.Value.(pyeval.Str)
			if text {
				message += ": the name of one on the cluster goes to pod_template_name"
			}
			d := s.reportValue(template.Expr, message).unless(s.plain())
			if keyword, _ := s.keyword(template); text && keyword != nil && !s.overrides() && !s.has("pod_template_name") {
				d.Fixes = append(d.Fixes, Fix{Title: "Give it to pod_template_name", Edits: []Edit{p.Edit(keyword.ArgSpan, "pod_template_name")}, Safe: true})
			}
		})
	},
})

// containersOf are the names of the containers of a V1PodSpec, false if they
// aren't all known.
func containersOf(spec pyeval.Value) (names []string, known bool) {
	object, ok := spec.(*pyeval.Instance)
	if !ok || object.Open {
		return nil, false
	}
	given, _ := argument(object, -1, "containers")
	containers, known := elementsOf(given.Value, given.Expr)
	for _, element := range containers {
		container, ok := element.Value.(*pyeval.Instance)
		if !ok {
			return nil, false
		}
		name, _ := argument(container, -1, "name")
		text, ok := name.Value.(pyeval.Str)
		if !ok {
			return nil, false
		}
		names = append(names, string(text))
	}
	return names, known
}
