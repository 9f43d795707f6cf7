package analysis

import (
	"fmt"
	"slices"

	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

var _ = register(&Rule{
	Code:     "imagespec-builder",
	Summary:  "An ImageSpec names a builder that flytekit doesn't have.",
	Details:  "flytekit brings the builders default and noop; others come with plugins, such as envd. Where none has registered the name, flytekit raises \"Image builder ... is not registered\" when the image is built, as the task is registered.",
	Severity: Warning,
	Stage:    AtRegister,
	Source:   "image_spec/image_spec.py:ImageBuildEngine._get_builder",
	Bad: `from flytekit import ImageSpec, task

image = ImageSpec(name="train", packages=["pandas"], builder=«"docker"»)


@task(container_image=image)
def train(epochs: int) -> int:
    return epochs
`,
	Good: `from flytekit import ImageSpec

image = ImageSpec(name="train", packages=["pandas"], builder="default")
`,
	check: func(p *pass) {
		if len(p.calls(imageBuilderRegister)) > 0 {
			return
		}
		for _, call := range p.calls(imageSpecClass) {
			builder, given := call.Arg(2, "builder")
			name, ok := builder.Value.(pyeval.Str)
			if !given || !ok || name == "" || builder.Expr == nil || slices.Contains(imageBuilders, string(name)) || !p.Stands(builder.Expr) {
				continue
			}
			d := p.report(builder.Expr.Span(), fmt.Sprintf("flytekit has no image builder %q: a plugin must bring it", string(name)))
			if meant := Nearest(string(name), imageBuilders); meant != "" && isTextLiteral(builder.Expr) {
				p.replace(d, builder.Expr, "Write "+meant, `"`+meant+`"`, false)
			}
		}
	},
})

// imageBuilderRegister is what plugins register image builders with.
const imageBuilderRegister = "flytekit.image_spec.image_spec.ImageBuildEngine.register"

// imageBuilders are flytekit's own builders, and those of plugins that are
// known.
var imageBuilders = []string{"default", "noop", "envd", "remote", "union", "unionai"}
