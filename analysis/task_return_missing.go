package analysis

import (
	"bytes"
	"slices"

	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/core"

	"github.com/flyte-lsp/flyte-lsp/literal"
	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/parser/ast"
)

var _ = register(&Rule{
	Code:     "task-return-missing",
	Summary:  "A function is said to return something, and never does.",
	Details:  "flytekit looks through the lines of the function for the words \"return\" and \"yield\", in comments and strings too, and raises \"count function must return a value. Please add a return statement at the end of the function\" when the module is imported. `raise` or `...` alone counts as no return.",
	Severity: Error,
	Stage:    AtImport,
	Source:   "utils.py:has_return_statement",
	Bad: `from flytekit import task


@task
def count(name: str) -> «int»:
    print(len(name))
`,
	Good: `from flytekit import task


@task
def count(name: str) -> int:
    return len(name)
`,
	check: func(p *pass) {
		p.eachFunction(func(entity *model.Entity, certain bool) {
			def := entity.Function.Def
			if def == nil || !p.mustReturn(entity) || slices.ContainsFunc(entity.Outputs, alwaysNone) || reference(entity) && entity.Kind != model.ReferenceWorkflow || p.mentionsReturn(def) || p.broken(def.Span()) {
				return
			}
			version := p.Module.Python()
			if version[0] != 0 && version[0] == 3 && version[1] < 10 {
				return // flytekit doesn't look then
			}
			span, message := entity.NameSpan, entity.Describe()+" returns Any as pickle_untyped=True says"
			if entity.Returns != nil {
				span, message = entity.Returns.TypeSpan, entity.Describe()+" is said to return this"
			}
			d := p.report(span, message+", and no line of it has the word return").unless(certain && version != [2]int{3, 10})
			p.returnLast(d, entity)
		})
	},
})

// mentionsReturn is flytekit's has_return_statement: a line of the function has
// the word, its decorators, comments and those behind its end among them.
func (p *pass) mentionsReturn(def *ast.FunctionDef) bool {
	start := def.DefStart
	if len(def.Decorators) > 0 {
		start = def.Decorators[0].Span().Start
	}
	text := p.File.Source.Text()
	end := def.End
	for end < len(text) {
		length := bytes.IndexByte(text[end:], '\n') + 1
		if length == 0 {
			length = len(text) - end
		}
		line := bytes.TrimSpace(text[end : end+length])
		indented := end == def.End || text[end] == ' ' || text[end] == '\t'
		if len(line) > 0 && (!indented || line[0] != '#') && end > def.End {
			break
		}
		end += length
	}
	lines := text[p.File.Source.LineStart(start):end]
	return bytes.Contains(lines, []byte("return")) || bytes.Contains(lines, []byte("yield"))
}

// returnLast offers to return what the last statement of a function calculates,
// where that is plainly a value: an expression, or a call of an entity with as
// many outputs.
func (p *pass) returnLast(d *Diagnostic, entity *model.Entity) {
	body := entity.Function.Def.Body()
	if len(body) == 0 {
		return
	}
	last, ok := body[len(body)-1].(*ast.ExprStmt)
	if !ok || !p.isResult(entity, last.Value) {
		return
	}
	d.Fixes = append(d.Fixes, Fix{Title: "Return it", Edits: []Edit{p.Insert(last.Start, "return ")}})
}

func (p *pass) isResult(entity *model.Entity, expr ast.Expr) bool {
	switch e := expr.(type) {
	case *ast.Await:
		return p.isResult(entity, e.Value)
	case *ast.Call:
		for node := range p.Module.Body(entity).All() {
			if node.Call == e && node.Entity != nil {
				return node.Entity.OutputsUnknown == "" && len(node.Entity.Outputs) == len(entity.Outputs)
			}
		}
		return false
	case *ast.BinOp, *ast.UnaryOp, *ast.Compare, *ast.BoolOp, *ast.List, *ast.Dict, *ast.Name, *ast.Subscript, *ast.JoinedStr, *ast.Comprehension:
		return true
	}
	return false
}

// mustReturn tells whether a function is said to return something that can't be
// None.
func (p *pass) mustReturn(entity *model.Entity) bool {
	if entity.OutputsUnknown != "" || len(entity.Outputs) == 0 || entity.Returns != nil && entity.Returns.TypeSpan.Start >= entity.Returns.TypeSpan.End {
		return false
	}
	t, err := p.Module.LiteralType(entity.Outputs[0])
	return err == nil && !(len(entity.Outputs) == 1 && takesNone(t))
}

func reference(entity *model.Entity) bool {
	switch entity.Kind {
	case model.ReferenceTask, model.ReferenceWorkflow, model.ReferenceLaunchPlan:
		return true
	}
	return false
}

// takesNone tells whether a value of a type may be None.
func takesNone(t *core.LiteralType) bool {
	return literal.IsNone(t) || slices.ContainsFunc(t.GetUnionType().GetVariants(), literal.IsNone)
}

func alwaysNone(v *model.Variable) bool { return isNoneType(v.PyType) }
