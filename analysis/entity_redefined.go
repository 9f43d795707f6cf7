package analysis

import (
	"fmt"
	"google.golang.org/protobuf/proto"

	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/parser/ast"
)

var _ = register(&Rule{
	Code:      "entity-redefined",
	Summary:   "Two tasks or workflows of a module have one name.",
	Details:   "Both are registered under it: the last one counts, also where the first is called. If their interfaces differ, the backend refuses the second: \"task with different structure already exists\".",
	Severity:  Error,
	Stage:     AtBackend,
	OfModules: true,
	Source:    "flyteadmin/pkg/manager/impl/task_manager.go:CreateTask",
	Bad: `from flytekit import task


@task
def double(number: int) -> int:
    return 2 * number


@task
def «double»(number: float) -> float:
    return 2 * number
`,
	Good: `from flytekit import task


@task
def double(number: int) -> int:
    return 2 * number


@task
def double_float(number: float) -> float:
    return 2 * number
`,
	check: func(p *pass) {
		last := map[string]*model.Entity{}
		for _, entity := range p.Module.Entities {
			if entity.FullName == "" || entity.Of != nil || reference(entity) || entity.NameSpan == (ast.Span{}) || entity.Kind == model.LaunchPlan {
				continue
			}
			key := string(entity.Kind) + " " + entity.FullName
			first := last[key]
			last[key] = entity
			if first == nil || first.Conditional || entity.Conditional || first.Guarded || entity.Guarded || !p.here(entity.Module) {
				continue
			}
			message := fmt.Sprintf("%s is defined before, and both are registered under this name", entity.Describe())
			d := p.report(entity.NameSpan, message, p.related(first.Module, first.NameSpan, "it is defined here first")...)
			if first.Opaque != "" || entity.Opaque != "" || !p.differs(first, entity) {
				d.Severity = Warning
			}
		}
	},
})

// differs tells whether the interfaces of two entities certainly differ.
func (p *pass) differs(a, b *model.Entity) bool {
	if a.InputsUnknown != "" || b.InputsUnknown != "" || a.OutputsUnknown != "" || b.OutputsUnknown != "" {
		return false
	}
	return p.variablesDiffer(a.Inputs, b.Inputs) || p.variablesDiffer(a.Outputs, b.Outputs)
}

func (p *pass) variablesDiffer(a, b []*model.Variable) bool {
	if len(a) != len(b) {
		return true
	}
	types := map[string]*model.Variable{}
	for _, v := range a {
		types[v.Name] = v
	}
	for _, v := range b {
		other := types[v.Name]
		if other == nil {
			return true
		}
		one, err := p.Module.LiteralType(v)
		two, err2 := p.Module.LiteralType(other)
		if err == nil && err2 == nil && !proto.Equal(one, two) {
			return true
		}
	}
	return false
}
