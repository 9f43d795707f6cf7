package analysis

import (
	"fmt"

	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

var _ = register(&Rule{
	Code:     "cache-mixed",
	Summary:  "A Cache stands beside the older settings of caching.",
	Details:  "With a `Cache`, flytekit refuses `cache_version`, `cache_serialize` and `cache_ignore_input_vars`: `ValueError: cache_serialize, cache_version, and cache_ignore_input_vars are deprecated. Please use Cache object`. Give the `Cache` what they say: `version`, `serialize` and `ignored_inputs`.",
	Severity: Error,
	Stage:    AtImport,
	Source:   "task.py:task",
	Bad: `from flytekit import Cache, task


@task(cache=Cache(version="1"), «cache_serialize»=True)
def double(number: int) -> int:
    return 2 * number
`,
	Fixed: `from flytekit import Cache, task


@task(cache=Cache(version="1", serialize=True))
def double(number: int) -> int:
    return 2 * number
`,
	check: func(p *pass) {
		p.eachCache(func(c *caching) {
			if c.object == nil || c.of == taskMetadata {
				return
			}
			for i, name := range []string{"version", "serialize", "ignored_inputs"} {
				old := [...]string{"cache_version", "cache_serialize", "cache_ignore_input_vars"}[i]
				setting, given := c.get(old)
				if !given || c.overrides() && old == "cache_ignore_input_vars" || unknown(setting.Value) {
					continue
				}
				d := c.reportName(setting, fmt.Sprintf("%s can't stand beside a Cache: give it to the Cache as %s", old, name))
				keyword, call := c.keyword(setting)
				if keyword == nil || c.object.Call == nil || !c.Stands(c.object.Call) {
					continue
				}
				fix := Fix{Title: "Move " + old + " into the Cache", Edits: []Edit{c.RemoveArgument(call, keyword)}}
				if _, has := argument(c.object, i, name); has {
					fix.Title = "Remove " + old
				} else {
					fix.Edits = append(fix.Edits, c.AddArgument(c.object.Call, name+"="+p.Text(keyword.Value.Span())))
					fix.Safe = true
				}
				d.Fixes = append(d.Fixes, fix)
			}
		})
	},
})

// unknown tells whether the source doesn't tell what a value is.
func unknown(value pyeval.Value) bool {
	switch value.(type) {
	case nil, *pyeval.Unknown, *pyeval.Uncertain:
		return true
	}
	return false
}
