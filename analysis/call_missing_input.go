package analysis

import (
	"fmt"
	"slices"
	"strings"

	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

var _ = register(&Rule{
	Code:     "call-missing-input",
	Summary:  "A call leaves out a required input.",
	Details:  "Every input without a default must be given a value; None is a default of an Optional only. flytekit raises \"Input b of type <class 'int'> was not specified for function\" when it compiles the workflow.",
	Severity: Error,
	Stage:    AtRegister,
	Source:   "promise.py:create_and_link_node",
	Bad: `from flytekit import task, workflow


@task
def add(a: int, b: int) -> int:
    return a + b


@workflow
def flow(x: int) -> int:
    return «add»(a=x)
`,
	Good: `from flytekit import task, workflow


@task
def add(a: int, b: int = 1) -> int:
    return a + b


@workflow
def flow(x: int) -> int:
    return add(a=x)
`,
	check: func(p *pass) {
		p.eachCall(func(c *call) {
			missing := slices.DeleteFunc(slices.Clone(c.Missing), func(input *model.Variable) bool { return isNoneType(input.PyType) })
			if len(missing) == 0 || c.Open || len(c.Twice) > 0 || c.Entity.Kind == model.LaunchPlan && len(c.Surplus) > 0 {
				return
			}
			d := c.report(parser.Span{}, fmt.Sprintf("this call of %s leaves out %s, which has no default", c.Entity.Describe(), names(missing)))
			title, text := "Add "+names(missing), make([]string, len(missing))
			for i, input := range missing {
				text[i] = input.Name + "=" + c.valueFor(input)
			}
			d.Fixes = append(d.Fixes, Fix{Title: title, Edits: []Edit{p.AddArgument(c.Call, strings.Join(text, ", "))}})
		})
	},
})

// valueFor is what a call can give an input: the workflow's input of the same
// name and type, or a placeholder of the type.
func (c *call) valueFor(input *model.Variable) string {
	if given := c.enclosing.Input(input.Name); given != nil && c.enclosing.Kind != model.ImperativeWorkflow &&
		given.PyType != nil && pyeval.Same(given.PyType, input.PyType) && c.pass.here(c.enclosing.Function.Module) {
		return input.Name
	}
	return placeholder(input.PyType)
}

// placeholders are values of types, for a person to replace.
var placeholders = map[string]string{
	"builtins.int": "0", "builtins.float": "0.0", "builtins.str": `""`, "builtins.bool": "False",
	"builtins.list": "[]", "builtins.dict": "{}",
}

// placeholder is a value of a type: `...` where there is no plain one.
func placeholder(t pyeval.Value) string {
	switch t := t.(type) {
	case *pyeval.Native:
		if text, ok := placeholders[t.Name]; ok {
			return text
		}
	case *pyeval.Alias:
		return placeholder(t.Origin)
	}
	return "..."
}
