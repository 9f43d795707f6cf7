package analysis

import (
	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/core"

	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyte-lsp/flyte-lsp/parser/ast"
	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

// comparison is one in the condition of a conditional.
type comparison struct {
	*model.Condition
	certain bool
}

// eachComparison gives the comparisons in the conditions of the file's
// conditionals.
func (p *pass) eachComparison(f func(*comparison)) {
	for _, entity := range p.Module.Entities {
		for node := range p.Module.Body(entity).All() {
			if node.Branch == nil {
				continue
			}
			for _, given := range node.Branch.Cases {
				for condition := range given.Condition.Comparisons {
					if p.here(condition.Module) {
						f(&comparison{condition, node.Branch.Ended && !node.Conditional && !node.Guarded && entity.Opaque == ""})
					}
				}
			}
		}
	}
}

// sides are the operands.
func (c *comparison) sides() [2]model.Operand { return [2]model.Operand{c.Left, c.Right} }

// report reports a mistake in the comparison at an operand, or at the whole
// where that isn't written there.
func (p *pass) reportOperand(c *comparison, operand model.Operand, message string, related ...Related) *Diagnostic {
	at := c.Span
	if operand.Expr != nil {
		at = operand.Expr.Span()
	}
	return p.report(parser.Span(at), message, related...).unless(c.certain)
}

// origins are where the promises of a comparison come from.
func (p *pass) origins(c *comparison) []Related {
	var related []Related
	for _, side := range c.sides() {
		if promise, ok := side.Value.(*model.Promise); ok {
			related = append(related, p.origin(promise)...)
		}
	}
	return related
}

// operandType is the type that the backend takes an operand to have; nil where
// it isn't known, or where it is none that can be compared.
func (p *pass) operandType(operand model.Operand) *core.LiteralType {
	if promise, ok := operand.Value.(*model.Promise); ok {
		t, err := p.Module.PromiseType(promise)
		if err != nil {
			return nil
		}
		return t
	}
	if kind, ok := primitive(operand.Value); ok {
		return &core.LiteralType{Type: &core.LiteralType_Simple{Simple: kind}}
	}
	return nil
}

// primitive is the type of a constant that flytekit makes a primitive of
// (promise.py:ComparisonExpression); false of others, and of what isn't known.
func primitive(value pyeval.Value) (core.SimpleType, bool) {
	switch v := value.(type) {
	case pyeval.Int:
		return core.SimpleType_INTEGER, true
	case pyeval.Float:
		return core.SimpleType_FLOAT, true
	case pyeval.Str:
		return core.SimpleType_STRING, true
	case *pyeval.EnumMember:
		if _, text := v.Value.(pyeval.Str); text {
			return core.SimpleType_STRING, true
		}
	case pyeval.Bool:
		return core.SimpleType_BOOLEAN, true
	}
	if moment, ok := pyeval.MomentOf(value); ok && moment.Kind != "datetime.time" {
		return core.SimpleType_DATETIME, true
	}
	if _, ok := pyeval.Timedelta(value); ok {
		return core.SimpleType_DURATION, true
	}
	return 0, false
}

// isPart tells whether an operand is a part of what a promise stands for.
func isPart(operand model.Operand) bool {
	promise, ok := operand.Value.(*model.Promise)
	return ok && len(promise.Path) > 0
}

func isNone(value pyeval.Value) bool {
	_, none := value.(pyeval.None)
	return none
}

// integer is a constant that is written as a whole number.
func integer(expr ast.Expr) (*ast.Constant, bool) {
	constant, ok := expr.(*ast.Constant)
	return constant, ok && constant.Kind == ast.IntConst
}
