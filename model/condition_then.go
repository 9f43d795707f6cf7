package model

import (
	"fmt"
	"slices"

	"github.com/flyte-lsp/flyte-lsp/parser/ast"
	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

// then takes what then() is given: what a call gives that makes a node
// (core/condition.py:Case.then).
func (c *openCase) then(f *pyeval.Frame, call *pyeval.Call) {
	given, ok := call.Arg(0, "p")
	if !ok && !call.Open {
		c.wrong = true
		c.section.rejected(f, "conditional-then-value", stepSpan(call), "then() needs the call of a task, workflow or launch plan")
	}
	if len(call.Args)+len(call.Keywords) > 1 {
		c.wrong = true
		c.section.rejected(f, "conditional-then-value", stepSpan(call), "then() takes the result of one call")
	}
	c.output, c.given.Value = given.Value, given.Expr
	if c.output == nil {
		c.output = pyeval.None{}
		return
	}
	b, compiles := f.Context.(*builder)
	wrong := func(message, instead string, related ...Place) {
		c.wrong = true
		if compiles && b.compiles {
			b.reject(f, Remark{Code: "conditional-then-value", Span: span(given.Expr), Message: message, Instead: instead, Related: related})
		}
	}
	switch output := c.output.(type) {
	case *pyeval.Unknown, *pyeval.Uncertain, *pyeval.Native:
	case *Promise:
		switch {
		case output.Node == nil:
			wrong(fmt.Sprintf("then() needs the result of a call, and this is %s: pass it through a task", output.Describe()), "")
		case len(output.Path) > 0:
			wrong(fmt.Sprintf("then() gives the whole of %s, and not a part of it: take the part in a task", output.Describe()), "", output.origin()...)
		default:
			c.given.Node = output.Node
		}
	case *Outputs:
		c.given.Node = output.Promises[0].Node
	case *Void:
		c.given.Node = output.Node
	case *section:
		if compiles {
			b.notClosed(f, output)
		}
	case *chain:
		if compiles {
			b.notClosed(f, output.section)
		}
	case *openCase:
		c.section.rejected(f, "conditional-shape", span(given.Expr), output.Describe()+" lacks its then() or fail()")
	case *pyeval.Function:
		instead := ""
		if lambda, ok := given.Expr.(*ast.Lambda); ok && len(lambda.Params.List) == 0 {
			instead = sourceText(f.Module(), lambda.Body)
		}
		wrong("then() takes the call itself, no function: flytekit decides which case runs", instead)
	case *nodeHandle:
		wrong("then() takes what a call gives, and not a node of create_node: call the task itself", "")
	default:
		e, isEntity := EntityOf(output)
		_, instance := output.(*pyeval.Instance)
		switch {
		case !isEntity && instance:
			// It may be a NamedTuple of promises.
		case !isEntity:
			wrong("then() needs the call of a task, workflow or launch plan, and this is "+output.Describe(), "")
		case len(e.Inputs) == 0 && e.InputsUnknown == "" && given.Expr != nil:
			wrong("then() needs the call of "+e.Describe(), sourceText(f.Module(), given.Expr)+"()")
		default:
			wrong("then() needs a call of "+e.Describe(), "")
		}
	}
}

// unusable tells of what a conditional gives that can't be bound to an input or
// an output: an unfinished one, or one whose cases have no output in common.
func (b *builder) unusable(f *pyeval.Frame, value pyeval.Value, at ast.Span) bool {
	switch value := value.(type) {
	case *section:
		b.notClosed(f, value)
	case *chain:
		b.notClosed(f, value.section)
	case *openCase:
		value.section.rejected(f, "conditional-shape", at, value.Describe()+" lacks its then() or fail()")
	case *Void:
		message := value.Node.withoutOutputs()
		if message == "" {
			return false
		}
		b.rejected(f, "conditional-branch-outputs", at, message)
	default:
		return false
	}
	return true
}

// withoutOutputs says why a conditional whose cases have outputs has none itself;
// "" if it isn't so.
func (n *Node) withoutOutputs() string {
	if n.Branch == nil || len(n.Branch.Lost) == 0 {
		return ""
	}
	return fmt.Sprintf("the conditional %s has no outputs: %s of some cases isn't an output of all", n.Name, n.Branch.Lost[0])
}

// lost rejects the use of an output that not all cases of a conditional have.
func (n *Node) lost(f *pyeval.Frame, name string) pyeval.Value {
	if n == nil || n.Branch == nil || !slices.Contains(n.Branch.Lost, name) {
		return nil
	}
	return rejected(f, "conditional-branch-outputs", f.Asked(), fmt.Sprintf(
		"the conditional %s has no output %s: not all of its cases have it", n.Name, name))
}
