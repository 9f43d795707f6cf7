package engine

import (
	"context"
	"time"

	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/core"
)

// branch runs the node of the first case that holds. Its outputs are the
// branch's.
func (n *nodeRun) branch(ctx context.Context, block *core.IfElseBlock) (*core.LiteralMap, error) {
	if err := n.running(ctx, core.NodeExecution_RUNNING); err != nil {
		return nil, err
	}
	taken, err := n.choose(block)
	if err != nil {
		return nil, err
	}
	inner := &scope{
		run: n.scope.run, workflow: n.scope.workflow, units: n.scope.units, inputs: n.scope.inputs,
		dir: n.attempt(0), parent: n.id.GetNodeId(), prefix: n.id.GetNodeId() + "-0",
		results: n.scope.results, // its bindings name the nodes around the branch
	}
	return inner.node(taken).run(ctx)
}

func (n *nodeRun) choose(block *core.IfElseBlock) (*core.Node, error) {
	for _, candidate := range append([]*core.IfBlock{block.GetCase()}, block.GetOther()...) {
		holds, err := holds(candidate.GetCondition(), n.inputs)
		if err != nil {
			return nil, err
		}
		if holds {
			return candidate.GetThenNode(), nil
		}
	}
	if node := block.GetElseNode(); node != nil {
		return node, nil
	}
	if block.GetError() != nil {
		return nil, failed(userError, "UserProvidedError", "%s", block.GetError().GetMessage())
	}
	return nil, malformed("No branch satisfied")
}

func malformed(format string, args ...any) *failure {
	return failed(userError, "MalformedBranchUserError", format, args...)
}

// holds evaluates a condition; both sides of "and" and "or" always are, as in
// propeller (controller/nodes/branch/evaluator.go).
func holds(expression *core.BooleanExpression, inputs *core.LiteralMap) (bool, error) {
	if comparison := expression.GetComparison(); comparison != nil {
		return compared(comparison, inputs)
	}
	both := expression.GetConjunction()
	if both == nil {
		return false, malformed("No Comparison or Conjunction found in Branch node expression.")
	}
	left, err := holds(both.GetLeftExpression(), inputs)
	if err != nil {
		return false, err
	}
	right, err := holds(both.GetRightExpression(), inputs)
	if err != nil {
		return false, err
	}
	if both.GetOperator() == core.ConjunctionExpression_OR {
		return left || right, nil
	}
	return left && right, nil
}

func compared(comparison *core.ComparisonExpression, inputs *core.LiteralMap) (bool, error) {
	left, err := operand(comparison.GetLeftValue(), inputs)
	if err != nil {
		return false, err
	}
	right, err := operand(comparison.GetRightValue(), inputs)
	if err != nil {
		return false, err
	}
	leftNone, rightNone := left.GetNoneType() != nil, right.GetNoneType() != nil
	operator := comparison.GetOperator()
	if leftNone || rightNone {
		switch operator {
		case core.ComparisonExpression_EQ:
			return leftNone == rightNone, nil
		case core.ComparisonExpression_NEQ:
			return leftNone != rightNone, nil
		}
		return false, malformed("a missing value can only be compared for equality")
	}
	order, ordered, err := compare(left.GetPrimitive(), right.GetPrimitive())
	if err != nil {
		return false, err
	}
	switch operator {
	case core.ComparisonExpression_EQ:
		return order == 0, nil
	case core.ComparisonExpression_NEQ:
		return order != 0, nil
	}
	if !ordered {
		return false, malformed("booleans can only be compared for equality")
	}
	switch operator {
	case core.ComparisonExpression_GT:
		return order > 0, nil
	case core.ComparisonExpression_GTE:
		return order >= 0, nil
	case core.ComparisonExpression_LT:
		return order < 0, nil
	case core.ComparisonExpression_LTE:
		return order <= 0, nil
	}
	return false, malformed("unknown operator %v", operator)
}

func operand(o *core.Operand, inputs *core.LiteralMap) (*core.Scalar, error) {
	switch value := o.GetVal().(type) {
	case *core.Operand_Primitive:
		return &core.Scalar{Value: &core.Scalar_Primitive{Primitive: value.Primitive}}, nil
	case *core.Operand_Scalar:
		return value.Scalar, nil
	}
	literal := inputs.GetLiterals()[o.GetVar()]
	for literal.GetScalar().GetUnion() != nil {
		literal = literal.GetScalar().GetUnion().GetValue()
	}
	if literal == nil {
		return nil, malformed("Failed to find Value for Variable [%s]", o.GetVar())
	}
	if literal.GetScalar().GetPrimitive() == nil && literal.GetScalar().GetNoneType() == nil {
		return nil, malformed("only primitive values can be compared, variable [%s] isn't one", o.GetVar())
	}
	return literal.GetScalar(), nil
}

// compare orders two primitives of one type; ordered is false for booleans.
func compare(left, right *core.Primitive) (order int, ordered bool, err error) {
	switch l := left.GetValue().(type) {
	case *core.Primitive_Integer:
		if r, same := right.GetValue().(*core.Primitive_Integer); same {
			return sign(l.Integer, r.Integer), true, nil
		}
	case *core.Primitive_FloatValue:
		if r, same := right.GetValue().(*core.Primitive_FloatValue); same {
			return sign(l.FloatValue, r.FloatValue), true, nil
		}
	case *core.Primitive_StringValue:
		if r, same := right.GetValue().(*core.Primitive_StringValue); same {
			return sign(l.StringValue, r.StringValue), true, nil
		}
	case *core.Primitive_Boolean:
		if r, same := right.GetValue().(*core.Primitive_Boolean); same {
			if l.Boolean == r.Boolean {
				return 0, false, nil
			}
			return 1, false, nil
		}
	case *core.Primitive_Datetime:
		if r, same := right.GetValue().(*core.Primitive_Datetime); same {
			return sign(l.Datetime.GetSeconds(), r.Datetime.GetSeconds()), true, nil
		}
	case *core.Primitive_Duration:
		if r, same := right.GetValue().(*core.Primitive_Duration); same {
			return sign(int64(l.Duration.AsDuration()/time.Second), int64(r.Duration.AsDuration()/time.Second)), true, nil
		}
	}
	return 0, false, malformed("values of different types can't be compared: %T and %T", left.GetValue(), right.GetValue())
}

func sign[T int64 | float64 | string](left, right T) int {
	switch {
	case left < right:
		return -1
	case left > right:
		return 1
	}
	return 0
}
