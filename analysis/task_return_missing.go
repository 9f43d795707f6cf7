package analysis

import (
	"slices"
	"strings"

	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/core"

	"github.com/flyte-lsp/flyte-lsp/literal"
	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/parser"
)

var _ = register(&Rule{
	Code:     "task-return-missing",
	Summary:  "A function is said to return something, and never does.",
	Details:  "flytekit looks through the lines of the function for the words \"return\" and \"yield\", in comments and strings too, and raises \"... return annotation is ..., but there is no return statement in the function\" when the module is imported. `raise` or `...` alone counts as no return.",
	Severity: Error,
	Stage:    AtImport,
	Source:   "utils.py:has_return_statement",
	Bad: `from flytekit import task


@task
def count(name: str) -> «int»:
    print(len(name))
`,
	Good: `from flytekit import task


@task
def count(name: str) -> int:
    return len(name)
`,
	check: func(p *pass) {
		p.eachFunction(func(entity *model.Entity, certain bool) {
			def := entity.Function.Def
			if def == nil || entity.Decorated != entity.Function || !p.mustReturn(entity) || reference(entity) && entity.Kind != model.ReferenceWorkflow {
				return
			}
			first := def.DefStart
			if len(def.Decorators) > 0 {
				first = def.Decorators[0].Span().Start
			}
			if hasReturnWord(p.text(parser.Span{Start: p.file.Source.LineStart(first), End: def.End})) {
				return
			}
			p.report(entity.Returns.TypeSpan, entity.Describe()+" is said to return this, and no line of it has the word return").unless(certain)
		})
	},
})

// mustReturn tells whether a function is said to return something that can't be
// None.
func (p *pass) mustReturn(entity *model.Entity) bool {
	if entity.Returns == nil || entity.Returns.TypeSpan.Start >= entity.Returns.TypeSpan.End || entity.OutputsUnknown != "" || len(entity.Outputs) == 0 {
		return false
	}
	t, err := p.module.LiteralType(entity.Outputs[0])
	return err == nil && !(len(entity.Outputs) == 1 && takesNone(t))
}

func reference(entity *model.Entity) bool {
	switch entity.Kind {
	case model.ReferenceTask, model.ReferenceWorkflow, model.ReferenceLaunchPlan:
		return true
	}
	return false
}

// hasReturnWord is flytekit's has_return_statement.
func hasReturnWord(lines string) bool {
	return strings.Contains(lines, "return") || strings.Contains(lines, "yield")
}

// takesNone tells whether a value of a type may be None.
func takesNone(t *core.LiteralType) bool {
	return literal.IsNone(t) || slices.ContainsFunc(t.GetUnionType().GetVariants(), literal.IsNone)
}
