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
			name := "container_image"
			if s.of == containerTask {
				name = "image"
			}
			image, given := s.get(name)
			if !given {
				return
			}
			text, ok := image.Value.(pyeval.Str)
			if ok && s.overrides() {
				return // the image is taken as it is
			}
			if !ok {
				if isTheClass(image.Value, imageSpecClass) {
					s.reportValue(image.Expr, name+" is the class ImageSpec itself: call it").unless(s.plain())
				} else if p.isNot(image.Value, "str", imageSpecClass) {
					s.reportValue(image.Expr, fmt.Sprintf("%s is a text or an ImageSpec, and this is %s", name, image.Value.Describe())).unless(s.plain())
				}
				return
			}
			for _, match := range imageTemplate.FindAllStringSubmatch(string(text), -1) {
				attribute := match[2]
				if slices.Contains([]string{"", "fqn", "version"}, attribute) {
					continue
				}
				d := s.reportValue(image.Expr, fmt.Sprintf("an image of the configuration has fqn and version, and no %s", attribute)).unless(s.plain())
				meant := Nearest(attribute, []string{"fqn", "version"})
				if attribute == "tag" {
					meant = "version"
				}
				if meant != "" && isTextLiteral(image.Expr) && s.Stands(image.Expr) {
					dot := strings.LastIndex(match[0], "."+attribute) + 1
					other := match[0][:dot] + meant + match[0][dot+len(attribute):]
					p.replace(d, image.Expr, "Write "+meant, strings.ReplaceAll(p.Text(image.Expr.Span()), match[0], other), true)
				}
			}
		})
	},
})

// imageTemplate is flytekit's (_IMAGE_REPLACE_REGEX).
var imageTemplate = regexp.MustCompile(`(?i)\{\{\s*\.images?\.([a-zA-Z0-9_-]+)(?:\.([a-zA-Z0-9_-]+))?\s*\}\}`)
