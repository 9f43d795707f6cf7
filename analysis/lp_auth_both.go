package analysis

import "github.com/flyte-lsp/flyte-lsp/pyeval"

var _ = register(&Rule{
	Code:     "lp-auth-both",
	Summary:  "A launch plan is given both auth_role and security_context.",
	Details:  "`auth_role` is the older form of `security_context`. flytekit raises \"You cannot specify both AuthRole and SecurityContext\" when the module is imported.",
	Severity: Error,
	Stage:    AtImport,
	Source:   "launch_plan.py:LaunchPlan.create",
	Bad: `from flytekit import AuthRole, LaunchPlan, task, workflow
from flytekit.models.security import Identity, SecurityContext


@task
def clean() -> int:
    return 0


@workflow
def flow() -> int:
    return clean()


nightly = LaunchPlan.create(
    "nightly",
    flow,
    «auth_role»=AuthRole(kubernetes_service_account="cleaner"),
    security_context=SecurityContext(run_as=Identity(k8s_service_account="cleaner")),
)
`,
	Good: `from flytekit import LaunchPlan, task, workflow
from flytekit.models.security import Identity, SecurityContext


@task
def clean() -> int:
    return 0


@workflow
def flow() -> int:
    return clean()


nightly = LaunchPlan.create(
    "nightly",
    flow,
    security_context=SecurityContext(run_as=Identity(k8s_service_account="cleaner")),
)
`,
	check: func(p *pass) {
		p.eachPlan(func(c *planCall) {
			role, _ := c.argument("auth_role")
			security, _ := c.argument("security_context")
			_, both := role.Value.(*pyeval.Instance)
			if _, ok := security.Value.(*pyeval.Instance); !ok || !both {
				return
			}
			d := c.report(c.settingSpan(role), "auth_role and security_context can't be given both: leave auth_role out")
			if keyword := keywordOf(c.Expr, role.Expr); keyword != nil {
				d.Fixes = append(d.Fixes, Fix{Title: "Remove auth_role", Edits: []Edit{p.RemoveArgument(c.Expr, keyword)}})
			}
		})
	},
})
