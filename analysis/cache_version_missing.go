package analysis

import (
	"github.com/flyte-lsp/flyte-lsp/parser/ast"
	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

var _ = register(&Rule{
	Code:     "cache-version-missing",
	Summary:  "Caching is asked for without a version of the cache.",
	Details:  "flytekit asks for the version that tells results of older code from those of newer. It raises `ValueError: If version is not defined then at least one cache policy needs to be set`, or `Caching is enabled cache=True but cache_version is not set`: when the module is imported, and for `with_overrides` when the workflow is compiled. An empty text is no version. Write `cache=Cache(version=\"1\")`, or add `cache_version=\"1\"`, and change it when the task's results change.",
	Severity: Error,
	Stage:    AtImport,
	Source:   "cache.py:Cache.__post_init__",
	Bad: `from flytekit import task


@task(cache=«True»)
def double(number: int) -> int:
    return 2 * number
`,
	Fixed: `from flytekit import Cache, task


@task(cache=Cache(version="1"))
def double(number: int) -> int:
    return 2 * number
`,
	check: func(p *pass) {
		p.eachCache(func(c *caching) {
			if c.object != nil {
				version, given := cacheVersion(c.object)
				if given && isFalse(version.Value) && !c.overrides() {
					d := c.reportValue(version.Expr, "an empty text is no version of a cache")
					c.replace(d, version.Expr, `Set the version to "1"`, `"1"`, false)
				}
				return
			}
			version, given := c.get("cache_version")
			switch c.cache.Value.(type) {
			case pyeval.Bool, pyeval.Int:
			default:
				return // cache-not-bool tells
			}
			switch {
			case !c.on():
			case c.overrides() && (given || c.open || c.cache.Value != pyeval.Bool(true)):
			case given && isFalse(version.Value):
				c.reportValue(version.Expr, "an empty text is no version of a cache").Fixes = c.versionFixes()
			case !given && !c.open && !(c.unionInstalled() && c.of != taskMetadata):
				c.reportValue(c.cache.Expr, "caching needs a version, which tells results of older code from newer ones").Fixes = c.versionFixes()
			}
		})
		for _, call := range p.calls(cacheClass) {
			if call.Expr == nil || !unversioned(call) || p.unionInstalled() {
				continue
			}
			d := p.report(call.Expr.Span(), "a Cache needs a version, or policies that tell one").unless(call.Certain)
			if given, ok := call.Arg(0, "version"); ok {
				p.replace(d, given.Expr, `Set the version to "1"`, `"1"`, false)
			} else if isCallOf(call.Expr, "Cache") {
				d.Fixes = append(d.Fixes, Fix{Title: `Add version="1"`, Edits: []Edit{p.AddArgument(call.Expr, `version="1"`)}})
			}
		}
	},
})

// isCallOf tells whether a call calls a name, or an attribute of that name.
func isCallOf(call *ast.Call, name string) bool {
	switch f := call.Func.(type) {
	case *ast.Name:
		return f.ID == name
	case *ast.Attribute:
		return f.Attr == name
	}
	return false
}
