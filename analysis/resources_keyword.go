package analysis

import (
	"fmt"

	"github.com/flyte-lsp/flyte-lsp/parser/ast"
)

var _ = register(&Rule{
	Code:     "resources-keyword",
	Summary:  "Resources is given a keyword that it doesn't have.",
	Details:  "Resources takes cpu, mem, gpu and ephemeral_storage. Any other keyword is a TypeError when the module is imported.",
	Severity: Error,
	Stage:    AtImport,
	Source:   "resources.py:Resources",
	Bad: `from flytekit import Resources, task


@task(requests=Resources(cpu="1", «memory»="1Gi"))
def train(epochs: int) -> int:
    return epochs
`,
	Fixed: `from flytekit import Resources, task


@task(requests=Resources(cpu="1", mem="1Gi"))
def train(epochs: int) -> int:
    return epochs
`,
	check: func(p *pass) {
		signature := signatureOf(resourcesClass)
		if signature == nil || !p.pinned() {
			return
		}
		for _, call := range p.calls(resourcesClass) {
			for i := range keywordsOf(call.Expr) {
				keyword := &call.Expr.Keywords[i]
				if keyword.Arg == "" || signature.knows(keyword.Arg) {
					continue
				}
				d := p.report(keyword.ArgSpan, fmt.Sprintf("Resources has no %s: it takes cpu, mem, gpu and ephemeral_storage", keyword.Arg)).unless(call.Certain)
				meant := resourceNames[keyword.Arg]
				if meant == "" {
					meant = nearest(keyword.Arg, signature.params)
				}
				if meant != "" {
					d.Fixes = append(d.Fixes, Fix{Title: "Rename it to " + meant, Edits: []Edit{p.edit(keyword.ArgSpan, meant)}, Safe: true})
				}
			}
		}
	},
})

// resourceNames are what people call resources elsewhere.
var resourceNames = map[string]string{"memory": "mem", "gpus": "gpu", "cpus": "cpu", "storage": "ephemeral_storage", "disk": "ephemeral_storage"}

func keywordsOf(call *ast.Call) []ast.Keyword {
	if call == nil {
		return nil
	}
	return call.Keywords
}
