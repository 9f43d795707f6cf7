package analysis

import (
	"fmt"

	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

// taskInputUnannotated: flytekit needs the type of each input.
var taskInputUnannotated = &Rule{
	Code:     "task-input-unannotated",
	Summary:  "An input of a task or workflow has no type annotation.",
	When:     "flytekit raises MissingTypeHintException, \"'x' has no type. Please add a type annotation to the input parameter\", when the module is imported (core/interface.py:transform_function_to_interface).",
	Severity: Error,
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
}

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
