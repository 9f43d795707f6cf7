package analysis

import (
	"fmt"

	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyte-lsp/flyte-lsp/parser/ast"
	"github.com/flyte-lsp/flyte-lsp/workspace"
)

var _ = register(&Rule{
	Code:     "optional-without-default",
	Summary:  "A call leaves out an Optional input that has no default.",
	Details:  "flytekit registers such a call with None, but in a local run Python misses the argument: \"missing 1 required positional argument\". Give the input the default None.",
	Severity: Warning,
	Stage:    AtRun,
	Source:   "promise.py:create_and_link_node",
	Bad: `from typing import Optional

from flytekit import task, workflow


@task
def greet(name: Optional[str]) -> str:
    return f"Hello {name or 'world'}"


@workflow
def flow() -> str:
    return «greet»()
`,
	Fixed: `from typing import Optional

from flytekit import task, workflow


@task
def greet(name: Optional[str] = None) -> str:
    return f"Hello {name or 'world'}"


@workflow
def flow() -> str:
    return greet()
`,
	check: func(p *pass) {
		p.eachCall(func(c *call) {
			switch c.Entity.Kind {
			case model.Task, model.Dynamic, model.Workflow, model.LaunchPlan:
			default:
				return
			}
			for _, binding := range c.Inputs {
				if !binding.Default || binding.Variable == nil || binding.Variable.DefaultValue != nil {
					continue
				}
				d := c.report(parser.Span{}, fmt.Sprintf("this call of %s leaves out %s, which is Optional and has no default: a local run fails", c.Entity.Describe(), binding.Name))
				if owner, edit, ok := p.noneAsDefault(c.Entity, binding.Name); ok {
					d.Fixes = append(d.Fixes, Fix{
						Title: fmt.Sprintf("Give %s the default None", binding.Name),
						Edits: []Edit{{File: owner, Span: edit, Text: " = None"}}, Safe: owner == p.File,
					})
				}
				d.Fixes = append(d.Fixes, Fix{Title: fmt.Sprintf("Add %s=None", binding.Name), Edits: []Edit{p.AddArgument(c.Call, binding.Name+"=None")}})
			}
		})
	},
})

// noneAsDefault is where the default of an input can be written: not where an
// input without one stands behind it.
func (p *pass) noneAsDefault(entity *model.Entity, name string) (*workspace.File, parser.Span, bool) {
	if entity.Kind == model.LaunchPlan && entity.Of != nil {
		entity = entity.Of
	}
	owner, current, err := p.snapshot.Current(p.ctx, entity)
	if err != nil || current.Function == nil || current.Function.Def == nil || current.Function.Module.Path != owner.Path {
		return nil, parser.Span{}, false
	}
	params := current.Function.Def.Params.List
	for i, param := range params {
		if param.Name.ID != name || param.Annotation == nil || param.Default != nil {
			continue
		}
		for _, after := range params[i+1:] {
			if after.Default == nil && after.Kind == param.Kind && param.Kind != ast.KeywordOnly {
				return nil, parser.Span{}, false
			}
		}
		end := param.Annotation.Span().End
		return owner, parser.Span{Start: end, End: end}, true
	}
	return nil, parser.Span{}, false
}
