package analysis

import (
	"fmt"

	"github.com/flyte-lsp/flyte-lsp/literal"
	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyte-lsp/flyte-lsp/parser/ast"
	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

// misfit is a value that an input or an output doesn't take.
type misfit struct {
	model.Mistake
	// entity has the input or the output variable.
	entity   *model.Entity
	variable *model.Variable
	returned bool // it is an output
	// inDynamic: it is given when a dynamic workflow runs.
	inDynamic bool
	span      parser.Span
	// certain: it is given whenever the workflow is compiled or run.
	certain bool
}

// misfits are what the calls in the file give, and its workflows return, that
// doesn't fit, by the codes of their rules.
func (p *pass) misfits() []*misfit {
	if p.wrong == nil {
		p.wrong = map[string][]*misfit{}
		for enclosing, node := range p.Module.Calls() {
			p.ofCall(enclosing, node)
		}
		for _, entity := range p.Module.Entities {
			p.ofReturns(entity)
		}
	}
	return p.wrong[p.rule.Code]
}

func (p *pass) ofCall(enclosing *model.Entity, node *model.Node) {
	if !compiled(enclosing) || node.Call == nil || !p.here(node.Module) || node.Entity.Opaque != "" {
		return
	}
	for _, binding := range node.Inputs {
		if binding.Default {
			continue // of which default-type tells
		}
		for _, mistake := range p.Module.Mistakes(binding) {
			mistake.Code = ofMap(node, binding, mistake)
			span := binding.Span
			if mistake.Expr != nil {
				span = mistake.Expr.Span()
			}
			if span == (parser.Span{}) {
				span = node.Call.Func.Span()
			}
			p.wrong[mistake.Code] = append(p.wrong[mistake.Code], &misfit{
				Mistake: mistake, entity: node.Entity, variable: binding.Variable, span: span, inDynamic: enclosing.Kind == model.Dynamic,
				certain: !node.Conditional && !node.Guarded && enclosing.Opaque == "",
			})
		}
	}
}

func (p *pass) ofReturns(entity *model.Entity) {
	if entity.Opaque != "" || entity.Kind != model.Workflow && entity.Kind != model.Dynamic ||
		entity.Function == nil || !p.here(entity.Function.Module) {
		return
	}
	for _, r := range p.Module.Body(entity).Returns {
		for _, binding := range r.Bindings {
			for _, mistake := range p.returnMistakes(binding) {
				span := r.Stmt.Span()
				if mistake.Expr != nil {
					span = mistake.Expr.Span()
				}
				p.wrong[mistake.Code] = append(p.wrong[mistake.Code], &misfit{
					Mistake: mistake, entity: entity, variable: binding.Variable, returned: true, span: span, certain: r.Certain,
				})
			}
		}
	}
}

// returnMistakes are what is wrong with a value that is returned, by the codes
// of the rules about that.
func (p *pass) returnMistakes(binding model.Binding) []model.Mistake {
	if _, ok := model.EntityOf(binding.Value); ok {
		t, err := p.Module.LiteralType(binding.Variable)
		if err != nil || t.GetBlob() != nil {
			return nil
		}
		return []model.Mistake{{Code: uncalled(binding.Value, "return-unbound"), Expr: binding.Expr, Value: binding.Value, Type: binding.Variable.PyType}}
	}
	mistakes := p.Module.Mistakes(binding)
	for i := range mistakes {
		if mistakes[i].Code == "constant-file-local" || mistakes[i].Code == "constant-literal-value" {
			continue
		}
		mistakes[i].Code = "return-type"
		if _, none := mistakes[i].Value.(pyeval.None); none && !mistakes[i].Part {
			mistakes[i].Code = "return-unbound"
		}
	}
	return mistakes
}

// compiled tells whether the body of an entity is compiled to nodes.
func compiled(entity *model.Entity) bool {
	switch entity.Kind {
	case model.Workflow, model.Dynamic, model.ImperativeWorkflow:
		return true
	}
	return false
}

// wanted says of which input or output a misfit is, and which type that has.
func (m *misfit) wanted() string {
	what := "input"
	if m.returned {
		what = "output"
	}
	text := m.variable.Type
	if text == "" {
		text = m.TypeText
	}
	return fmt.Sprintf("%s %s of %s is of type %s", what, m.variable.Name, m.entity.Describe(), text)
}

// given says what is given in place of it.
func (m *misfit) given() string {
	if m.Part {
		return "this part of it is " + described(m.Value)
	}
	return "this is " + described(m.Value)
}

// described says what a value is, a short constant with itself.
func described(value pyeval.Value) string {
	switch v := value.(type) {
	case *pyeval.Instance:
		switch class := v.Class.(type) {
		case *pyeval.Class:
			return "an object of " + class.Name
		case *pyeval.Native:
			return "an object of " + class.Name
		}
	case *model.Entity:
		return v.Describe() + " itself"
	}
	return value.Describe()
}

// misfitting reports the misfits of the rule's code, with the fixes that a constant
// has.
func misfitting(message func(*misfit) string) func(*pass) {
	return func(p *pass) {
		for _, m := range p.misfits() {
			d := p.reportMisfit(m, message(m))
			d.Fixes = p.convert(m)
		}
	}
}

// reportMisfit reports a misfit, with both ends of what flows.
func (p *pass) reportMisfit(m *misfit, message string) *Diagnostic {
	related := p.declaration(m)
	if promise, ok := m.Value.(*model.Promise); ok {
		related = append(related, p.origin(promise)...)
	}
	return p.report(m.span, message, related...).unless(m.certain)
}

// declaration is where the type of the input or the output is written.
func (p *pass) declaration(m *misfit) []Related {
	owner, entity, err := p.snapshot.Current(p.ctx, m.entity)
	if err != nil {
		return nil
	}
	variable, what := entity.Input(m.variable.Name), "input"
	if m.returned {
		variable, what = entity.Output(m.variable.Name), "output"
	}
	if variable == nil || variable.TypeSpan == (ast.Span{}) {
		if entity.NameSpan == (ast.Span{}) {
			return nil
		}
		return []Related{{File: owner, Span: entity.NameSpan, Message: entity.Describe() + " is defined here"}}
	}
	return []Related{{File: owner, Span: variable.TypeSpan, Message: fmt.Sprintf("the type of the %s %s", what, m.variable.Name)}}
}

// origin is where the type of a promise is written.
func (p *pass) origin(promise *model.Promise) []Related {
	if promise.Node == nil || promise.Node.Entity == nil {
		return nil
	}
	owner, entity, err := p.snapshot.Current(p.ctx, promise.Node.Entity)
	if err != nil {
		return nil
	}
	if output := entity.Output(promise.Var); output != nil && output.TypeSpan != (ast.Span{}) {
		return []Related{{File: owner, Span: output.TypeSpan, Message: fmt.Sprintf("what %s gives", entity.Describe())}}
	}
	return nil
}

// promised says of which type a promise is.
func (m *misfit) promised() string {
	promise, ok := m.Value.(*model.Promise)
	if !ok {
		return ""
	}
	part := ""
	if len(promise.Path) > 0 {
		part = "this part of "
	}
	return fmt.Sprintf("%s%s is %s", part, promise.Describe(), literal.TypeText(m.Gives))
}
