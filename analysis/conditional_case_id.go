package analysis

import (
	"fmt"
	"slices"

	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/parser"
)

var _ = register(&Rule{
	Code:     "conditional-case-id",
	Summary:  "A case gives an earlier result whose node has the id of another case's.",
	Details:  `The nodes that are made within a conditional are numbered from n0 on, as those of the workflow are. A case that gives an earlier result has that result's node, which may have the id of another case's: the backend keeps one of the two, runs it for both cases, and refuses the workflow if their inputs have other names. Locally it works. Make the calls of all cases before the conditional, or give the earlier call an id of its own: with_overrides(node_name="shortened").`,
	Severity: Warning,
	Stage:    AtBackend,
	Source:   "flytepropeller/pkg/compiler/builders.go",
	Bad: `from flytekit import conditional, task, workflow


@task
def shorten(text: str) -> str:
    return text[:10]


@task
def trim(line: str) -> str:
    return line.strip()


@workflow
def flow(text: str = "a") -> str:
    short = shorten(text=text)
    return (
        conditional("which")
        .if_(text == "a")
        .then(«short»)
        .else_()
        .then(trim(line=text))
    )
`,
	Good: `from flytekit import conditional, task, workflow


@task
def shorten(text: str) -> str:
    return text[:10]


@task
def trim(line: str) -> str:
    return line.strip()


@workflow
def flow(text: str = "a") -> str:
    short = shorten(text=text)
    trimmed = trim(line=text)
    return (
        conditional("which")
        .if_(text == "a")
        .then(short)
        .else_()
        .then(trimmed)
    )
`,
	check: caseIDs,
})

func caseIDs(p *pass) {
	for _, entity := range p.Module.Entities {
		for node := range p.Module.Body(entity).All() {
			if node.Branch != nil && node.Branch.Ended && p.here(node.Module) {
				p.sameIDs(node, !node.Conditional && !node.Guarded && entity.Opaque == "")
			}
		}
	}
}

// sameIDs reports the cases whose node was made before the conditional, and has
// the id of one that is made in it.
func (p *pass) sameIDs(branch *model.Node, certain bool) {
	own := func(node *model.Node) bool { return slices.Contains(branch.Branch.Nodes, node) }
	for _, given := range branch.Branch.Cases {
		earlier := given.Node
		if earlier == nil || earlier.ID == "" || own(earlier) {
			continue
		}
		i := slices.IndexFunc(branch.Branch.Cases, func(c *model.Case) bool {
			return c.Node != nil && c.Node != earlier && c.Node.ID == earlier.ID && own(c.Node)
		})
		if i < 0 {
			continue
		}
		other := branch.Branch.Cases[i].Node
		what := "another node"
		if other.Entity != nil {
			what = "that of " + other.Entity.Describe()
		}
		at := parser.Span(given.Step)
		if given.Value != nil {
			at = parser.Span(given.Value.Span())
		}
		d := p.report(at, fmt.Sprintf(
			"the node of this result has the id %s, and so has %s in another case: the backend runs one of them for both; give the earlier call another id, with_overrides(node_name=...)",
			earlier.ID, what))
		if certain && earlier.Entity != nil && other.Entity != nil && !sameInputs(earlier, other) {
			d.Severity = Error
		}
	}
}

// sameInputs tells whether the backend finds the inputs of a node in another
// one.
func sameInputs(a, b *model.Node) bool {
	within := func(a, b *model.Node) bool {
		return !slices.ContainsFunc(a.Inputs, func(input model.Binding) bool { return b.Entity.Input(input.Name) == nil })
	}
	return within(a, b) && within(b, a)
}
