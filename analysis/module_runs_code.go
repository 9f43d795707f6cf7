package analysis

import (
	"fmt"

	"github.com/flyte-lsp/flyte-lsp/parser/ast"
)

var _ = register(&Rule{
	Code:      "module-runs-code",
	Summary:   "Importing the module asks the network, runs a program or reads a file.",
	Details:   "The statements of a module run whenever it is imported: by `pyflyte`, by editors and tests, and in each container of each of its tasks, for every item of a map task too. What is slow or may fail belongs into a task.",
	Severity:  Hint,
	Stage:     NeverFails,
	OfModules: true,
	Source:    "bin/entrypoint.py:_execute_task",
	Bad: `import subprocess

from flytekit import task

REVISION = «subprocess.run»(["echo", "1"], capture_output=True, text=True).stdout


@task
def revision() -> str:
    return REVISION
`,
	Good: `import subprocess

from flytekit import task


@task
def revision() -> str:
    return subprocess.run(["echo", "1"], capture_output=True, text=True).stdout
`,
	check: func(p *pass) {
		if p.Module.Module == nil || len(p.Module.Entities) == 0 {
			return
		}
		for _, statement := range p.File.AST.Body {
			if condition, ok := statement.(*ast.If); ok && isMainGuard(condition.Test) {
				continue
			}
			ast.InspectNode(statement, func(n ast.Node) bool {
				switch n := n.(type) {
				case *ast.FunctionDef, *ast.Lambda, *ast.ClassDef:
					return false
				case *ast.Call:
					name := fullName(p.moduleNames(), n.Func)
					if plain, ok := n.Func.(*ast.Name); ok && plain.ID == "open" && name == "" {
						name = "open"
					}
					if what := effects[name]; what != "" {
						p.report(n.Func.Span(), fmt.Sprintf("this %s whenever the module is imported, in each task's container too", what))
					}
				}
				return true
			})
		}
	},
})

// isMainGuard tells whether a condition is `__name__ == "__main__"`.
func isMainGuard(test ast.Expr) bool {
	compare, ok := test.(*ast.Compare)
	if !ok {
		return false
	}
	for _, side := range append([]ast.Expr{compare.Left}, compare.Comparators...) {
		if name, ok := side.(*ast.Name); ok && name.ID == "__name__" {
			return true
		}
	}
	return false
}

// effects say what functions do that takes time, or may fail.
var effects = map[string]string{
	"open": "opens a file", "io.open": "opens a file",
	"pandas.read_csv": "reads a file", "pandas.read_parquet": "reads a file", "pandas.read_json": "reads a file", "pandas.read_excel": "reads a file",
	"pandas.read_sql": "asks a database", "polars.read_csv": "reads a file", "polars.read_parquet": "reads a file", "numpy.load": "reads a file",
	"joblib.load": "reads a file", "torch.load": "reads a file",
	"requests.get": "asks the network", "requests.post": "asks the network", "requests.put": "asks the network", "requests.request": "asks the network",
	"httpx.get": "asks the network", "httpx.post": "asks the network", "urllib.request.urlopen": "asks the network",
	"urllib.request.urlretrieve": "asks the network", "socket.create_connection": "asks the network",
	"subprocess.run": "runs a program", "subprocess.call": "runs a program", "subprocess.check_call": "runs a program",
	"subprocess.check_output": "runs a program", "subprocess.Popen": "runs a program", "os.system": "runs a program", "time.sleep": "waits",
}
