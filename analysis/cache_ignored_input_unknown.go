package analysis

import (
	"fmt"
	"strconv"

	"github.com/flyte-lsp/flyte-lsp/parser/ast"
	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

var _ = register(&Rule{
	Code:     "cache-ignored-input-unknown",
	Summary:  "The cache is told to ignore an input that the task doesn't have.",
	Details:  "flytekit and the backend take any name, and look at all inputs as before. A plain text given as `cache_ignore_input_vars` is taken letter by letter: write a tuple, `(\"number\",)`.",
	Severity: Warning,
	Stage:    NeverFails,
	Source:   "base_task.py:TaskMetadata",
	Bad: `from flytekit import Cache, task


@task(cache=Cache(version="1", ignored_inputs=(«"seeds"»,)))
def double(number: int, seed: int) -> int:
    return 2 * number
`,
	Fixed: `from flytekit import Cache, task


@task(cache=Cache(version="1", ignored_inputs=("seed",)))
def double(number: int, seed: int) -> int:
    return 2 * number
`,
	check: func(p *pass) {
		p.eachCache(func(c *caching) {
			if c.overrides() || c.entity == nil || c.entity.InputsUnknown != "" || c.entity.Opaque != "" {
				return
			}
			ignored, given := c.get("cache_ignore_input_vars")
			if c.object != nil {
				ignored, given = argument(c.object, 2, "ignored_inputs")
			}
			if !given {
				return
			}
			if text, ok := ignored.Value.(pyeval.Str); ok {
				if c.object != nil {
					c.ignores(string(text), ignored.Expr)
				} else if len(text) > 1 {
					d := c.reportValue(ignored.Expr, "the text is taken letter by letter: write a tuple of names")
					if _, literal := ignored.Expr.(*ast.Constant); literal {
						c.replace(d, ignored.Expr, "Make it a tuple", "("+p.Text(ignored.Expr.Span())+",)", true)
					}
				}
				return
			}
			elements, _ := elementsOf(ignored.Value, ignored.Expr)
			for _, element := range elements {
				if text, ok := element.Value.(pyeval.Str); ok {
					c.ignores(string(text), element.Expr)
				}
			}
		})
	},
})

// ignores reports a name that is ignored, and isn't an input's.
func (c *caching) ignores(name string, expr ast.Expr) {
	if c.entity.Input(name) != nil {
		return
	}
	d := c.reportValue(expr, fmt.Sprintf("%s has no input %s: %s", c.entity.Describe(), name, inputsOf(c.entity)))
	var inputs []string
	for _, input := range c.entity.Inputs {
		inputs = append(inputs, input.Name)
	}
	if meant := Nearest(name, inputs); meant != "" {
		if constant, ok := expr.(*ast.Constant); ok && constant.Text == name {
			c.replace(d, expr, fmt.Sprintf("Replace %s with %s", name, meant), strconv.Quote(meant), false)
		}
	}
}
