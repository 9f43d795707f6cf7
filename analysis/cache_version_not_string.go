package analysis

import (
	"fmt"

	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

var _ = register(&Rule{
	Code:     "cache-version-not-string",
	Summary:  "The version of a cache is no string.",
	Details:  "flytekit takes it, but protobuf doesn't: `TypeError: bad argument type for built-in operation` when the task is registered.",
	Severity: Error,
	Stage:    AtRegister,
	Source:   "models/task.py:TaskMetadata.to_flyte_idl",
	Bad: `from flytekit import task


@task(cache=True, cache_version=«1»)
def double(number: int) -> int:
    return 2 * number
`,
	Fixed: `from flytekit import task


@task(cache=True, cache_version="1")
def double(number: int) -> int:
    return 2 * number
`,
	check: func(p *pass) {
		p.eachCache(func(c *caching) {
			version, given := c.get("cache_version")
			if c.object != nil {
				version, given = cacheVersion(c.object)
			}
			if !given || !p.isNot(version.Value, "str") || c.on() && isFalse(version.Value) && !c.overrides() {
				return
			}
			d := c.reportValue(version.Expr, fmt.Sprintf("the version of a cache is a string, and this is %s", version.Value.Describe())).unless(c.plain())
			if _, isBool := version.Value.(pyeval.Bool); !isBool {
				p.quote(d, version.Expr)
			}
		})
	},
})
