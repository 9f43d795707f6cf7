package analysis

import (
	"slices"

	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyte-lsp/flyte-lsp/parser/ast"
	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

const launchPlanName = "flytekit.core.launch_plan.LaunchPlan"

// planCall is a call in the file that makes a launch plan, or that takes the
// one of its name.
type planCall struct {
	*model.NativeCall
	pass *pass
	// params are the parameters of the function that is called.
	params []string
	// plan is the launch plan; nil if there is none.
	plan *model.Entity
	// workflow is what it is given to launch; nil if that isn't an entity, or
	// isn't known.
	workflow *model.Entity
}

var (
	createParams      = append([]string{"name", "workflow"}, model.LaunchPlanSettings...)
	getOrCreateParams = append([]string{"workflow", "name"}, model.LaunchPlanSettings...)
)

// eachPlan gives the calls of LaunchPlan.create and get_or_create in the file.
func (p *pass) eachPlan(f func(*planCall)) {
	for _, call := range p.calls(launchPlanName+".create", launchPlanName+".get_or_create") {
		if call.Expr == nil {
			continue
		}
		c := &planCall{NativeCall: call, pass: p, params: createParams}
		if call.Name == launchPlanName+".get_or_create" {
			c.params = getOrCreateParams
		}
		c.plan, _ = model.EntityOf(call.Gives)
		if workflow, ok := c.argument("workflow"); ok {
			c.workflow, _ = model.EntityOf(workflow.Value)
		}
		f(c)
	}
}

// argument is the argument for a parameter; false if it isn't given, or None.
func (c *planCall) argument(name string) (pyeval.Named, bool) {
	argument, ok := c.Arg(slices.Index(c.params, name), name)
	if !ok {
		return argument, false
	}
	_, none := argument.Value.(pyeval.None)
	return argument, !none
}

// at is where an argument stands, or the callee, where it isn't written in the
// call.
func (c *planCall) at(argument pyeval.Named) parser.Span { return argumentSpan(c.NativeCall, argument) }

// report reports what is wrong with the call.
func (c *planCall) report(span parser.Span, message string, related ...Related) *Diagnostic {
	return c.pass.report(span, message, related...).unless(c.Certain)
}

// given are the values for inputs of a workflow that is known for certain, each
// with its input: nil if there is none of its name.
func (c *planCall) given(f func(given model.GivenInput, input *model.Variable)) {
	if c.plan == nil || c.workflow == nil || c.plan.Maker != c.Expr || c.workflow.InputsUnknown != "" || c.workflow.Opaque != "" {
		return
	}
	for _, given := range c.plan.Given {
		if given.Span != (parser.Span{}) {
			f(given, c.workflow.Input(given.Name))
		}
	}
}

// workflowHere is where the workflow of a launch plan is defined.
func (c *planCall) workflowHere() []Related {
	return c.pass.related(c.workflow.Module, c.workflow.NameSpan, c.workflow.Name+" is defined here")
}

// argumentSpan is where an argument of a call stands, or the callee, where it
// isn't written in the call.
func argumentSpan(call *model.NativeCall, argument pyeval.Named) parser.Span {
	if argument.Expr != nil {
		return argument.Expr.Span()
	}
	return call.Call.Expr.Func.Span()
}

// calleeSpan is the last name of what is called: `create` of LaunchPlan.create.
func calleeSpan(call *ast.Call) parser.Span {
	if attribute, ok := call.Func.(*ast.Attribute); ok && attribute.Attr != "" {
		return attribute.AttrSpan
	}
	return call.Func.Span()
}

// keywordOf is the keyword argument of a call that has an expression as value;
// nil if it isn't given by keyword.
func keywordOf(call *ast.Call, value ast.Expr) *ast.Keyword {
	for i := range call.Keywords {
		if call.Keywords[i].Value == value && call.Keywords[i].Arg != "" {
			return &call.Keywords[i]
		}
	}
	return nil
}

// launched are the objects that the file's launch plans are given: schedules,
// notifications and labels. One that none is given reaches no backend.
func (p *pass) launched() map[pyeval.Value]bool {
	used := map[pyeval.Value]bool{}
	p.eachPlan(func(c *planCall) {
		if !c.Certain {
			return
		}
		for _, name := range []string{"schedule", "notifications", "labels"} {
			argument, _ := c.argument(name)
			switch value := argument.Value.(type) {
			case *pyeval.Instance:
				used[value] = true
			case *pyeval.List:
				for _, element := range value.Elems {
					used[element] = true
				}
			case *pyeval.Tuple:
				for _, element := range value.Elems {
					used[element] = true
				}
			}
		}
	})
	return used
}
