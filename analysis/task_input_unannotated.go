package analysis

import (
	"fmt"

	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

var _ = register(&Rule{
	Code:    "task-input-unannotated",
	Summary: "An input of a task or workflow has no type annotation.",
	Details: "flytekit can't tell what an input without a type takes, and raises `FlyteMissingTypeException: 'number' has no type` " +
		"when the module is imported. `self`, `*args` and the parameters of a lambda are inputs too. Annotate it, or give the " +
		"decorator `pickle_untyped=True`.",
	Severity: Error,
	Stage:    AtImport,
	Source:   "interface.py:transform_function_to_interface",
	Bad: `from flytekit import task, workflow


@task
def double(«number») -> int:
    return 2 * number


@workflow
def flow(x: int) -> int:
    return double(number=x)
`,
	Fixed: `from flytekit import task, workflow


@task
def double(number: int) -> int:
    return 2 * number


@workflow
def flow(x: int) -> int:
    return double(number=x)
`,
	check: func(p *pass) {
		p.eachFunction(func(entity *model.Entity, certain bool) {
			if allowsPickle(entity) || isTask(entity) && isWrapper(entity) && !testModule(p.File.ModuleName) {
				return
			}
			for _, input := range entity.Inputs {
				if input.Type == "" && input.NameSpan.Start < input.NameSpan.End {
					message := fmt.Sprintf("input %s of %s has no type annotation: flytekit can't tell what it takes", input.Name, entity.Describe())
					d := p.report(parser.Span(input.NameSpan), message).unless(certain)
					p.annotateInput(d, entity, input)
				}
			}
		})
	},
})

// allowsPickle reports whether the decorator may say pickle_untyped=True.
func allowsPickle(entity *model.Entity) bool {
	for _, setting := range entity.Settings {
		if setting.Name == "pickle_untyped" {
			return setting.Value != pyeval.Bool(false)
		}
	}
	if entity.Maker == nil {
		return false
	}
	for _, keyword := range entity.Maker.Keywords {
		if keyword.Arg == "" { // **settings
			return true
		}
	}
	return false
}
