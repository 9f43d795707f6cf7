package analysis

import (
	"errors"
	"fmt"
	"strings"

	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyte-lsp/flyte-lsp/parser/ast"
	"github.com/flyte-lsp/flyte-lsp/typeengine"
)

var _ = register(&Rule{
	Code:     "default-type",
	Summary:  "The default of an input isn't of the input's type.",
	Details:  "flytekit makes a literal of a workflow's default when it makes the workflow's launch plan, and asks for the very class: an int is no float. The default of a task is looked at only when a call leaves the input out.",
	Severity: Error,
	Stage:    AtRegister,
	Source:   "interface.py:transform_inputs_to_parameters",
	Bad: `from flytekit import task, workflow


@task
def half(number: float) -> float:
    return number / 2


@workflow
def flow(number: float = «1») -> float:
    return half(number=number)
`,
	Fixed: `from flytekit import task, workflow


@task
def half(number: float) -> float:
    return number / 2


@workflow
def flow(number: float = 1.0) -> float:
    return half(number=number)
`,
	check: func(p *pass) {
		var left map[*model.Variable]*model.Node
		for _, entity := range p.Module.Entities {
			if entity.Opaque != "" || entity.Kind != model.Workflow && entity.Kind != model.Task && entity.Kind != model.Dynamic {
				continue
			}
			for _, input := range entity.Inputs {
				if input.DefaultValue == nil || input.DefaultSpan == (ast.Span{}) {
					continue
				}
				rejection := (*typeengine.RejectedError)(nil)
				if _, err := p.Module.Default(input); !errors.As(err, &rejection) || !strings.HasPrefix(rejection.Code, "constant-") {
					continue
				}
				if left == nil {
					left = p.leftOut()
				}
				p.wrongDefault(entity, input, entity.Kind == model.Workflow || left[input] != nil)
			}
		}
	},
})

// wrongDefault reports a default. It is an error if flytekit certainly looks at
// it.
func (p *pass) wrongDefault(entity *model.Entity, input *model.Variable, certain bool) {
	m := &misfit{
		Mistake: model.Mistake{Value: input.DefaultValue, Type: input.PyType}, entity: entity, variable: input, span: input.DefaultSpan,
	}
	d := p.report(m.span, m.wanted()+", and its default is "+described(m.Value), p.related(entity.Module, parser.Span(input.TypeSpan), fmt.Sprintf("the type of the input %s", input.Name))...).unless(certain)
	for _, param := range entity.Function.Params() {
		if param.Name.ID == input.Name && param.Default != nil && p.here(entity.Function.Module) {
			m.Expr = param.Default
			d.Fixes = p.convert(m)
		}
	}
}

// leftOut are the inputs of tasks that calls in the file certainly leave out.
func (p *pass) leftOut() map[*model.Variable]*model.Node {
	left := map[*model.Variable]*model.Node{}
	for enclosing, node := range p.Module.Calls() {
		if !compiled(enclosing) || node.Conditional || node.Guarded || enclosing.Opaque != "" {
			continue
		}
		for _, binding := range node.Inputs {
			if binding.Default && binding.Variable != nil {
				left[binding.Variable] = node
			}
		}
	}
	return left
}
