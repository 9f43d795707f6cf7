package analysis

import (
	"slices"

	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/parser/ast"
	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

// caching is what settings say of the cache.
type caching struct {
	*settings
	cache pyeval.Named
	given bool
	// object is the Cache(...) that they give; nil if it is none.
	object *pyeval.Instance
}

// eachCache gives all settings that take a cache.
func (p *pass) eachCache(f func(*caching)) {
	p.eachSettings(func(s *settings) {
		if !s.knows("cache") {
			return
		}
		c := &caching{settings: s}
		c.cache, c.given = s.get("cache")
		if c.given {
			c.object = objectOf(c.cache.Value, cacheClass)
		}
		f(c)
	})
}

// on tells whether caching is certainly asked for by a plain value: True.
func (c *caching) on() bool { return c.given && c.object == nil && isTrue(c.cache.Value) }

// off tells whether caching is certainly not asked for.
func (c *caching) off() bool {
	if c.given {
		return isFalse(c.cache.Value)
	}
	return !c.open
}

// unionInstalled tells whether union's plugin of flytekit's configuration is
// there, which gives caches a version of its own accord, and asks for no group
// of secrets (configuration/plugin.py:get_default_cache_policies,
// secret_requires_group).
func (p *pass) unionInstalled() bool {
	return slices.ContainsFunc([]string{"union", "unionai"}, func(pkg string) bool {
		installed, known := p.Module.Installed(pkg)
		return installed && known
	})
}

// cacheVersion is the version that a Cache was made with; nil if it has none.
func cacheVersion(object *pyeval.Instance) (version pyeval.Named, given bool) {
	version, given = argument(object, 0, "version")
	_, none := version.Value.(pyeval.None)
	return version, given && !none
}

// unversioned tells whether a call of Cache certainly makes one without a
// version and without policies that could tell it.
func unversioned(call *model.NativeCall) bool {
	if call.Open {
		return false
	}
	for position, name := range map[int]string{0: "version", 4: "policies"} {
		given, ok := call.Arg(position, name)
		if !ok {
			continue
		}
		if _, none := given.Value.(pyeval.None); none {
			continue
		}
		list, empty := given.Value.(*pyeval.List)
		if empty = empty && len(list.Elems) == 0 && !list.Open; !empty || name != "policies" {
			return false
		}
	}
	return true
}

// versionFixes are ways to give what is cached a version.
func (c *caching) versionFixes() (fixes []Fix) {
	if c.task() && !c.has("cache_serialize") && !c.has("cache_ignore_input_vars") && !c.has("cache_version") && c.keywordOf("cache") != nil {
		if _, ok := c.cache.Value.(pyeval.Bool); ok && c.Stands(c.cache.Expr) {
			fixes = append(fixes, Fix{
				Title: `Give it a version with Cache(version="1")`,
				Edits: append(c.AddImport("Cache"), c.Edit(c.cache.Expr.Span(), `Cache(version="1")`)),
			})
		}
	}
	if version, ok := c.get("cache_version"); ok {
		if c.Stands(version.Expr) {
			fixes = append(fixes, Fix{Title: `Set cache_version to "1"`, Edits: []Edit{c.Edit(version.Expr.Span(), `"1"`)}})
		}
	} else if _, call := c.keyword(c.cache); call != nil {
		fixes = append(fixes, Fix{Title: `Add cache_version="1"`, Edits: []Edit{c.AddArgument(call, `cache_version="1"`)}})
	}
	return fixes
}

// keywordOf is the keyword argument of a setting; nil if it isn't in the file.
func (s *settings) keywordOf(name string) *ast.Keyword {
	setting, ok := s.get(name)
	if !ok {
		return nil
	}
	keyword, _ := s.keyword(setting)
	return keyword
}
