package analysis

import (
	"fmt"

	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/parser/ast"
	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

var _ = register(&Rule{
	Code:     "secret-not-requested",
	Summary:  "A task reads a secret that it doesn't request.",
	Details:  "The cluster gives a container the secrets that its task requests: others aren't there. Locally they come from the environment or from files, so that the task works here all the same.",
	Severity: Hint,
	Stage:    OnCluster,
	Source:   "context_manager.py:SecretsManager",
	Bad: `from flytekit import current_context, task


@task
def train(epochs: int) -> int:
    token = «current_context().secrets.get»("openai", "token")
    return epochs * len(token)
`,
	Good: `from flytekit import Secret, current_context, task


@task(secret_requests=[Secret(group="openai", key="token")])
def train(epochs: int) -> int:
    token = current_context().secrets.get("openai", "token")
    return epochs * len(token)
`,
	check: func(p *pass) {
		for _, entity := range p.module.Entities {
			if entity.Kind != model.Task || entity.SettingsOpen || entity.Function == nil || entity.Function.Def == nil || !p.here(entity.Function.Module) {
				continue
			}
			groups, known := requestedGroups(entity)
			if !known {
				continue
			}
			for _, call := range secretCalls(entity.Function.Def) {
				group, _ := call.Args[0].(*ast.Constant)
				if name := group.Text; !groups[name] {
					p.report(call.Func.Span(), fmt.Sprintf("%s doesn't request the secret %q: secret_requests=[Secret(group=%q)]", entity.Describe(), name, name))
				}
			}
		}
	},
})

// requestedGroups are the groups of the secrets that a task requests.
func requestedGroups(entity *model.Entity) (groups map[string]bool, known bool) {
	groups = map[string]bool{}
	for _, setting := range entity.Settings {
		if setting.Name != "secret_requests" {
			continue
		}
		if _, none := setting.Value.(pyeval.None); none {
			continue
		}
		elements, all := elementsOf(setting.Value, setting.Expr)
		if !all {
			return nil, false
		}
		for _, element := range elements {
			secret := objectOf(element.Value, secretClass)
			if secret == nil {
				return nil, false
			}
			group, _ := argument(secret, 0, "group")
			name, ok := group.Value.(pyeval.Str)
			if !ok {
				return nil, false
			}
			groups[string(name)] = true
		}
	}
	return groups, true
}

// secretCalls are the calls of secrets.get(group, ...) in a function, with a
// group that is written out.
func secretCalls(def *ast.FunctionDef) []*ast.Call {
	var calls []*ast.Call
	for _, statement := range def.Body() {
		ast.InspectNode(statement, func(n ast.Node) bool {
			call, ok := n.(*ast.Call)
			if !ok || len(call.Args) == 0 {
				return true
			}
			get, ok := call.Func.(*ast.Attribute)
			if !ok || get.Attr != "get" || !isTextLiteral(call.Args[0]) {
				return true
			}
			if secrets, ok := get.Value.(*ast.Attribute); ok && secrets.Attr == "secrets" {
				calls = append(calls, call)
			}
			return true
		})
	}
	return calls
}
