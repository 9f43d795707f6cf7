package parser

import (
	"slices"
	"strconv"
	"strings"

	"github.com/flyte-lsp/flyte-lsp/parser/syntax"
)

// Kind says what an entity is, in Flyte's words.
type Kind string

// The kinds of entities that Go files declare.
const (
	Task       Kind = "task"
	Workflow   Kind = "workflow"
	LaunchPlan Kind = "launchplan"
)

// Entity is a task, workflow or launch plan that a Go file declares.
type Entity struct {
	Kind Kind
	// Name is that of the function; of a launch plan, which has none, the name
	// it registers under.
	Name string
	// RegisteredName is the name that a directive gives a launch plan, else "".
	RegisteredName string
	// Span reaches from the doc comment to the end of the function.
	Span, NameSpan Span
	// Anchor is the offset of the directive, above which lenses stand.
	Anchor int
	// Doc is the doc comment without directives.
	Doc             string
	Inputs, Outputs []Variable
	// Workflow is, of a launch plan, the name of its workflow; its Inputs are
	// the workflow's with the launch plan's own defaults, its Outputs the
	// workflow's, if the workflow is in the file.
	Workflow string
	// Shadowed: a later declaration has the same name.
	Shadowed bool
	// Generic: the function has type parameters.
	Generic bool

	defaults []Variable // of a launch plan
}

// Variable is an input or an output.
type Variable struct {
	// Name of an output without one is o0, o1, ... as in Python.
	Name     string
	NameSpan Span
	// Type is the type as written.
	Type     string
	TypeSpan Span
	// Default is the default as the directive of a launch plan writes it.
	Default     string
	DefaultSpan Span
	HasDefault  bool
	// Required: an input that a run must be given, as it has no default and is
	// no pointer.
	Required bool
}

// goReader reads a Go file: functions with a directive comment, and launch
// plans, which are a directive comment only.
type goReader struct {
	module *Module
	source *Source
}

var directiveKinds = map[string]Kind{
	"//flyte:task": Task, "//flyte:workflow": Workflow, "//flyte:launchplan": LaunchPlan,
}

func readGo(source *Source, root syntax.Node) *Module {
	r := &goReader{module: &Module{Language: Go, Source: source}, source: source}
	var comments []syntax.Node // that stand together, line above line
	for n := range root.All() {
		switch n.Kind() {
		case "comment":
			if len(comments) > 0 && !r.adjoin(comments[len(comments)-1], n) {
				comments = nil
			}
			comments = append(comments, n)
			r.launchPlan(n)
			continue
		case "package_clause":
			r.module.Package = r.text(n.First())
		case "function_declaration":
			if len(comments) > 0 && !r.adjoin(comments[len(comments)-1], n) {
				comments = nil
			}
			r.function(n, comments)
		case "\n", ";":
			continue
		}
		comments = nil
	}
	for _, entity := range r.module.Entities {
		if entity.Kind == LaunchPlan {
			r.bindWorkflow(entity)
		}
	}
	markShadowed(r.module.Entities)
	return r.module
}

// adjoin tells whether b starts on the line below the one where a ends.
func (r *goReader) adjoin(a, b syntax.Node) bool {
	return r.source.Position(a.End()).Line+1 == r.source.Position(b.Start()).Line
}

// directive is a comment for Flyte: `//flyte:task key=value ...`.
type directive struct {
	kind Kind
	span Span
	// settings are `key=value` words, each as a variable with a default.
	settings []Variable
}

func (r *goReader) directive(comment syntax.Node) (d directive, ok bool) {
	text := strings.TrimRight(r.text(comment), " \t\r")
	name, _, _ := strings.Cut(text, " ")
	start := comment.Start()
	d.kind, ok = directiveKinds[name]
	if !ok || r.source.LineStart(start) != start {
		return directive{}, false
	}
	d.span = Span{Start: start, End: start + len(text)}
	for _, word := range words(text) {
		key, value, found := strings.Cut(text[word.Start:word.End], "=")
		if !found || word.Start < len(name) {
			continue
		}
		split := word.Start + len(key)
		d.settings = append(d.settings, Variable{
			Name: key, NameSpan: Span{Start: word.Start, End: split}.Shift(start),
			Default: value, DefaultSpan: Span{Start: split + 1, End: word.End}.Shift(start), HasDefault: true,
		})
	}
	return d, true
}

// words are the spans of what is between spaces; spaces in double quotes
// don't count.
func words(text string) []Span {
	var spans []Span
	start, quoted := -1, false
	for i := 0; i < len(text); i++ {
		c := text[i]
		switch {
		case c == '\\' && quoted:
			i++
		case c == '"':
			quoted = !quoted
		}
		space := (c == ' ' || c == '\t') && !quoted
		if !space && start < 0 {
			start = i
		}
		if space && start >= 0 {
			spans = append(spans, Span{Start: start, End: i})
			start = -1
		}
	}
	if start >= 0 {
		spans = append(spans, Span{Start: start, End: len(text)})
	}
	return spans
}

