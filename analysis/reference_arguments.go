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
	Code:     "reference-arguments",
	Summary:  "A reference lacks a part of the identifier, or has one that is no string.",
	Details:  "reference_task, reference_workflow and reference_launch_plan name what is registered already by project, domain, name and version: all four are required, and strings.",
	Severity: Error,
	Stage:    AtImport,
	Source:   "task.py:reference_task",
	Bad: `from flytekit import reference_task


@«reference_task»(
    project="flytesnacks",
    domain="development",
    name="library.double",
)
def double(number: int) -> int: ...
`,
	Good: `from flytekit import reference_task


@reference_task(
    project="flytesnacks",
    domain="development",
    name="library.double",
    version="v1",
)
def double(number: int) -> int: ...
`,
	check: referenceArguments,
})

func referenceArguments(p *pass) {
	for _, call := range p.calls("flytekit.core.task.reference_task", "flytekit.core.workflow.reference_workflow", "flytekit.core.launch_plan.reference_launch_plan") {
		name := call.Name[strings.LastIndexByte(call.Name, '.')+1:]
		if call.Expr == nil {
			if call.Decorator != nil {
				p.report(parser.Span(call.Decorator.Span()), name+" needs project, domain, name and version").unless(call.Certain)
			}
			continue
		}
		if missing := missingArguments(call); len(missing) > 0 {
			p.report(parser.Span(call.Expr.Func.Span()), fmt.Sprintf("%s needs its %s", name, strings.Join(missing, " and "))).unless(call.Certain)
		}
		p.checkIdentifier(call, name)
	}
}

// checkIdentifier checks the parts that are given.
func (p *pass) checkIdentifier(call *model.NativeCall, name string) {
	of := signatureOf(call.Name)
	if of == nil {
		return
	}
	for _, keyword := range call.Expr.Keywords {
		if keyword.Arg != "" && !of.knows(keyword.Arg) {
			d := p.report(parser.Span(keyword.ArgSpan), fmt.Sprintf("%s takes project, domain, name and version, and no %s", name, keyword.Arg)).unless(call.Certain)
			p.renameTo(d, keyword.Arg, of.params)
		}
	}
	for _, given := range slices.Concat(call.Args, call.Keywords) {
		if given.Expr == nil {
			continue
		}
		switch given.Value.(type) {
		case pyeval.Int, pyeval.Float, pyeval.Bool, pyeval.None:
			d := p.report(parser.Span(given.Expr.Span()), "a part of an identifier is a string, and this is "+given.Value.Describe()).unless(call.Certain)
			p.quote(d, given.Expr)
		}
	}
}
