package analysis

import (
	"fmt"
	"strings"

	"github.com/flyte-lsp/flyte-lsp/parser"
)

// taskInputUnannotated: flytekit needs the type of each input.
var taskInputUnannotated = &Rule{
	Code:     "task-input-unannotated",
	Summary:  "An input of a task or workflow has no type annotation.",
	When:     "flytekit raises MissingTypeHintException, \"'x' has no type. Please add a type annotation to the input parameter\", when the module is imported (core/interface.py:transform_function_to_interface).",
	Severity: Error,
	check: func(p *pass) {
		if p.file.Language != parser.Python {
			return
		}
		for _, entity := range p.file.Entities {
			if entity.Kind == parser.LaunchPlan || entity.Opaque || allowsPickle(entity) {
				continue
			}
			for _, input := range entity.Inputs {
				if input.Type == "" {
					p.report(input.NameSpan, fmt.Sprintf("input %s of %s %s has no type annotation: flytekit can't tell what it takes", input.Name, entity.Kind, entity.Name))
				}
			}
		}
	},
}

// allowsPickle reports whether the decorator may say pickle_untyped=True.
func allowsPickle(entity *parser.Entity) bool {
	if entity.Decorator == nil {
		return false
	}
	arg, given := entity.Decorator.Arg("pickle_untyped")
	return entity.Decorator.HasDoubleStar || given && strings.TrimSpace(arg.Value) != "False"
}
