package analysis

import (
	"fmt"
	"slices"
	"strconv"

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
	Fixed: `from flytekit import Secret, current_context, task


@task(secret_requests=[Secret(group="openai", key="token")])
def train(epochs: int) -> int:
    token = current_context().secrets.get("openai", "token")
    return epochs * len(token)
`,
	check: func(p *pass) {
		for _, entity := range p.Module.Entities {
			if entity.Kind != model.Task || entity.SettingsOf != taskDecorator || entity.SettingsOpen ||
				entity.Function == nil || entity.Function.Def == nil || !p.here(entity.Function.Module) {
				continue
			}
			groups, known := requestedGroups(entity)
			if !known {
				continue
			}
			for _, read := range secretReads(entity.Function.Def) {
				if groups[read.group] {
					continue
				}
				d := p.report(read.call.Func.Span(), fmt.Sprintf("%s doesn't request the secret %q", entity.Describe(), read.group))
				if len(groups) == 0 && !slices.ContainsFunc(entity.Settings, func(n pyeval.Named) bool { return n.Name == "secret_requests" }) {
					if edit, ok := p.AddSetting(entity, "secret_requests=["+read.secret()+"]"); ok {
						d.Fixes = append(d.Fixes, Fix{Title: "Request it", Edits: append(p.AddImport("Secret"), edit)})
					}
				}
			}
		}
	},
})

// requestedGroups are the groups of the secrets that a task requests.
func requestedGroups(entity *model.Entity) (groups map[string]bool, known bool) {
	groups = map[string]bool{}
	for _, setting := range entity.Settings {
		if setting.Name == "pod_template" || setting.Name == "task_config" {
			return nil, false
		}
		if _, none := setting.Value.(pyeval.None); none || setting.Name != "secret_requests" {
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

// secretRead is a call of secrets.get whose group is written out. key is ""
// where it isn't.
type secretRead struct {
	call       *ast.Call
	group, key string
}

// secret is how the secret is written that is read.
func (r *secretRead) secret() string {
	if r.key == "" {
		return "Secret(group=" + strconv.Quote(r.group) + ")"
	}
	return "Secret(group=" + strconv.Quote(r.group) + ", key=" + strconv.Quote(r.key) + ")"
}

// secretReads are the calls of secrets.get(group, key) in a function.
func secretReads(def *ast.FunctionDef) []*secretRead {
	var reads []*secretRead
	for _, statement := range def.Body() {
		ast.InspectNode(statement, func(n ast.Node) bool {
			call, ok := n.(*ast.Call)
			if !ok {
				return true
			}
			get, ok := call.Func.(*ast.Attribute)
			if !ok || get.Attr != "get" {
				return true
			}
			secrets, ok := get.Value.(*ast.Attribute)
			if !ok || secrets.Attr != "secrets" {
				return true
			}
			group, written := writtenText(call, 0, "group")
			if key, _ := writtenText(call, 1, "key"); written {
				reads = append(reads, &secretRead{call: call, group: group, key: key})
			}
			return true
		})
	}
	return reads
}

// writtenText is the string that is written out as an argument of a call.
func writtenText(call *ast.Call, position int, name string) (string, bool) {
	var given ast.Expr
	if position < len(call.Args) {
		given = call.Args[position]
	}
	for _, keyword := range call.Keywords {
		if keyword.Arg == name {
			given = keyword.Value
		}
	}
	if !isTextLiteral(given) {
		return "", false
	}
	return given.(*ast.Constant).Text, true
}
