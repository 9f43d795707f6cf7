package analysis

import (
	"fmt"
	"slices"
	"strings"

	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyte-lsp/flyte-lsp/parser/ast"
	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

var _ = register(&Rule{
	Code:     "container-arguments",
	Summary:  "A ContainerTask lacks an argument, or its command isn't a list of strings.",
	Details:  `name, image and command are required when the module is imported. The items of command and arguments are strings: others can't be serialized ("bad argument type for built-in operation"). One string is taken by its letters, each an argument of its own.`,
	Severity: Error,
	Stage:    AtRegister,
	Source:   "container_task.py:ContainerTask",
	Bad: `from flytekit import ContainerTask, kwtypes

echo = ContainerTask(
    name="echo",
    image="alpine",
    command=["echo", «1»],
    inputs=kwtypes(number=int),
)
`,
	Fixed: `from flytekit import ContainerTask, kwtypes

echo = ContainerTask(
    name="echo",
    image="alpine",
    command=["echo", "1"],
    inputs=kwtypes(number=int),
)
`,
	check: containerArguments,
})

func containerArguments(p *pass) {
	for _, call := range p.calls(containerTask) {
		if call.Expr == nil {
			continue
		}
		if missing := missingArguments(call); len(missing) > 0 {
			p.report(parser.Span(call.Expr.Func.Span()), fmt.Sprintf("a ContainerTask needs its %s", strings.Join(missing, " and "))).unless(call.Certain)
		}
		p.checkCommand(call, 2, "command")
		p.checkCommand(call, slices.Index(signatureOf(containerTask).params, "arguments"), "arguments")
	}
}

// checkCommand checks an argument that is a list of strings.
func (p *pass) checkCommand(call *model.NativeCall, position int, name string) {
	given, ok := call.Arg(position, name)
	if !ok || given.Expr == nil {
		return
	}
	if text, ok := given.Value.(pyeval.Str); ok && len(text) > 1 {
		d := p.report(parser.Span(given.Expr.Span()), name+" is a list of strings: of one string, each letter becomes an argument")
		d.Severity = Warning
		if words := strings.Fields(string(text)); p.isPlainText(given.Expr, string(text)) && !strings.ContainsAny(string(text), "'\"\\$|&;<>(){}*?`") {
			d.Fixes = []Fix{{Title: "Write it as a list", Edits: []Edit{p.Edit(parser.Span(given.Expr.Span()), `["`+strings.Join(words, `", "`)+`"]`)}}}
		}
		return
	}
	list, ok := given.Value.(*pyeval.List)
	if !ok {
		return
	}
	for i, item := range list.Elems {
		switch item.(type) {
		case pyeval.Int, pyeval.Float, pyeval.Bool, pyeval.None, *pyeval.List:
			at := given.Expr
			if written, ok := given.Expr.(*ast.List); ok && len(written.Elts) == len(list.Elems) {
				at = written.Elts[i]
			}
			d := p.report(parser.Span(at.Span()), fmt.Sprintf("an item of %s is a string, and this is %s", name, item.Describe())).unless(call.Certain)
			if at != given.Expr {
				p.quote(d, at)
			}
		}
	}
}
