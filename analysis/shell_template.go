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
	Code:     "shell-template",
	Summary:  "A script of a ShellTask has braces that name nothing.",
	Details:  "A ShellTask formats its script with str.format: `{inputs.x}` and `{outputs.y}` stand for its inputs and the locations of its outputs, `{ctx...}` for the context. Anything else in braces, as in `${HOME}` or awk's `{print $1}`, ends the task with \"Variable ... in Query not found in inputs\". Double the braces that are the shell's.",
	Severity: Error,
	Stage:    AtRun,
	Source:   "extras/tasks/shell.py:_PythonFStringInterpolizer.interpolate",
	Bad: `from flytekit import kwtypes
from flytekit.extras.tasks.shell import ShellTask

greet = ShellTask(
    name="greet",
    script="echo $«{HOME}» {inputs.name}",
    inputs=kwtypes(name=str),
)


def run():
    greet(name="Ada")
`,
	Fixed: `from flytekit import kwtypes
from flytekit.extras.tasks.shell import ShellTask

greet = ShellTask(
    name="greet",
    script="echo ${{HOME}} {inputs.name}",
    inputs=kwtypes(name=str),
)


def run():
    greet(name="Ada")
`,
	check: shellTemplates,
})

func shellTemplates(p *pass) {
	for _, call := range p.calls(shellTasks...) {
		script, ok := call.Arg(2, "script")
		text, isText := script.Value.(pyeval.Str)
		if !ok || !isText || call.Expr == nil || script.Expr == nil || !strings.ContainsAny(string(text), "{}") {
			continue
		}
		for _, entity := range p.Module.Entities {
			if entity.Maker == call.Expr && entity.Opaque == "" {
				p.checkScript(&template{expr: script.Expr, text: string(text), entity: entity, certain: call.Certain})
			}
		}
	}
}

// template is a script that str.format is given.
type template struct {
	expr    ast.Expr
	text    string
	entity  *model.Entity
	certain bool
}

// checkScript goes through the fields of a script, as str.format does.
func (p *pass) checkScript(t *template) {
	for i := 0; i < len(t.text); i++ {
		switch {
		case strings.HasPrefix(t.text[i:], "{{"), strings.HasPrefix(t.text[i:], "}}"):
			i++
		case t.text[i] == '}':
			p.wrongBraces(t, i, i+1, "a closing brace alone")
		case t.text[i] == '{':
			end := fieldEnd(t.text, i)
			if end < 0 {
				p.wrongBraces(t, i, i+1, "an opening brace alone")
				continue
			}
			p.checkField(t, i, end)
			i = end - 1
		}
	}
}

// fieldEnd is where a field ends that begins at an offset, -1 if it doesn't.
func fieldEnd(text string, start int) int {
	depth := 0
	for i := start; i < len(text); i++ {
		switch text[i] {
		case '{':
			depth++
		case '}':
			if depth--; depth == 0 {
				return i + 1
			}
		}
	}
	return -1
}

// checkField checks what a field names.
func (p *pass) checkField(t *template, start, end int) {
	field := t.text[start+1 : end-1]
	name, rest := field, ""
	if i := strings.IndexAny(field, ".[!:"); i >= 0 {
		name, rest = field[:i], field[i:]
	}
	switch name {
	case "ctx":
	case "inputs":
		if t.entity.InputsUnknown == "" {
			p.checkMember(t, start, end, rest, "input", t.entity.Inputs)
		}
	case "outputs":
		if t.entity.OutputsUnknown == "" {
			p.checkMember(t, start, end, rest, "output", t.entity.Outputs)
		}
	default:
		p.wrongBraces(t, start, end, fmt.Sprintf("{%s}", field))
	}
}

// checkMember checks that `.x` or `[x]` is one of the variables.
func (p *pass) checkMember(t *template, start, end int, rest, what string, variables []*model.Variable) {
	if rest == "" || rest[0] != '.' && rest[0] != '[' {
		return
	}
	member := rest[1:]
	if i := strings.IndexAny(member, ".[]!:"); i >= 0 {
		member = member[:i]
	}
	all := make([]string, len(variables))
	for i, v := range variables {
		all[i] = v.Name
	}
	if slices.Contains(all, member) || slices.Contains(dictMethods, member) {
		return
	}
	has := "it has none"
	if len(all) > 0 {
		has = "its " + what + "s are " + strings.Join(all, ", ")
	}
	span, exact := t.place(start, end)
	d := p.report(span, fmt.Sprintf("%s has no %s %s; %s", t.entity.Describe(), what, member, has)).unless(t.certain)
	if near := Nearest(member, all); near != "" && exact {
		at := span.Start + strings.Index(t.text[start:end], rest) + 1
		d.Fixes = []Fix{{Title: "Rename it to " + near, Edits: []Edit{p.Edit(parser.Span{Start: at, End: at + len(member)}, near)}}}
	}
}

// dictMethods are attributes that every dict has.
var dictMethods = []string{"keys", "values", "items", "get", "copy"}

// wrongBraces reports braces that str.format takes for a field.
func (p *pass) wrongBraces(t *template, start, end int, what string) {
	span, exact := t.place(start, end)
	d := p.report(span, fmt.Sprintf("%s in the script is a field for str.format: the shell's braces are doubled, {{ and }}, and inputs are {inputs.x}", what)).unless(t.certain)
	if !exact {
		return
	}
	field := t.text[start:end]
	name := strings.Trim(field, "{}")
	if t.entity.Input(name) != nil && (span.Start == 0 || !strings.HasSuffix(t.text[:start], "$")) {
		d.Fixes = append(d.Fixes, Fix{Title: "Name the input " + name, Edits: []Edit{p.Insert(span.Start+1, "inputs.")}})
	}
	doubled := strings.ReplaceAll(strings.ReplaceAll(field, "{", "{{"), "}", "}}")
	d.Fixes = append(d.Fixes, Fix{Title: "Double the braces", Edits: []Edit{p.Edit(span, doubled)}, Safe: len(d.Fixes) == 0})
}

// place is where a part of the text stands; the whole where it isn't written as
// it reads.
func (t *template) place(start, end int) (span parser.Span, exact bool) {
	if constant, ok := t.expr.(*ast.Constant); ok && constant.Inner.End-constant.Inner.Start == len(t.text) && len(t.text) > 0 {
		return parser.Span{Start: constant.Inner.Start + start, End: constant.Inner.Start + end}, true
	}
	return parser.Span(t.expr.Span()), false
}
