package analysis

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

var _ = register(&Rule{
	Code:     "image-template",
	Summary:  "A container_image can't be resolved.",
	Details:  "A container_image is a text or an ImageSpec. In a text, {{.image.NAME}}, {{.image.NAME.fqn}} and {{.image.NAME.version}} stand for an image of the configuration: flytekit raises \"Only fqn and version are supported replacements\" for others when the task is registered.",
	Severity: Error,
	Stage:    AtRegister,
	Source:   "python_auto_container.py:get_registerable_container_image",
	Bad: `from flytekit import task


@task(container_image=«"{{.image.default.fqn}}:{{.image.default.tag}}"»)
def train(epochs: int) -> int:
    return epochs
`,
	Fixed: `from flytekit import task


@task(container_image="{{.image.default.fqn}}:{{.image.default.version}}")
def train(epochs: int) -> int:
    return epochs
`,
	check: func(p *pass) {
		p.eachSettings(func(s *settings) {
			image, given := s.get("container_image")
			if !given || !s.plain() && !s.overrides() {
				return
			}
			if p.isNot(image.Value, "str", imageSpecClass) && !s.overrides() {
				s.reportValue(image.Expr, fmt.Sprintf("container_image is a text or an ImageSpec, and this is %s", image.Value.Describe()))
				return
			}
			text, ok := image.Value.(pyeval.Str)
			if !ok || s.overrides() {
				return
			}
			for _, match := range imageTemplate.FindAllStringSubmatch(string(text), -1) {
				if attribute := match[2]; !slices.Contains([]string{"", "fqn", "version"}, attribute) {
					d := s.reportValue(image.Expr, fmt.Sprintf("an image of the configuration has fqn and version, and no %s", attribute))
					if attribute == "tag" && image.Expr != nil {
						written := p.text(image.Expr.Span())
						p.replace(d, image.Expr, "Write version", strings.ReplaceAll(written, "."+attribute+"}}", ".version}}"), true)
					}
				}
			}
		})
	},
})

// imageTemplate is flytekit's (_IMAGE_REPLACE_REGEX).
var imageTemplate = regexp.MustCompile(`(?i)\{\{\s*\.images?\.([a-zA-Z0-9_-]+)(?:\.([a-zA-Z0-9_-]+))?\s*\}\}`)
