package analysis

import (
	"strings"

	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/parser"
)

// eachCall gives the calls that stand in the file and make a node, of entities
// whose interface the source tells for certain. A call is given once, however
// often the body makes it.
func (p *pass) eachCall(f func(*call)) {
	if p.made == nil {
		p.made = p.callsHere()
	}
	for _, c := range p.made {
		c.pass = p
		f(c)
	}
}

func (p *pass) callsHere() []*call {
	made, seen := []*call{}, map[int]bool{}
	for enclosing, node := range p.Module.Calls() {
		if !compiled(enclosing) {
			continue
		}
		callee := node.Entity
		if node.Call == nil || !p.here(node.Module) || seen[node.Call.Start] || callee.Opaque != "" || callee.InputsUnknown != "" {
			continue
		}
		seen[node.Call.Start] = true
		made = append(made, &call{Node: node, enclosing: enclosing, certain: !node.Conditional && !node.Guarded && enclosing.Opaque == ""})
	}
	return made
}

// call is a call of an entity.
type call struct {
	*model.Node
	pass      *pass
	enclosing *model.Entity
	// certain: it is made when the workflow is compiled or run.
	certain bool
}

// report reports a mistake in the call, at an argument's span or, where the
// argument isn't written there, at what is called. It is no error where the
// call may not be made.
func (c *call) report(span parser.Span, message string) *Diagnostic {
	if span == (parser.Span{}) {
		span = c.Call.Func.Span()
	}
	var related []Related
	if owner, callee, err := c.pass.snapshot.Current(c.pass.ctx, c.Entity); err == nil && callee.NameSpan != (parser.Span{}) {
		related = []Related{{File: owner, Span: callee.NameSpan, Message: callee.Name + " is defined here"}}
	}
	return c.pass.report(span, message, related...).unless(c.certain)
}

// inputsOf names the inputs in a sentence's end.
func inputsOf(entity *model.Entity) string {
	if len(entity.Inputs) == 0 {
		return "it takes none"
	}
	return "its inputs are " + names(entity.Inputs)
}

func names(variables []*model.Variable) string {
	all := make([]string, len(variables))
	for i, v := range variables {
		all[i] = v.Name
	}
	return strings.Join(all, ", ")
}
