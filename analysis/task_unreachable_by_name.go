package analysis

import (
	"fmt"

	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/parser/ast"
	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

var _ = register(&Rule{
	Code:      "task-unreachable-by-name",
	Summary:   "A task isn't found under the name that containers look for.",
	Details:   "A container imports the module and looks for the function's name: a task that is bound to another name, made of a lambda, or an attribute of a class isn't there. A local run doesn't show it. Decorate the function at the module's level.",
	Severity:  Error,
	Stage:     OnCluster,
	OfModules: true,
	Source:    "python_auto_container.py:DefaultTaskResolver.loader_args",
	Bad: `from flytekit import task


def double(number: int = 1) -> int:
    return 2 * number


«twice» = task(double)
`,
	Good: `from flytekit import task


@task
def double(number: int = 1) -> int:
    return 2 * number
`,
	check: func(p *pass) {
		if p.Module.Module == nil {
			return
		}
		for _, entity := range p.Module.Entities {
			if !isTask(entity) || entity.Loader[1] == "" || entity.Shadowed || entity.Opaque != "" || entity.NameSpan == (ast.Span{}) || p.decoratedOver(entity) || isWrapper(entity) || !p.loadsNone(entity) {
				continue
			}
			p.report(entity.NameSpan, fmt.Sprintf("a container looks for %s in the module %s, and this task isn't there", entity.Loader[1], entity.Loader[0])).unless(!entity.Conditional && !entity.Guarded)
		}
	},
})

// loadsNone tells whether a container certainly finds no task where it looks for
// one: no name, or a plain function.
func (p *pass) loadsNone(entity *model.Entity) bool {
	module := p.Module.Module
	if entity.Loader[0] != p.File.ModuleName {
		if entity.Function == nil || entity.Function.Module == nil || entity.Function.Module.Name != entity.Loader[0] {
			return false
		}
		module = entity.Function.Module
	}
	binding, bound := module.Scope.Get(entity.Loader[1])
	if !bound {
		return module.UnknownNames() == ""
	}
	_, plain := p.Module.Resolve(binding.Value).(*pyeval.Function)
	return plain && !binding.Maybe
}

// decoratedOver tells whether decorators stand above the one that makes a task:
// decorator-over-task judges that.
func (p *pass) decoratedOver(entity *model.Entity) bool {
	if entity.Decorated == nil || entity.Decorated.Def == nil {
		return false
	}
	decorators := entity.Decorated.Def.Decorators
	return len(decorators) > 0 && decorators[0].Span().Start != entity.Anchor
}

// isWrapper tells whether a decorator has put another function in the place of
// the decorated one, without functools.wraps: decorator-without-wraps judges
// that.
func isWrapper(entity *model.Entity) bool {
	return entity.Decorated != nil && entity.Function != nil && entity.Decorated.Def != entity.Function.Def && entity.Function.Wraps == nil
}
