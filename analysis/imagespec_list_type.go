package analysis

import (
	"fmt"

	"github.com/flyte-lsp/flyte-lsp/parser/ast"
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
		p.constructed(imageSpecClass, nil)
		for _, call := range p.calls(imageSpecClass) {
			for _, name := range imageLists {
				if given, ok := call.Arg(-1, name); ok {
					p.textList(given, call.Certain)
				}
			}
			mounts, given := call.Arg(-1, "pip_secret_mounts")
			if !given {
				continue
			}
			if p.isNot(mounts.Value, "list", "types.NoneType") {
				p.imagePart(mounts.Expr, fmt.Sprintf("pip_secret_mounts is a list of pairs of texts, and this is %s", mounts.Value.Describe()), call.Certain)
				continue
			}
			elements, _ := elementsOf(mounts.Value, mounts.Expr)
			for _, element := range elements {
				if pair, ok := element.Value.(*pyeval.Tuple); p.isNot(element.Value, "tuple") || ok && len(pair.Elems) != 2 {
					p.imagePart(element.Expr, "a secret is mounted by a tuple of its path and of where it goes", call.Certain)
				}
			}
		}
	},
})

// textList reports what isn't a list of texts.
func (p *pass) textList(given pyeval.Named, certain bool) {
	if p.isNot(given.Value, "list", "types.NoneType") {
		d := p.imagePart(given.Expr, fmt.Sprintf("%s is a list of texts, and this is %s", given.Name, given.Value.Describe()), certain)
		switch text, ok := p.asList(given.Expr); {
		case d == nil:
		case ok:
			p.replace(d, given.Expr, "Make it a list", text, true)
		case isTextLiteral(given.Expr):
			p.replace(d, given.Expr, "Put it in a list", "["+p.Text(given.Expr.Span())+"]", true)
		}
		return
	}
	elements, _ := elementsOf(given.Value, given.Expr)
	for _, element := range elements {
		if p.isNot(element.Value, "str") {
			p.imagePart(element.Expr, fmt.Sprintf("%s is a list of texts, and this is %s", given.Name, element.Value.Describe()), certain)
		}
	}
}

// imagePart reports a part of an ImageSpec; nil where it isn't in the file.
func (p *pass) imagePart(expr ast.Expr, message string, certain bool) *Diagnostic {
	if expr == nil || !p.Stands(expr) {
		return nil
	}
	return p.report(expr.Span(), message).unless(certain)
}

// imageLists are the parameters of an ImageSpec that are lists of texts.
var imageLists = []string{
	"packages", "conda_channels", "conda_packages", "apt_packages", "pip_extra_index_url", "entrypoint", "commands", "runtime_packages",
}
