package analysis

import (
	"fmt"

	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

var _ = register(&Rule{
	Code:     "task-input-unannotated",
	Summary:  "An input of a task or workflow has no type annotation.",
	Details:  "flytekit can't tell what an input without a type takes, and raises MissingTypeHintException when the module is imported. Annotate it, or give the decorator pickle_untyped=True.",
	Severity: Error,
	Stage:    AtImport,
	Source:   "interface.py:transform_function_to_interface",
	Bad: `from flytekit import task


@task
def double(«number») -> int:
    return 2 * number
`,
	Good: `from flytekit import task


@task
def double(number: int) -> int:
    return 2 * number
`,
	check: func(p *pass) {
		for _, entity := range p.module.Entities {
			if entity.Function == nil || entity.Opaque != "" || allowsPickle(entity) {
				continue
			}
			for _, input := range entity.Inputs {
				if input.Type == "" && input.NameSpan != (parser.Span{}) {
					p.report(input.NameSpan, fmt.Sprintf("input %s of %s has no type annotation: flytekit can't tell what it takes", input.Name, entity.Describe()))
				}
			}
		}
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
