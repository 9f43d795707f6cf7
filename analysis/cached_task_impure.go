package analysis

import (
	"fmt"
	"strings"

	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyte-lsp/flyte-lsp/parser/ast"
)

var _ = register(&Rule{
	Code:     "cached-task-impure",
	Summary:  "A cached task reads the clock, random numbers or the environment.",
	Details:  "The cache knows the inputs of a task, and nothing else that it reads: the second run gets the result of the first, with its time, its random numbers and its environment. Make them inputs, or seed the generator.",
	Severity: Warning,
	Stage:    NeverFails,
	Source:   "local_cache.py:_calculate_cache_key",
	Bad: `from datetime import datetime

from flytekit import task


@task(cache=True, cache_version="1")
def stamp(name: str = "a") -> str:
    return f"{name}-{«datetime.now»():%Y}"
`,
	Good: `from datetime import datetime

from flytekit import task


@task(cache=True, cache_version="1")
def stamp(at: datetime, name: str = "a") -> str:
    return f"{name}-{at:%Y}"
`,
	check: func(p *pass) {
		cached := map[*model.Entity]bool{}
		p.eachCache(func(c *caching) {
			if c.entity != nil && (c.on() || c.object != nil) {
				cached[c.entity] = true
			}
		})
		if len(cached) == 0 {
			return
		}
		for _, b := range p.taskBodies() {
			if cached[b.entity] {
				p.checkPure(b)
			}
		}
	},
})

func (p *pass) checkPure(b *taskBody) {
	seeded := false
	var logged []parser.Span
	b.inspect(func(n ast.Node) bool {
		if call, ok := n.(*ast.Call); ok {
			name := fullName(b.names, call.Func)
			seeded = seeded || strings.HasSuffix(name, ".seed") || strings.HasSuffix(name, "manual_seed") || len(call.Args) > 0 &&
				(name == "numpy.random.default_rng" || name == "numpy.random.RandomState" || name == "random.Random")
			if logs(call) {
				logged = append(logged, call.Span())
			}
		}
		return true
	})
	b.inspect(func(n ast.Node) bool {
		at, ok := n.(ast.Expr)
		if !ok {
			return true
		}
		for _, span := range logged {
			if span.Start <= at.Span().Start && at.Span().End <= span.End {
				return true
			}
		}
		what := ""
		switch e := at.(type) {
		case *ast.Call:
			at = e.Func
			name := fullName(b.names, e.Func)
			what = clocks[name]
			if what == "" && !seeded && isRandom(name) {
				what = "random numbers"
			}
			if name == "os.getenv" || name == "os.environ.get" {
				what = "the environment"
			}
		case *ast.Subscript:
			at = e.Value
			if fullName(b.names, e.Value) == "os.environ" {
				what = "the environment"
			}
		}
		if what != "" {
			p.report(at.Span(), fmt.Sprintf("%s is cached: a later run gets what this read of %s gave the first time", b.entity.Describe(), what))
		}
		return true
	})
}

// logs tells whether a call only tells something.
func logs(call *ast.Call) bool {
	switch f := call.Func.(type) {
	case *ast.Name:
		return f.ID == "print"
	case *ast.Attribute:
		switch f.Attr {
		case "debug", "info", "warning", "error", "exception", "log":
			return true
		}
	}
	return false
}

// clocks are functions whose result is another at each call.
var clocks = map[string]string{
	"datetime.datetime.now": "the clock", "datetime.datetime.utcnow": "the clock", "datetime.datetime.today": "the clock",
	"datetime.date.today": "the clock", "pandas.Timestamp.now": "the clock", "uuid.uuid1": "random numbers", "uuid.uuid4": "random numbers",
	"secrets.token_hex": "random numbers", "secrets.token_bytes": "random numbers", "os.urandom": "random numbers",
}

// isRandom tells whether a function draws from a generator that all share.
func isRandom(name string) bool {
	function, ok := strings.CutPrefix(name, "numpy.random.")
	if !ok {
		function, ok = strings.CutPrefix(name, "random.")
	}
	switch function {
	case "random", "rand", "randn", "randint", "randrange", "choice", "choices", "sample", "shuffle", "permutation", "uniform", "normal", "gauss", "integers":
		return ok
	}
	return false
}
