package analysis

import (
	"fmt"

	"github.com/flyte-lsp/flyte-lsp/parser/ast"
	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

var _ = register(&Rule{
	Code:     "decorator-positional",
	Summary:  "A decorator is given a setting without its name.",
	Details:  "The first argument of `@task`, `@dynamic`, `@eager` and `@workflow` is the function that they decorate. Anything else there is taken for it, and Python raises an error such as `TypeError: 'x' is not a module, class, method, or function` when the module is imported. Settings are given by name.",
	Severity: Error,
	Stage:    AtImport,
	Source:   "task.py:task",
	Bad: `from flytekit import Cache, task


@task(«Cache(version="1")»)
def double(number: int) -> int:
    return 2 * number
`,
	Fixed: `from flytekit import Cache, task


@task(cache=Cache(version="1"))
def double(number: int) -> int:
    return 2 * number
`,
	check: func(p *pass) {
		for _, call := range p.calls(taskDecorator, dynamicDecorator, eagerDecorator, workflowDecorator) {
			if call.Expr == nil || len(call.Args) == 0 || call.Decorator != nil {
				continue
			}
			given := call.Args[0]
			if !isTrue(given.Value) && objectOfSettings(given.Value) == "" || given.Expr == nil || !p.Stands(given.Expr) {
				continue
			}
			name := nameOf(call.Name)
			d := p.report(given.Expr.Span(), fmt.Sprintf("%s takes its settings by name: this is taken for the function that it decorates", name)).unless(call.Certain)
			if meant := objectOfSettings(given.Value); meant != "" && signatureOf(call.Name).knows(meant) && hasNot(call.Expr, meant) {
				d.Fixes = append(d.Fixes, Fix{
					Title: "Name it " + meant, Edits: []Edit{p.Insert(given.Expr.Span().Start, meant+"=")}, Safe: true,
				})
			}
		}
	},
})

// objectOfSettings is the setting that takes an object of a value's class, ""
// if there is none.
func objectOfSettings(value pyeval.Value) string {
	instance, ok := value.(*pyeval.Instance)
	if !ok {
		return ""
	}
	class, ok := instance.Class.(*pyeval.Native)
	if !ok {
		return ""
	}
	return settingOfClass[class.Name]
}

// settingOfClass are the settings that take an object of a class.
var settingOfClass = map[string]string{
	cacheClass: "cache", resourcesClass: "resources", imageSpecClass: "container_image",
	podTemplateClass: "pod_template", documentationClass: "docs",
}

// hasNot tells whether a call has no keyword argument of a name.
func hasNot(call *ast.Call, name string) bool {
	for _, keyword := range call.Keywords {
		if keyword.Arg == name {
			return false
		}
	}
	return true
}
