package analysis

import (
	"fmt"
	"strings"

	"github.com/flyte-lsp/flyte-lsp/model"
)

var _ = register(&Rule{
	Code:     "workflow-body-frozen",
	Summary:  "A workflow's body asks for the time, for chance or for the machine.",
	Details:  "The function of a workflow runs when the workflow is registered, and not in an execution: the time, random numbers, environment variables and files that it reads are those of that moment, for all executions. Read them in a task, or make them inputs.",
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
		for _, call := range p.module.NativeCalls() {
			if call.Entity == nil || call.Entity.Kind != model.Workflow || call.Expr == nil || !p.here(call.Module) || !changes(call.Name) {
				continue
			}
			p.report(call.Expr.Span(), fmt.Sprintf("this is evaluated when %s is registered, once for all executions", call.Entity.Name))
		}
	},
})

// changing are functions that give something else each time, or on each machine.
var changing = map[string]bool{
	"datetime.datetime.now": true, "datetime.datetime.utcnow": true, "datetime.datetime.today": true, "datetime.date.today": true,
	"time.time": true, "time.time_ns": true, "time.localtime": true, "uuid.uuid1": true, "uuid.uuid4": true,
	"os.getenv": true, "os.environ.get": true, "os.getcwd": true, "os.listdir": true, "socket.gethostname": true,
	"builtins.open": true, "os.getpid": true, "secrets.token_hex": true, "secrets.token_urlsafe": true,
}

func changes(name string) bool {
	return changing[name] || strings.HasPrefix(name, "random.") && name != "random.seed"
}
