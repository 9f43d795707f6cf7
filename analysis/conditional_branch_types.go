package analysis

import (
	"fmt"
	"maps"
	"slices"

	"github.com/flyte-lsp/flyte-lsp/literal"
	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/core"
)

var _ = register(&Rule{
	Code:     "conditional-branch-types",
	Summary:  "The cases of a conditional give different types by one name.",
	Details:  "What all cases give by one name must have one type: the backend asks that each case's fits the first's, and the other way round. Locally only the case that is taken counts. Let the cases give the same type, or name the outputs differently with a NamedTuple.",
	Severity: Error,
	Stage:    AtBackend,
	Source:   "flytepropeller/pkg/compiler/validators/branch.go",
	Backend:  "MismatchingTypes",
	Bad: `from flytekit import conditional, task, workflow


@task
def count(text: str) -> int:
    return len(text)


@task
def shorten(text: str) -> str:
    return text[:10]


@workflow
def flow(text: str = "a") -> int:
    return (
        conditional("which")
        .if_(text == "a")
        .then(count(text=text))
        .else_()
        .then(«shorten»(text=text))
    )
`,
	Good: `from flytekit import conditional, task, workflow


@task
def count(text: str) -> int:
    return len(text)


@task
def shorten(text: str) -> int:
    return len(text[:10])


@workflow
def flow(text: str = "a") -> int:
    return (
        conditional("which")
        .if_(text == "a")
        .then(count(text=text))
        .else_()
        .then(shorten(text=text))
    )
`,
	check: branchTypes,
})

func branchTypes(p *pass) {
	for _, entity := range p.Module.Entities {
		for node := range p.Module.Body(entity).All() {
			if node.Branch != nil && node.Branch.Ended && p.here(node.Module) {
				p.caseTypes(node, !node.Conditional && !node.Guarded && entity.Opaque == "")
			}
		}
	}
}

// caseTypes compares what the cases of a conditional give with what the first
// does.
func (p *pass) caseTypes(node *model.Node, certain bool) {
	var first *model.Node
	var common map[string]*core.LiteralType
	for _, given := range node.Branch.Cases {
		if given.Node == nil || given.Node.Branch != nil {
			continue
		}
		types := p.outputTypes(given.Node)
		if first == nil {
			first, common = given.Node, types
			continue
		}
		for _, name := range slices.Sorted(maps.Keys(common)) {
			has, ok := types[name]
			if !ok {
				delete(common, name)
				continue
			}
			if has == nil || common[name] == nil || literal.Castable(common[name], has) && literal.Castable(has, common[name]) {
				continue
			}
			at := parser.Span(given.Step)
			if call := given.Node.Call; call != nil && p.here(given.Node.Module) && at.Start <= call.Start && call.End <= at.End {
				at = parser.Span(call.Func.Span())
			}
			p.report(at, fmt.Sprintf("the output %s is %s here, and %s in the first case: the cases of a conditional give the same types",
				name, literal.TypeText(has), literal.TypeText(common[name])), p.origin(&model.Promise{Node: first, Var: name})...).unless(certain)
		}
	}
}

// outputTypes are the types of a node's outputs by name, nil where one isn't
// known.
func (p *pass) outputTypes(node *model.Node) map[string]*core.LiteralType {
	types := map[string]*core.LiteralType{}
	if node.Entity == nil || node.Entity.OutputsUnknown != "" {
		return types
	}
	for _, output := range node.Entity.Outputs {
		t, err := p.Module.PromiseType(&model.Promise{Node: node, Var: output.Name, Type: output.PyType})
		if err != nil {
			t = nil
		}
		types[output.Name] = t
	}
	return types
}
