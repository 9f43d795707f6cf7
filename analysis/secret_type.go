package analysis

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyte-lsp/flyte-lsp/parser/ast"
	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

var _ = register(&Rule{
	Code:     "secret-type",
	Summary:  "A secret request is no Secret.",
	Details:  "secret_requests is a list of Secret. flytekit raises \"Secret ... should be of type flytekit.Secret\" when the module is imported, and can't register a tuple of them.",
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
			report := func(expr ast.Expr, message string) *Diagnostic { return s.reportValue(expr, message).unless(s.plain()) }
			if objectOf(requests.Value, secretClass) != nil {
				d := report(requests.Expr, "secret_requests is a list of secrets, and this is one: put it in a list")
				if requests.Expr != nil {
					p.replace(d, requests.Expr, "Put it in a list", "["+p.Text(requests.Expr.Span())+"]", true)
				}
				return
			}
			if isTrue(requests.Value) && p.isNot(requests.Value, "list", "tuple") {
				report(requests.Expr, fmt.Sprintf("secret_requests is a list of secrets, and this is %s", requests.Value.Describe()))
				return
			}
			elements, _ := elementsOf(requests.Value, requests.Expr)
			wrong := false
			for _, element := range elements {
				if !p.isNot(element.Value, secretClass) {
					continue
				}
				wrong = true
				d := report(element.Expr, fmt.Sprintf("a secret is requested by a Secret, and this is %s", element.Value.Describe()))
				if group, ok := element.Value.(pyeval.Str); ok && isTextLiteral(element.Expr) {
					p.replace(d, element.Expr, "Make it a Secret", "Secret(group="+strconv.Quote(string(group))+")", false, p.AddImport("Secret")...)
				}
			}
			if tuple, ok := requests.Value.(*pyeval.Tuple); ok && !wrong && len(tuple.Elems) > 0 {
				d := report(requests.Expr, "secret_requests is a list of secrets, and this is a tuple")
				if text, ok := p.asList(requests.Expr); ok {
					p.replace(d, requests.Expr, "Make it a list", text, true)
				}
			}
		})
	},
})

// asList is how one writes a tuple that is written out as a list.
func (p *pass) asList(expr ast.Expr) (string, bool) {
	tuple, ok := expr.(*ast.Tuple)
	if !ok || len(tuple.Elts) == 0 {
		return "", false
	}
	written := p.Text(tuple.Span())
	inside, opens := strings.CutPrefix(written, "(")
	inside, closes := strings.CutSuffix(inside, ")")
	inside = strings.TrimSuffix(strings.TrimSpace(inside), ",")
	list, reads := parser.Expression("["+inside+"]", 0)
	same, isList := list.(*ast.List)
	return "[" + inside + "]", opens && closes && reads && isList && len(same.Elts) == len(tuple.Elts)
}

// isTextLiteral tells whether an expression is a string that is written out.
func isTextLiteral(expr ast.Expr) bool {
	constant, ok := expr.(*ast.Constant)
	return ok && constant.Kind == ast.StringConst
}
