package analysis

import (
	"fmt"
	"strings"

	"k8s.io/apimachinery/pkg/api/validate/content"

	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyte-lsp/flyte-lsp/parser/ast"
	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

const (
	labelsClass      = "flytekit.models.common.Labels"
	annotationsClass = "flytekit.models.common.Annotations"
)

// maxLabels is how many labels flyteadmin takes
// (flyteadmin validation/validation.go: maxLabelArrayLength).
const maxLabels = 16

var _ = register(&Rule{
	Code:     "lp-labels",
	Summary:  "The labels or annotations of a launch plan aren't what Flyte or Kubernetes takes.",
	Details:  "`labels` is an object of Labels and `annotations` one of Annotations: at a dict, flytekit raises AttributeError when it serializes the launch plan. The backend refuses labels that Kubernetes wouldn't take, and more than 16: a key and a value have 63 letters at most, of `A-Z a-z 0-9 - _ .`, with a letter or digit at both ends; before a key may stand a domain and a slash.",
	Severity: Error,
	Stage:    AtBackend,
	Source:   "flyteadmin validation/validation.go:validateLabels",
	Bad: `from flytekit import Labels, LaunchPlan, task, workflow


@task
def clean() -> int:
    return 0


@workflow
def flow() -> int:
    return clean()


nightly = LaunchPlan.get_or_create(flow, "nightly", labels=Labels({"team": «"data science"»}))
`,
	Good: `from flytekit import Labels, LaunchPlan, task, workflow


@task
def clean() -> int:
    return 0


@workflow
def flow() -> int:
    return clean()


nightly = LaunchPlan.get_or_create(flow, "nightly", labels=Labels({"team": "data-science"}))
`,
	check: func(p *pass) {
		p.eachPlan(func(c *planCall) {
			for _, class := range []string{"Labels", "Annotations"} {
				setting := strings.ToLower(class)
				argument, given := c.argument(setting)
				if _, dict := argument.Value.(*pyeval.Dict); !given || !dict {
					continue
				}
				d := c.report(c.at(argument), fmt.Sprintf("%s is an object of %s, not a dict", setting, class))
				if argument.Expr != nil && p.Stands(argument.Expr) {
					d.Fixes = append(d.Fixes, p.wrap("Wrap it in "+class, argument.Expr, class, ""))
				}
			}
		})
		for _, call := range p.calls(labelsClass, annotationsClass) {
			argument, _ := call.Arg(0, "values")
			if dict, ok := argument.Value.(*pyeval.Dict); ok && call.Expr != nil {
				p.checkLabels(call, argument, dict)
			}
		}
	},
})

func (p *pass) checkLabels(call *model.NativeCall, argument pyeval.Named, dict *pyeval.Dict) {
	report := func(span parser.Span, format string, values ...any) {
		p.report(span, fmt.Sprintf(format, values...)).unless(p.launched()[call.Gives])
	}
	labels := call.Name == labelsClass
	if labels && len(dict.Items) > maxLabels && !dict.Open {
		report(argumentSpan(call, argument), "these are %d labels: the backend takes %d", len(dict.Items), maxLabels)
	}
	written, _ := argument.Expr.(*ast.Dict)
	for i, item := range dict.Items {
		at := argumentSpan(call, argument)
		keyAt := at
		if written != nil && len(written.Keys) == len(dict.Items) && written.Keys[i] != nil {
			keyAt, at = written.Keys[i].Span(), written.Values[i].Span()
		}
		key, ok := item.Key.(pyeval.Str)
		if !ok {
			continue
		}
		if problems := content.IsLabelKey(string(key)); labels && len(problems) > 0 {
			report(keyAt, "Kubernetes takes no label %q: %s", string(key), strings.Join(problems, "; "))
		}
		switch value := item.Value.(type) {
		case pyeval.Str:
			if problems := content.IsLabelValue(string(value)); labels && len(problems) > 0 {
				report(at, "Kubernetes takes no label of the value %q: %s", string(value), strings.Join(problems, "; "))
			}
		case pyeval.Int, pyeval.Float, pyeval.Bool, pyeval.None, *pyeval.List, *pyeval.Dict:
			report(at, "the value of %q is a str, not %s", string(key), value.Describe())
		}
	}
}
