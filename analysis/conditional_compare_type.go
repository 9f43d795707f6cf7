package analysis

import (
	"fmt"

	"github.com/flyte-lsp/flyte-lsp/literal"
	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/core"
	"google.golang.org/protobuf/proto"
)

var _ = register(&Rule{
	Code:     "conditional-compare-type",
	Summary:  "The sides of a comparison in a conditional have different types.",
	Details:  "The backend compares values of one type only: an int isn't compared with a float, an enum not with a text or a member, an Optional not with a value. Locally the comparison works. Write the constant as the other side's type, or compare in a task that returns a bool.",
	Severity: Error,
	Stage:    AtBackend,
	Source:   "flytepropeller/pkg/compiler/validators/condition.go",
	Backend:  "MismatchingTypes",
	Bad: `from flytekit import conditional, task, workflow


@task
def double(number: int) -> int:
    return 2 * number


@workflow
def flow(score: float = 0.5) -> int:
    return conditional("which").if_(«score > 1»).then(double(number=1)).else_().then(double(number=2))
`,
	Fixed: `from flytekit import conditional, task, workflow


@task
def double(number: int) -> int:
    return 2 * number


@workflow
def flow(score: float = 0.5) -> int:
    return conditional("which").if_(score > 1.0).then(double(number=1)).else_().then(double(number=2))
`,
	check: compareTypes,
})

func compareTypes(p *pass) {
	p.eachComparison(func(c *comparison) {
		if isPart(c.Left) || isPart(c.Right) {
			return
		}
		left, right := p.operandType(c.Left), p.operandType(c.Right)
		if left == nil || right == nil || !comparable(left) || !comparable(right) || proto.Equal(left, right) {
			return
		}
		message := fmt.Sprintf("the backend compares values of one type only, and these are %s and %s", literal.TypeText(left), literal.TypeText(right))
		d := p.report(parser.Span(c.Span), message, p.origins(c)...).unless(c.certain)
		for i, side := range c.sides() {
			other := [2]*core.LiteralType{right, left}[i]
			if constant, ok := integer(side.Expr); ok && other.GetSimple() == core.SimpleType_FLOAT && len(d.Fixes) == 0 {
				d.Fixes = []Fix{{Title: "Compare it with a float", Edits: []Edit{p.Insert(constant.End, ".0")}, Safe: true}}
			}
		}
	})
}

// comparable tells whether flytekit compares values of a type: primitives, and
// unions of such.
func comparable(t *core.LiteralType) bool {
	switch kind := t.GetType().(type) {
	case *core.LiteralType_Simple:
		switch kind.Simple {
		case core.SimpleType_INTEGER, core.SimpleType_FLOAT, core.SimpleType_STRING, core.SimpleType_BOOLEAN,
			core.SimpleType_DATETIME, core.SimpleType_DURATION:
			return true
		}
		return false
	case *core.LiteralType_EnumType, *core.LiteralType_UnionType:
		return true
	}
	return false
}
