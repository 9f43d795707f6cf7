package analysis

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

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
		p.constructed(secretClass, map[string]string{"version": "group_version", "env": "env_var"})
		signature := signatureOf(secretClass)
		for _, call := range p.calls(secretClass) {
			if call.Expr == nil || call.Open || call.Entity != nil && !compiled(call.Entity) {
				continue // where a task runs, flytekit asks for no group
			}
			wrong := slices.ContainsFunc(call.Keywords, func(n pyeval.Named) bool { return !signature.knows(n.Name) })
			group, given := call.Arg(0, "group")
			if _, none := group.Value.(pyeval.None); !wrong && (!given || none) && !p.unionInstalled() {
				p.report(call.Expr.Func.Span(), "a Secret needs its group").unless(call.Certain)
			}
			env, given := call.Arg(4, "env_var")
			if name, ok := env.Value.(pyeval.Str); given && ok && !environmentName.MatchString(string(name)) && env.Expr != nil && p.Stands(env.Expr) {
				d := p.report(env.Expr.Span(), fmt.Sprintf("%q is no name of an environment variable: capitals, digits and underscores", string(name))).unless(call.Certain)
				if meant := asEnvironmentName(string(name)); environmentName.MatchString(meant) && isTextLiteral(env.Expr) {
					p.replace(d, env.Expr, "Write "+meant, `"`+meant+`"`, false)
				}
			}
		}
		p.eachSettings(func(s *settings) {
			requests, _ := s.get("secret_requests")
			elements, _ := elementsOf(requests.Value, requests.Expr)
			for _, element := range elements {
				if secret := objectOf(element.Value, secretClass); secret != nil {
					s.secretFields(secret)
				}
			}
		})
	},
})

// secretFields reports what can't be registered of a secret that is requested.
func (s *settings) secretFields(secret *pyeval.Instance) {
	for i, name := range []string{"group", "key", "group_version"} {
		if field, given := argument(secret, i, name); given && s.isNot(field.Value, "str", "types.NoneType") {
			d := s.reportValue(field.Expr, fmt.Sprintf("%s is a str, and this is %s", name, field.Value.Describe()))
			s.quote(d, field.Expr)
		}
	}
	mount, given := argument(secret, 3, "mount_requirement")
	if _, none := mount.Value.(pyeval.None); given && (isPlain(mount.Value) || none) {
		d := s.reportValue(mount.Expr, fmt.Sprintf("mount_requirement is a Secret.MountType, and this is %s", mount.Value.Describe()))
		if text, ok := mount.Value.(pyeval.Str); ok && isTextLiteral(mount.Expr) {
			if member := strings.ToUpper(string(text)); slices.Contains([]string{"ANY", "ENV_VAR", "FILE"}, member) {
				s.replace(d, mount.Expr, "Take it from Secret.MountType", "Secret.MountType."+member, true, s.AddImport("Secret")...)
			}
		}
	}
}

var environmentName = regexp.MustCompile(`^[A-Z_][A-Z0-9_]*\n?$`)

// asEnvironmentName is the name in capitals, with underscores for what is none
// of the letters.
func asEnvironmentName(name string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' && r < 'A' || r > 'Z' {
			return '_'
		}
		return r
	}, strings.ToUpper(name))
}

// isPlain tells of a value of one of Python's own types of constants.
func isPlain(value pyeval.Value) bool {
	switch value.(type) {
	case pyeval.Bool, pyeval.Int, pyeval.Float, pyeval.Str:
		return true
	}
	return false
}
