package analysis

import (
	"fmt"
	"regexp"

	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

var _ = register(&Rule{
	Code:     "secret-fields",
	Summary:  "A Secret lacks its group, or has fields that are none.",
	Details:  "A Secret has a group; its env_var is a name of capitals, digits and underscores; its mount_requirement is a Secret.MountType. flytekit raises \"Group is a required parameter\" or \"Invalid environment variable name\" when the module is imported.",
	Severity: Error,
	Stage:    AtImport,
	Source:   "models/security.py:Secret.__post_init__",
	Bad: `from flytekit import Secret, task


@task(secret_requests=[Secret(group="openai", «env»="OPENAI_KEY")])
def train(epochs: int) -> int:
    return epochs
`,
	Good: `from flytekit import Secret, task


@task(secret_requests=[Secret(group="openai", env_var="OPENAI_KEY")])
def train(epochs: int) -> int:
    return epochs
`,
	check: func(p *pass) {
		signature := signatureOf(secretClass)
		if signature == nil {
			return
		}
		for _, call := range p.calls(secretClass) {
			if call.Expr == nil || call.Open || call.Entity != nil && call.Entity.Kind != model.Workflow {
				continue // a task may look for a secret without group
			}
			known := true
			for i := range call.Expr.Keywords {
				keyword := &call.Expr.Keywords[i]
				if keyword.Arg != "" && !signature.knows(keyword.Arg) {
					known = false
					if !p.pinned() {
						continue
					}
					d := p.report(keyword.ArgSpan, fmt.Sprintf("a Secret has no %s: it has group, key, group_version, mount_requirement and env_var", keyword.Arg)).unless(call.Certain)
					if meant := nearest(keyword.Arg, signature.params); meant != "" {
						d.Fixes = append(d.Fixes, Fix{Title: "Rename it to " + meant, Edits: []Edit{p.edit(keyword.ArgSpan, meant)}, Safe: true})
					}
				}
			}
			group, given := call.Arg(0, "group")
			if _, none := group.Value.(pyeval.None); known && (!given || none) {
				p.report(call.Expr.Func.Span(), "a Secret needs its group").unless(call.Certain)
			}
			env, given := call.Arg(4, "env_var")
			if name, ok := env.Value.(pyeval.Str); given && ok && !environmentName.MatchString(string(name)) && env.Expr != nil {
				p.report(env.Expr.Span(), fmt.Sprintf("%q is no name of an environment variable: capitals, digits and underscores", string(name))).unless(call.Certain)
			}
			mount, given := call.Arg(3, "mount_requirement")
			if given && mount.Expr != nil && isPlain(mount.Value) {
				p.report(mount.Expr.Span(), fmt.Sprintf("mount_requirement is a Secret.MountType, and this is %s", mount.Value.Describe())).unless(call.Certain)
			}
		}
	},
})

var environmentName = regexp.MustCompile(`^[A-Z_][A-Z0-9_]*\n?$`)

// isPlain tells of a value of one of Python's own types of constants.
func isPlain(value pyeval.Value) bool {
	switch value.(type) {
	case pyeval.Bool, pyeval.Int, pyeval.Float, pyeval.Str:
		return true
	}
	return false
}
