package analysis

import (
	"fmt"

	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

var _ = register(&Rule{
	Code:     "override-alias-rename",
	Summary:  "An output is used by the name that an alias has replaced.",
	Details:  "aliases= of with_overrides gives outputs other names for the backend, and flytekit goes on to use the old ones: the backend's compiler rejects it, \"Code: VariableNameNotFound\".",
	Severity: Error,
	Stage:    AtBackend,
	Source:   "flytepropeller/pkg/compiler/validators/node.go:validateEffectiveOutputParameters",
	Backend:  "VariableNameNotFound",
	Bad: `from flytekit import task, workflow


@task
def train(epochs: int) -> int:
    return epochs


@workflow
def flow(epochs: int = 1) -> int:
    trained = train(epochs=epochs).with_overrides(aliases={"o0": "trained"})
    return train(epochs=«trained»)
`,
	Good: `from flytekit import task, workflow


@task
def train(epochs: int) -> int:
    return epochs


@workflow
def flow(epochs: int = 1) -> int:
    trained = train(epochs=epochs)
    return train(epochs=trained)
`,
	check: func(p *pass) {
		for _, entity := range p.Module.Entities {
			if entity.Kind != model.Workflow || entity.Opaque != "" {
				continue
			}
			body := p.Module.Body(entity)
			for _, r := range body.Returns {
				for _, output := range r.Bindings {
					for promise := range model.Promises(output.Value) {
						if alias := aliasOf(promise); alias != "" && output.Expr != nil && p.Stands(output.Expr) {
							p.report(output.Expr.Span(), fmt.Sprintf("the output %s is called %s by its alias", promise.Var, alias)).unless(r.Certain)
						}
					}
				}
			}
			for node := range body.All() {
				for _, binding := range node.Inputs {
					for promise := range model.Promises(binding.Value) {
						if alias := aliasOf(promise); alias != "" && p.here(node.Module) && binding.Span.Start < binding.Span.End {
							p.report(binding.Span, fmt.Sprintf("the output %s is called %s by its alias", promise.Var, alias)).unless(!node.Conditional)
						}
					}
				}
			}
		}
	},
})

// aliasOf is the name that with_overrides gives a promise's output; "" if none.
func aliasOf(promise *model.Promise) string {
	if promise.Node == nil || promise.Node.Conditional {
		return ""
	}
	for _, override := range promise.Node.Overrides {
		aliases, ok := override.Value.(*pyeval.Dict)
		if override.Name != "aliases" || !ok || aliases.Open {
			continue
		}
		for _, item := range aliases.Items {
			name, _ := item.Key.(pyeval.Str)
			alias, _ := item.Value.(pyeval.Str)
			if string(name) == promise.Var && alias != name {
				return string(alias)
			}
		}
	}
	return ""
}
