package analysis

import (
	"fmt"

	"github.com/flyte-lsp/flyte-lsp/parser/ast"
	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

var _ = register(&Rule{
	Code:     "secret-type",
	Summary:  "A secret request is no Secret.",
	Details:  "secret_requests is a list of Secret. flytekit raises \"Secret ... should be of type flytekit.Secret\" when the module is imported.",
	Severity: Error,
	Stage:    AtImport,
	Source:   "python_auto_container.py:PythonAutoContainerTask.__init__",
	Bad: `from flytekit import task


@task(secret_requests=[«"openai"»])
def train(epochs: int) -> int:
    return epochs
`,
	Fixed: `from flytekit import Secret, task


@task(secret_requests=[Secret(group="openai")])
def train(epochs: int) -> int:
    return epochs
`,
	check: func(p *pass) {
		p.eachSettings(func(s *settings) {
			requests, given := s.get("secret_requests")
			if !given {
				return
			}
			if objectOf(requests.Value, secretClass) != nil {
				d := s.reportValue(requests.Expr, "secret_requests is a list of secrets, and this is one: put it in a list")
				if requests.Expr != nil {
					p.replace(d, requests.Expr, "Put it in a list", "["+p.text(requests.Expr.Span())+"]", true)
				}
				return
			}
			elements, _ := elementsOf(requests.Value, requests.Expr)
			for _, element := range elements {
				if !p.isNot(element.Value, secretClass) {
					continue
				}
				d := s.reportValue(element.Expr, fmt.Sprintf("a secret is requested by a Secret, and this is %s", element.Value.Describe()))
				if group, ok := element.Value.(pyeval.Str); ok && isTextLiteral(element.Expr) {
					p.replace(d, element.Expr, "Make it a Secret", `Secret(group="`+string(group)+`")`, false, p.addImport("Secret")...)
				}
			}
		})
	},
})

// isTextLiteral tells whether an expression is a string that is written out.
func isTextLiteral(expr ast.Expr) bool {
	constant, ok := expr.(*ast.Constant)
	return ok && constant.Kind == ast.StringConst
}