// function reads a function, which is an entity if a directive stands above.
func (r *goReader) function(n syntax.Node, comments []syntax.Node) {
	name := n.Child("name")
	for _, comment := range comments {
		d, ok := r.directive(comment)
		if !ok || d.kind == LaunchPlan || name.Missing() {
			continue
		}
		r.module.Entities = append(r.module.Entities, &Entity{
			Kind: d.kind, Name: r.text(name), NameSpan: span(name),
			Span:    Span{Start: comments[0].Start(), End: n.End()},
			Anchor:  comment.Start(),
			Doc:     r.doc(comments),
			Inputs:  r.inputs(n.Child("parameters")),
			Outputs: r.outputs(n.Child("result")),
			Generic: n.Child("type_parameters").OK(),
		})
		return
	}
}

// launchPlan reads a launch plan's directive, whose settings other than
// workflow, name and schedule are default inputs.
func (r *goReader) launchPlan(comment syntax.Node) {
	d, ok := r.directive(comment)
	if !ok || d.kind != LaunchPlan {
		return
	}
	plan := &Entity{Kind: LaunchPlan, Span: d.span, Anchor: d.span.Start}
	for _, setting := range d.settings {
		switch setting.Name {
		case "workflow":
			plan.Workflow = setting.Default
			if plan.Name == "" {
				plan.Name, plan.NameSpan = setting.Default, setting.DefaultSpan
			}
		case "name":
			plan.Name, plan.NameSpan = strings.Trim(setting.Default, `"`), setting.DefaultSpan
			plan.RegisteredName = plan.Name
		case "", "schedule":
		default:
			plan.defaults = append(plan.defaults, setting)
		}
	}
	if plan.Name != "" {
		r.module.Entities = append(r.module.Entities, plan)
	}
}

// bindWorkflow gives a launch plan the interface that it has from its workflow:
// the workflow's inputs with the launch plan's defaults, and its outputs. The
// spans are the workflow's, but for those of the defaults.
func (r *goReader) bindWorkflow(plan *Entity) {
	workflow := slices.IndexFunc(r.module.Entities, func(e *Entity) bool {
		return e.Kind == Workflow && e.Name == plan.Workflow
	})
	if workflow < 0 {
		return
	}
	of := r.module.Entities[workflow]
	plan.Outputs, plan.Generic = of.Outputs, of.Generic
	plan.Inputs = slices.Clone(of.Inputs)
	for i := range plan.Inputs {
		input := &plan.Inputs[i]
		for _, own := range plan.defaults {
			if own.Name == input.Name {
				input.Default, input.DefaultSpan, input.HasDefault = own.Default, own.DefaultSpan, true
				input.Required = false
			}
		}
	}
}

// inputs are the parameters after a leading context.
func (r *goReader) inputs(parameters syntax.Node) []Variable {
	variables := r.parameters(parameters)
	if len(variables) > 0 && variables[0].Type == "context.Context" {
		variables = variables[1:]
	}
	for i := range variables {
		variables[i].Required = !strings.HasPrefix(variables[i].Type, "*")
	}
	return variables
}

// outputs are the results before a trailing error.
func (r *goReader) outputs(result syntax.Node) []Variable {
	if !result.OK() {
		return nil
	}
	variables := []Variable{{Type: r.text(result), TypeSpan: span(result)}}
	if result.Kind() == "parameter_list" {
		variables = r.parameters(result)
	}
	if last := len(variables) - 1; last >= 0 && variables[last].Type == "error" {
		variables = variables[:last]
	}
	for i := range variables {
		if variables[i].Name == "" {
			variables[i].Name = "o" + strconv.Itoa(i)
		}
	}
	return variables
}

func (r *goReader) parameters(list syntax.Node) []Variable {
	var variables []Variable
	for declaration := range list.Children() {
		kind := declaration.Child("type")
		if !kind.OK() {
			continue
		}
		typed := Variable{Type: r.text(kind), TypeSpan: span(kind)}
		if declaration.Kind() == "variadic_parameter_declaration" {
			typed.TypeSpan.Start = typed.TypeSpan.Start - len("...")
			typed.Type = r.source.Slice(typed.TypeSpan)
		}
		named := false
		for child := range declaration.All() {
			if child.Field() == "name" {
				named = true
				variable := typed
				variable.Name, variable.NameSpan = r.text(child), span(child)
				variables = append(variables, variable)
			}
		}
		if !named {
			variables = append(variables, typed)
		}
	}
	return variables
}

// doc is the text of comments, without directives.
func (r *goReader) doc(comments []syntax.Node) string {
	var lines []string
	for _, comment := range comments {
		text := strings.TrimRight(r.text(comment), " \t\r")
		switch {
		case strings.HasPrefix(text, "/*"):
			lines = append(lines, dedent(strings.TrimSuffix(strings.TrimPrefix(text, "/*"), "*/")))
		case isDirective(text):
		default:
			lines = append(lines, strings.TrimPrefix(strings.TrimPrefix(text, "//"), " "))
		}
	}
	return strings.Trim(strings.Join(lines, "\n"), "\n")
}

// isDirective tells comments for tools: `//name:something`, with no space.
func isDirective(text string) bool {
	name, _, found := strings.Cut(strings.TrimPrefix(text, "//"), ":")
	return found && name != "" && strings.Trim(name, "abcdefghijklmnopqrstuvwxyz0123456789") == ""
}

func (r *goReader) text(n syntax.Node) string { return r.source.Slice(span(n)) }

// markShadowed marks the entities whose name a later one takes.
func markShadowed(entities []*Entity) {
	last := make(map[string]bool, len(entities))
	for i := len(entities) - 1; i >= 0; i-- {
		entities[i].Shadowed = last[entities[i].Name]
		last[entities[i].Name] = true
	}
}
