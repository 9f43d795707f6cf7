package analysis

import "fmt"

var _ = register(&Rule{
	Code:     "cache-not-bool",
	Summary:  "What says whether to cache is neither a bool nor a Cache.",
	Details:  "`cache` is a bool or a `Cache`, `cache_serialize` and a `Cache`'s `serialize` are bools. flytekit takes anything that is true for True, and protobuf refuses it: `TypeError: 'str' object cannot be interpreted as an integer` when the task is registered.",
	Severity: Error,
	Stage:    AtRegister,
	Source:   "models/task.py:TaskMetadata.to_flyte_idl",
	Bad: `from flytekit import task


@task(cache=«"yes"», cache_version="1")
def double(number: int) -> int:
    return 2 * number
`,
	Good: `from flytekit import task


@task(cache=True, cache_version="1")
def double(number: int) -> int:
    return 2 * number
`,
	check: func(p *pass) {
		p.eachCache(func(c *caching) {
			switch {
			case !c.given || c.object != nil:
			case isTheClass(c.cache.Value, cacheClass):
				c.reportValue(c.cache.Expr, "cache is the class Cache itself: call it, with a version")
			case p.isNot(c.cache.Value, "int", cacheClass):
				c.reportValue(c.cache.Expr, fmt.Sprintf("cache is a bool or a Cache, and this is %s", c.cache.Value.Describe()))
			}
			serialize, given := c.get("cache_serialize")
			if c.object != nil {
				serialize, given = argument(c.object, 1, "serialize")
			}
			if given && p.isNot(serialize.Value, "int", "types.NoneType") {
				c.reportValue(serialize.Expr, fmt.Sprintf("%s is a bool, and this is %s", serialize.Name, serialize.Value.Describe()))
			}
		})
	},
})
