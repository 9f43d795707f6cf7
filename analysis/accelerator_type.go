package analysis

import (
	"fmt"
	"slices"
	"strings"

	"github.com/flyte-lsp/flyte-lsp/parser/ast"
	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

var _ = register(&Rule{
	Code:     "accelerator-type",
	Summary:  "An accelerator is none of flytekit's.",
	Details:  "accelerator takes an object of flytekit.extras.accelerators, such as A100 or GPUAccelerator(\"nvidia-tesla-v100\"): anything else raises an AttributeError when the task is registered.",
	Severity: Error,
	Stage:    AtRegister,
	Source:   "resources.py:construct_extended_resources",
	Bad: `from flytekit import Resources, task


@task(requests=Resources(gpu="1"), accelerator=«"nvidia-tesla-v100"»)
def train(epochs: int) -> int:
    return epochs
`,
	Fixed: `from flytekit import Resources, task
from flytekit.extras.accelerators import GPUAccelerator


@task(requests=Resources(gpu="1"), accelerator=GPUAccelerator("nvidia-tesla-v100"))
def train(epochs: int) -> int:
    return epochs
`,
	check: func(p *pass) {
		p.eachSettings(func(s *settings) {
			given, ok := s.get("accelerator")
			if !ok {
				return
			}
			if name, attribute, ok := acceleratorPart(given.Value); ok {
				s.acceleratorPart(given, name, attribute)
				return
			}
			native, _ := given.Value.(*pyeval.Native)
			class := native != nil && (native.Name == acceleratorModule+".GPUAccelerator" || native.Name == acceleratorModule+".MultiInstanceGPUAccelerator")
			if !class && !p.isNot(given.Value, acceleratorClass) {
				return
			}
			what := given.Value.Describe()
			if class {
				what = "the class itself"
			}
			d := s.reportValue(given.Expr, fmt.Sprintf("accelerator is one of flytekit.extras.accelerators, and this is %s", what)).unless(s.plain())
			text, _ := given.Value.(pyeval.Str)
			if !isTextLiteral(given.Expr) {
				return
			}
			if name := strings.ToUpper(string(text)); slices.Contains(acceleratorNames(), name) {
				p.replace(d, given.Expr, "Take it from flytekit.extras.accelerators", name, true, p.AddImportFrom(acceleratorModule, name)...)
				return
			}
			object := "GPUAccelerator(" + p.Text(given.Expr.Span()) + ")"
			p.replace(d, given.Expr, "Make it a GPUAccelerator", object, true, p.AddImportFrom(acceleratorModule, "GPUAccelerator")...)
		})
	},
})

// acceleratorPart reports an attribute that one of flytekit's accelerators
// doesn't have.
func (s *settings) acceleratorPart(given pyeval.Named, name, attribute string) {
	of := signatureOf(acceleratorModule + "." + name)
	if of == nil || of.knows(attribute) {
		return
	}
	parts := slices.DeleteFunc(slices.Clone(of.params), func(part string) bool {
		return !strings.HasPrefix(part, "partition_") && !strings.HasPrefix(part, "slice_")
	})
	message := fmt.Sprintf("%s has no %s", name, attribute)
	if len(parts) > 0 {
		message += ": it has " + listed(parts)
	}
	d := s.reportValue(given.Expr, message).unless(s.pinned())
	written, ok := given.Expr.(*ast.Attribute)
	if meant := Nearest(attribute, parts); ok && meant != "" && written.Attr == attribute && s.Stands(given.Expr) {
		d.Fixes = append(d.Fixes, Fix{Title: "Replace it with " + meant, Edits: []Edit{s.Edit(written.AttrSpan, meant)}})
	}
}
