package analysis

import (
	"fmt"
	"slices"
	"strings"

	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyte-lsp/flyte-lsp/parser/ast"
	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

var _ = register(&Rule{
	Code:     "container-template",
	Summary:  "A command of a ContainerTask names an input that isn't there, or a file by a template.",
	Details:  "In a container, `{{.inputs.x}}` is replaced by the input of that name, as text. The backend fails for one that isn't declared. A FlyteFile or FlyteDirectory is copied to the folder input_data_dir: name it by its path there, \"/var/inputs/x\". Local runs say \"FlyteFile and FlyteDirectory commands should not use the template syntax\".",
	Severity: Warning,
	Stage:    OnCluster,
	Source:   "container_task.py:_render_command_and_volume_binding",
	Bad: `from flytekit import ContainerTask, kwtypes

echo = ContainerTask(
    name="echo",
    image="alpine",
    command=["echo", «"{{.inputs.numbr}}"»],
    inputs=kwtypes(number=int),
)
`,
	Fixed: `from flytekit import ContainerTask, kwtypes

echo = ContainerTask(
    name="echo",
    image="alpine",
    command=["echo", "{{.inputs.number}}"],
    inputs=kwtypes(number=int),
)
`,
	check: containerTemplates,
})

func containerTemplates(p *pass) {
	for _, call := range p.calls(containerTask) {
		if call.Expr == nil {
			continue
		}
		for _, entity := range p.Module.Entities {
			if entity.Maker == call.Expr && entity.InputsUnknown == "" && entity.Opaque == "" {
				for _, name := range []string{"command", "arguments"} {
					p.checkTemplates(call, entity, name)
				}
			}
		}
	}
}

func (p *pass) checkTemplates(call *model.NativeCall, entity *model.Entity, name string) {
	given, ok := call.Arg(slices.Index(signatureOf(containerTask).params, name), name)
	list, isList := given.Value.(*pyeval.List)
	if !ok || !isList || given.Expr == nil {
		return
	}
	for i, item := range list.Elems {
		text, ok := item.(pyeval.Str)
		if !ok {
			continue
		}
		at := given.Expr
		if written, ok := given.Expr.(*ast.List); ok && len(written.Elts) == len(list.Elems) {
			at = written.Elts[i]
		}
		for input := range templates(string(text)) {
			variable := entity.Input(input)
			switch {
			case variable == nil:
				d := p.report(parser.Span(at.Span()), fmt.Sprintf("%s has no input %s; %s", entity.Describe(), input, inputsOf(entity)))
				if near := Nearest(input, inputNames(entity)); near != "" && strings.Count(p.Text(parser.Span(at.Span())), input) == 1 {
					d.Fixes = []Fix{{Title: "Rename it to " + near, Edits: []Edit{p.Edit(parser.Span(at.Span()), strings.Replace(p.Text(parser.Span(at.Span())), input, near, 1))}}}
				}
			case isFile(variable):
				p.report(parser.Span(at.Span()), fmt.Sprintf("the input %s is a file or a folder: name it by its path below input_data_dir, and not by a template", input))
			}
		}
	}
}

// templates gives the inputs that a text names as {{.inputs.x}}; the backend
// doesn't mind the case of "inputs".
func templates(text string) func(func(string) bool) {
	return func(yield func(string) bool) {
		for {
			_, rest, found := strings.Cut(text, "{{")
			if !found {
				return
			}
			inside, after, closed := strings.Cut(rest, "}}")
			if !closed {
				return
			}
			inside, text = strings.TrimSpace(inside), after
			const prefix = ".inputs."
			if len(inside) > len(prefix) && strings.EqualFold(inside[:len(prefix)], prefix) && !yield(inside[len(prefix):]) {
				return
			}
		}
	}
}

func isFile(variable *model.Variable) bool {
	value := variable.PyType
	if alias, ok := value.(*pyeval.Alias); ok {
		value = alias.Origin
	}
	native, ok := value.(*pyeval.Native)
	return ok && (native.Name == "flytekit.types.file.file.FlyteFile" || native.Name == "flytekit.types.directory.types.FlyteDirectory")
}
