package analysis

import (
	"fmt"
	"slices"
	"strings"

	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyte-lsp/flyte-lsp/parser/ast"
	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

var _ = register(&Rule{
	Code:     "workflow-body-frozen",
	Summary:  "A workflow's body, or the default of an input, asks for the time, for chance or for the machine.",
	Details:  "The function of a workflow runs when the workflow is registered, and not in an execution, and so do the defaults of inputs: the time, random numbers, environment variables and files that it reads are those of that moment, for all executions. Read them in a task, or make them inputs.",
	Severity: Warning,
	Stage:    NeverFails,
	Source:   "workflow.py:PythonFunctionWorkflow.compile",
	Bad: `from datetime import datetime

from flytekit import task, workflow


@task
def report(day: datetime):
    print(day)


@workflow
def flow():
    report(day=«datetime.now()»)
`,
	Good: `from datetime import datetime

from flytekit import task, workflow


@task
def report(day: datetime):
    print(day)


@workflow
def flow(day: datetime):
    report(day=day)
`,
	check: func(p *pass) {
		for _, call := range p.calls(changing...) {
			switch {
			case call.Expr == nil || slices.ContainsFunc(call.Args, ofPromise):
			case call.Name == "random.Random" && len(call.Args) > 0:
				// It gives the same numbers each time.
			case call.Entity == nil:
				p.frozenDefault(call)
			case call.Entity.Kind == model.Workflow:
				p.frozen(call.Entity, call.Expr.Span())
			}
		}
		for _, entity := range p.Module.Entities {
			if entity.Kind == model.Workflow && entity.Function != nil && entity.Function.Def != nil && p.here(entity.Function.Module) {
				for _, statement := range entity.Function.Def.Body() {
					ast.InspectNode(statement, func(n ast.Node) bool {
						if subscript, ok := n.(*ast.Subscript); ok && p.isEnvironment(subscript.Value) {
							p.frozen(entity, subscript.Span())
						}
						return true
					})
				}
			}
		}
	},
})

func (p *pass) frozen(entity *model.Entity, span parser.Span) {
	p.report(span, fmt.Sprintf("this is evaluated when %s is registered, once for all executions", entity.Name))
}

// frozenDefault reports a call in the default of an input.
func (p *pass) frozenDefault(call *model.NativeCall) {
	for _, entity := range p.Module.Entities {
		for _, input := range entity.Inputs {
			if input.DefaultSpan.Start <= call.Expr.Start && call.Expr.End <= input.DefaultSpan.End {
				p.report(call.Expr.Span(), fmt.Sprintf("this default of the input %s is evaluated when %s is registered, once for all executions", input.Name, entity.Name))
				return
			}
		}
	}
}

// isEnvironment tells whether an expression is os.environ.
func (p *pass) isEnvironment(expr ast.Expr) bool {
	attribute, ok := expr.(*ast.Attribute)
	if !ok || attribute.Attr != "environ" {
		return false
	}
	name, ok := attribute.Value.(*ast.Name)
	return ok && name.ID == "os"
}

func ofPromise(argument pyeval.Named) bool {
	_, promise := argument.Value.(*model.Promise)
	return promise
}

// changing are functions that give something else each time, or on each machine.
var changing = strings.Fields("datetime.datetime.now datetime.datetime.utcnow datetime.datetime.today datetime.date.today " +
	"time.time time.time_ns time.localtime time.monotonic time.perf_counter uuid.uuid1 uuid.uuid4 " +
	"os.getenv os.environ.get os.getcwd os.listdir os.getpid os.urandom socket.gethostname platform.node getpass.getuser builtins.open " +
	"secrets.token_hex secrets.token_urlsafe secrets.token_bytes secrets.choice secrets.randbelow " +
	"random.random random.randint random.randrange random.choice random.choices random.sample random.shuffle random.uniform " +
	"random.gauss random.normalvariate random.getrandbits random.Random")
