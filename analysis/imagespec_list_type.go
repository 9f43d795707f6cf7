package analysis

import (
	"fmt"

	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

var _ = register(&Rule{
	Code:     "imagespec-list-type",
	Summary:  "An ImageSpec is given what it doesn't take.",
	Details:  "packages, conda_channels, conda_packages, apt_packages, pip_extra_index_url, entrypoint, commands and runtime_packages are lists of texts: flytekit raises \"packages must be a list of strings or None\" when the module is imported, and a TypeError for an unknown keyword.",
	Severity: Error,
	Stage:    AtImport,
	Source:   "image_spec/image_spec.py:ImageSpec.__post_init__",
	Bad: `from flytekit import ImageSpec

image = ImageSpec(packages=«"pandas"»)
`,
	Fixed: `from flytekit import ImageSpec

image = ImageSpec(packages=["pandas"])
`,
	check: func(p *pass) {
		signature := signatureOf(imageSpecClass)
		if signature == nil {
			return
		}
		for _, call := range p.calls(imageSpecClass) {
			if call.Expr == nil {
				continue
			}
			for i := range call.Expr.Keywords {
				keyword := &call.Expr.Keywords[i]
				if keyword.Arg != "" && !signature.knows(keyword.Arg) && p.pinned() {
					d := p.report(keyword.ArgSpan, "an ImageSpec has no "+keyword.Arg).unless(call.Certain)
					if meant := nearest(keyword.Arg, signature.params); meant != "" {
						d.Fixes = append(d.Fixes, Fix{Title: "Rename it to " + meant, Edits: []Edit{p.edit(keyword.ArgSpan, meant)}, Safe: true})
					}
				}
			}
			for _, name := range imageLists {
				given, ok := call.Arg(-1, name)
				if !ok || given.Expr == nil {
					continue
				}
				elements, known := elementsOf(given.Value, given.Expr)
				if _, tuple := given.Value.(*pyeval.Tuple); p.isNot(given.Value, "list", "types.NoneType") || tuple {
					d := p.report(given.Expr.Span(), fmt.Sprintf("%s is a list of texts, and this is %s", name, given.Value.Describe())).unless(call.Certain)
					if isTextLiteral(given.Expr) {
						p.replace(d, given.Expr, "Put it in a list", "["+p.text(given.Expr.Span())+"]", true)
					}
					continue
				}
				for _, element := range elements {
					if known && p.isNot(element.Value, "str") {
						p.report(element.Expr.Span(), fmt.Sprintf("%s is a list of texts, and this is %s", name, element.Value.Describe())).unless(call.Certain)
					}
				}
			}
		}
	},
})

// imageLists are the parameters of an ImageSpec that are lists of texts.
var imageLists = []string{
	"packages", "conda_channels", "conda_packages", "apt_packages", "pip_extra_index_url", "entrypoint", "commands", "runtime_packages",
}
