package analysis

import (
	"slices"

	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/parser/ast"
)

var _ = register(&Rule{
	Code:     "task-return-path-missing",
	Summary:  "A task may end without returning its output.",
	Details:  "Where the function reaches its end, or a bare return, it gives None: flytekit raises \"Failed to convert outputs of task ... at position 0\" when it runs. Return a value on each path, or make the output Optional.",
	Severity: Error,
	Stage:    AtRun,
	Source:   "base_task.py:PythonTask._output_to_literal_map",
	Bad: `from flytekit import task


@task
def count(name: str = "a") -> «int»:
    def length():
        return len(name)

    length()
`,
	Good: `from flytekit import task


@task
def count(name: str = "a") -> int:
    def length():
        return len(name)

    return length()
`,
	check: func(p *pass) {
		p.eachFunction(func(entity *model.Entity, certain bool) {
			def := entity.Function.Def
			if !isTask(entity) || def == nil || entity.Returns == nil || entity.Decorated != entity.Function || !p.mustReturn(entity) || !p.mentionsReturn(def) || p.broken(def.Span()) {
				return
			}
			own := ownFlow(def)
			if len(own.yields) > 0 || len(def.Body()) == 0 || isStub(def) {
				return
			}
			isBare := func(r *ast.Return) bool { return r.Value == nil }
			returns := slices.ContainsFunc(own.returns, func(r *ast.Return) bool { return !isBare(r) })
			// Another decorator may make something of None.
			certain = certain && !returns && len(def.Decorators) == 1 && len(own.raises) == 0
			for _, r := range own.returns {
				if isBare(r) {
					p.report(r.Span(), "this returns None, and "+entity.Describe()+" must return "+entity.Returns.Type, p.related(p.Module.Module, entity.Returns.TypeSpan, "its output is declared here")...).unless(certain)
				}
			}
			switch {
			case !own.ends:
			case returns:
				p.report(entity.Returns.TypeSpan, entity.Describe()+" may end without returning this, and gives None then").unless(false)
			default:
				d := p.report(entity.Returns.TypeSpan, entity.Describe()+" ends without returning this").unless(certain)
				p.returnLast(d, entity)
			}
		})
	},
})

// isStub tells of a body that only says what the function is.
func isStub(def *ast.FunctionDef) bool {
	return !slices.ContainsFunc(def.Body(), func(s ast.Stmt) bool {
		switch s := s.(type) {
		case *ast.Pass:
			return false
		case *ast.ExprStmt:
			_, constant := s.Value.(*ast.Constant)
			return !constant
		}
		return true
	})
}
