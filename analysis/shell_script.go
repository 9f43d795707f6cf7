package analysis

import (
	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

var _ = register(&Rule{
	Code:     "shell-script",
	Summary:  "A ShellTask has no script, two of them, or an output that is no file.",
	Details:  "A ShellTask runs a script, or the file script_file, and one of them only. Its outputs are files and folders that the script writes: each OutputLocation has a FlyteFile or a FlyteDirectory, and a location. flytekit raises a ValueError otherwise.",
	Severity: Error,
	Stage:    AtImport,
	Source:   "extras/tasks/shell.py:ShellTask.__init__",
	Bad: `from flytekit.extras.tasks.shell import OutputLocation, ShellTask

count = ShellTask(
    name="count",
    script="wc -l /etc/hosts > count",
    output_locs=[
        OutputLocation(var="lines", var_type=«int», location="count"),
    ],
)
`,
	Good: `from flytekit.extras.tasks.shell import OutputLocation, ShellTask
from flytekit.types.file import FlyteFile

count = ShellTask(
    name="count",
    script="wc -l /etc/hosts > count",
    output_locs=[
        OutputLocation(var="lines", var_type=FlyteFile, location="count"),
    ],
)
`,
	check: shellScripts,
})

// shellTasks are the classes of tasks that run a script.
var shellTasks = []string{"flytekit.extras.tasks.shell.ShellTask", "flytekit.extras.tasks.shell.RawShellTask"}

func shellScripts(p *pass) {
	for _, call := range p.calls(shellTasks...) {
		if call.Expr == nil || call.Open {
			continue
		}
		script, known := given(call, 2, "script")
		file, knownFile := given(call, 3, "script_file")
		switch {
		case !known || !knownFile:
		case script && file:
			p.report(parser.Span(call.Expr.Func.Span()), "a ShellTask takes a script or a script_file, and this one has both").unless(call.Certain)
		case !script && !file:
			p.report(parser.Span(call.Expr.Func.Span()), "a ShellTask needs a script or a script_file").unless(call.Certain)
		}
	}
	for _, call := range p.calls("flytekit.extras.tasks.shell.OutputLocation") {
		kind, ok := call.Arg(1, "var_type")
		if ok && kind.Expr != nil && noFile(kind.Value) {
			p.report(parser.Span(kind.Expr.Span()), "an output of a ShellTask is a FlyteFile or a FlyteDirectory").unless(call.Certain)
		}
		if location, ok := call.Arg(2, "location"); ok && location.Expr != nil && isNone(location.Value) {
			p.report(parser.Span(location.Expr.Span()), "an output of a ShellTask has the location that the script writes it to").unless(call.Certain)
		}
	}
}

// given tells whether a call gives a text for a parameter that isn't empty;
// known is false where the source doesn't tell.
func given(call *model.NativeCall, position int, name string) (is, known bool) {
	switch v := call.Value(position, name, pyeval.None{}).(type) {
	case pyeval.None:
		return false, true
	case pyeval.Str:
		return v != "", true
	}
	return false, false
}

// noFile tells that a type is certainly neither a file nor a folder.
func noFile(t pyeval.Value) bool {
	switch t := t.(type) {
	case *pyeval.Alias:
		return noFile(t.Origin)
	case *pyeval.Native:
		switch t.Name {
		case "builtins.int", "builtins.str", "builtins.float", "builtins.bool", "builtins.list", "builtins.dict", "builtins.bytes", "pandas.DataFrame":
			return true
		}
	}
	return false
}
