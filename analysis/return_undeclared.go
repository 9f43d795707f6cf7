package analysis

import (
	"fmt"

	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyte-lsp/flyte-lsp/parser/ast"
	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

var _ = register(&Rule{
	Code:     "return-undeclared",
	Summary:  "A workflow returns a value and declares no output.",
	Details:  "Without a return annotation a workflow or a dynamic workflow has no outputs. The backend drops the value, and a local run fails: \"Interface output should've been VoidPromise or None\".",
	Severity: Error,
	Stage:    AtRun,
	Source:   "workflow.py:WorkflowBase.local_execute",
	Bad: `from flytekit import task, workflow


@task
def double(number: int) -> int:
    return 2 * number


@workflow
def flow(x: int = 1):
    return «double(number=x)»
`,
	Fixed: `from flytekit import task, workflow


@task
def double(number: int) -> int:
    return 2 * number


@workflow
def flow(x: int = 1) -> int:
    return double(number=x)
`,
	check: func(p *pass) {
		for _, entity := range p.Module.Entities {
			if entity.Kind != model.Workflow && entity.Kind != model.Dynamic || entity.Opaque != "" || len(entity.Outputs) > 0 || entity.OutputsUnknown != "" ||
				entity.Function == nil || entity.Function.Def == nil || !p.here(entity.Function.Module) || entity.Function.Wraps != nil {
				continue
			}
			for _, r := range p.Module.Body(entity).Returns {
				if r.Stmt.Value == nil || !isGiven(r.Value) {
					continue
				}
				promise, ok := r.Value.(*model.Promise)
				d := p.report(r.Stmt.Value.Span(), fmt.Sprintf("%s declares no output: write the type of what it returns behind ->", entity.Describe())).unless(r.Certain)
				if ok && entity.Function.Def.Returns == nil {
					d.Fixes = p.annotateReturn(entity, promise)
				}
			}
		}
	},
})

// isGiven tells whether what a workflow returns is certainly a value.
func isGiven(value pyeval.Value) bool {
	switch v := value.(type) {
	case *model.Promise:
		return v.Var != ""
	case *model.Outputs, pyeval.Bool, pyeval.Int, pyeval.Float, pyeval.Str, *pyeval.List, *pyeval.Dict, *pyeval.Tuple:
		return true
	}
	return false
}

// annotateReturn writes the type of a promise as what a function returns, if
// the file can name it: as the entity that gives it does.
func (p *pass) annotateReturn(entity *model.Entity, promise *model.Promise) []Fix {
	text := ""
	switch {
	case len(promise.Path) > 0:
	case promise.Node == nil:
		if input := entity.Input(promise.Var); input != nil {
			text = input.Type
		}
	case promise.Node.Entity != nil:
		if output := promise.Node.Entity.Output(promise.Var); output != nil && (isBuiltin(output.Type) || p.here(promise.Node.Entity.Module)) {
			text = output.Type
		}
	}
	end := p.endOfParameters(entity.Function.Def)
	if text == "" || end < 0 {
		return nil
	}
	return []Fix{{Title: "Declare the output " + text, Edits: []Edit{p.Insert(end, " -> "+text)}}}
}

func isBuiltin(text string) bool {
	switch text {
	case "int", "float", "str", "bool", "dict":
		return true
	}
	return false
}

// endOfParameters is behind the closing parenthesis of a function's parameters,
// -1 where it can't be found.
func (p *pass) endOfParameters(def *ast.FunctionDef) int {
	from := def.Name.Span().End
	for _, param := range def.Params.List {
		from = max(from, param.Span().End)
	}
	body := def.Body()
	if len(body) == 0 || def.Returns != nil {
		return -1
	}
	text := p.Text(parser.Span{Start: from, End: body[0].Span().Start})
	for i := range len(text) {
		switch text[i] {
		case ')':
			return from + i + 1
		case '#':
			return -1
		}
	}
	return -1
}
