package analysis

var _ = register(&Rule{
	Code:     "cache-version-without-cache",
	Summary:  "A cache's version is given to a task that isn't cached.",
	Details:  "`cache_version` alone has no effect: the task runs each time. Add `cache=True`.",
	Severity: Warning,
	Stage:    NeverFails,
	Source:   "base_task.py:TaskMetadata",
	Bad: `from flytekit import task


@task(«cache_version»="1")
def double(number: int) -> int:
    return 2 * number
`,
	Fixed: `from flytekit import task


@task(cache_version="1", cache=True)
def double(number: int) -> int:
    return 2 * number
`,
	check: func(p *pass) {
		p.eachCache(func(c *caching) {
			version, given := c.get("cache_version")
			if !given || c.overrides() || !c.off() || !isTrue(version.Value) || p.isNot(version.Value, "str") {
				return
			}
			d := c.reportName(version, "cache_version has no effect without cache=True")
			if c.given {
				c.replace(d, c.cache.Expr, "Set cache to True", "True", false)
			} else if _, call := c.keyword(version); call != nil {
				d.Fixes = append(d.Fixes, Fix{Title: "Add cache=True", Edits: []Edit{c.AddArgument(call, "cache=True")}})
			}
		})
	},
})
