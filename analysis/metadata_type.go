package analysis

import (
	"fmt"

	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

var _ = register(&Rule{
	Code:     "metadata-type",
	Summary:  "What describes a task or workflow is of another type.",
	Details:  "`labels` and `annotations` are dicts of strings by strings, `docs` is a `Documentation`, and `deprecated` is the text that tells what to use instead. flytekit takes others, and fails when the task is registered: `TypeError: bad argument type for built-in operation`, `AttributeError: 'str' object has no attribute 'to_flyte_idl'`.",
	Severity: Error,
	Stage:    AtRegister,
	Source:   "models/task.py:TaskMetadata.to_flyte_idl",
	Bad: `from flytekit import task


@task(deprecated=«True»)
def double(number: int) -> int:
    return 2 * number


@task(labels={"team": «7»}, docs=«"Triples a number."»)
def triple(number: int) -> int:
    return 3 * number
`,
	Good: `from flytekit import Documentation, task


@task(deprecated="use triple")
def double(number: int) -> int:
    return 2 * number


@task(labels={"team": "7"}, docs=Documentation(short_description="Triples a number."))
def triple(number: int) -> int:
    return 3 * number
`,
	check: func(p *pass) {
		p.eachSettings(func(s *settings) {
			if s.entity != nil && s.entity.Kind == model.LaunchPlan {
				return // they take flytekit's Labels and Annotations
			}
			for _, name := range []string{"labels", "annotations"} {
				setting, given := s.get(name)
				if !given {
					continue
				}
				if p.isNot(setting.Value, "dict") {
					s.reportValue(setting.Expr, fmt.Sprintf("%s is a dict of strings by strings, and this is %s", name, setting.Value.Describe()))
				}
				s.texts(setting)
			}
			if docs, given := s.get("docs"); given && isTrue(docs.Value) {
				d := s.reportValue(docs.Expr, fmt.Sprintf("docs is a Documentation, and this is %s", docs.Value.Describe()))
				if _, ok := docs.Value.(pyeval.Str); ok && isLiteral(docs.Expr) && s.Stands(docs.Expr) {
					p.replace(d, docs.Expr, "Make it a Documentation", "Documentation(short_description="+p.Text(docs.Expr.Span())+")", true, p.AddImport("Documentation")...)
				}
			}
			if deprecated, given := s.get("deprecated"); given && p.isNot(deprecated.Value, "str") {
				s.reportValue(deprecated.Expr, fmt.Sprintf("deprecated is the text that tells what to use instead, and this is %s", deprecated.Value.Describe()))
			}
		})
	},
})
