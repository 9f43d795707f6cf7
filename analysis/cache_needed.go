package analysis

import "fmt"

var _ = register(&Rule{
	Code:     "cache-needed",
	Summary:  "Settings of caching are given to what isn't cached.",
	Details:  "`cache_serialize` and `cache_ignore_input_vars` need `cache`: flytekit raises `ValueError: Cache serialize is enabled cache_serialize=True but cache is not enabled` when the module is imported.",
	Severity: Error,
	Stage:    AtImport,
	Source:   "base_task.py:TaskMetadata.__post_init__",
	Bad: `from flytekit import task


@task(«cache_serialize»=True)
def double(number: int) -> int:
    return 2 * number
`,
	Good: `from flytekit import task


@task(cache=True, cache_version="1", cache_serialize=True)
def double(number: int) -> int:
    return 2 * number
`,
	check: func(p *pass) {
		p.eachCache(func(c *caching) {
			if c.overrides() || !c.off() {
				return
			}
			for _, name := range []string{"cache_serialize", "cache_ignore_input_vars"} {
				if setting, given := c.get(name); given && isTrue(setting.Value) {
					c.reportName(setting, fmt.Sprintf("%s needs cache=True and a cache_version", name))
				}
			}
		})
	},
})
