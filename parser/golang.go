package parser

import (
	"strings"

	"github.com/flyte-lsp/flyte-lsp/parser/syntax"
)

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
	bodies := map[*Entity]syntax.Node{}
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
			r.module.Doc = r.doc(comments)
		case "import_declaration":
			r.imports(n)
		case "function_declaration":
			if len(comments) > 0 && !r.adjoin(comments[len(comments)-1], n) {
				comments = nil
			}
			if entity := r.function(n, comments); entity != nil && entity.Kind == Workflow {
				bodies[entity] = n.Child("body")
			}
		case "\n", ";":
			continue
		}
		comments = nil
	}
	for _, entity := range r.module.Entities {
		r.bindWorkflow(entity)
		r.calls(entity, bodies[entity])
	}
	markShadowed(r.module.Entities)
	return r.module
}

// adjoin tells whether b starts on the line below the one where a ends.
func (r *goReader) adjoin(a, b syntax.Node) bool {
	return r.source.Position(a.End()).Line+1 == r.source.Position(b.Start()).Line
}

// directive reads `//flyte:task key=value ...` into a call whose callee is the
// directive's name.
func (r *goReader) directive(comment syntax.Node) (kind Kind, call *Call, ok bool) {
	text := strings.TrimRight(r.text(comment), " \t\r")
	name, _, _ := strings.Cut(text, " ")
	if kind, ok = directiveKinds[name]; !ok || r.source.LineStart(comment.Start()) != comment.Start() {
		return "", nil, false
	}
	start := comment.Start()
	call = &Call{
		Callee:     strings.TrimPrefix(name, "//"),
		Span:       Span{Start: start, End: start + len(text)},
		CalleeSpan: Span{Start: start + len("//"), End: start + len(name)},
	}
	for _, word := range words(text) {
		if word.Start < len(name) {
			continue
		}
		value := text[word.Start:word.End]
		arg := Arg{Value: value, ValueSpan: word.Shift(start)}
		if key, after, found := strings.Cut(value, "="); found {
			split := word.Start + len(key)
			arg = Arg{
				Name: key, NameSpan: Span{Start: word.Start, End: split}.Shift(start),
				Value: after, ValueSpan: Span{Start: split + 1, End: word.End}.Shift(start),
			}
		}
		call.Args = append(call.Args, arg)
	}
	return kind, call, true
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

// function is the entity of a function, nil if no directive stands above it.
func (r *goReader) function(n syntax.Node, comments []syntax.Node) *Entity {
	name := n.Child("name")
	for _, comment := range comments {
		kind, call, ok := r.directive(comment)
		if !ok || kind == LaunchPlan || name.Missing() {
			continue
		}
		entity := &Entity{
			Kind: kind, Name: r.text(name), NameSpan: span(name),
			Span:         Span{Start: comments[0].Start(), End: n.End()},
			Anchor:       comment.Start(),
			Doc:          r.doc(comments),
			Inputs:       r.inputs(n.Child("parameters")),
			OutputsKnown: true,
			Opaque:       n.Child("type_parameters").OK(),
		}
		entity.Outputs = r.outputs(n.Child("result"))
		if len(call.Args) > 0 {
			entity.Decorator = call
		}
		r.module.Entities = append(r.module.Entities, entity)
		return entity
	}
	return nil
}

// launchPlan reads a launch plan's directive, whose keys other than workflow,
// name and schedule are default inputs.
func (r *goReader) launchPlan(comment syntax.Node) {
	kind, call, ok := r.directive(comment)
	if !ok || kind != LaunchPlan {
		return
	}
	plan := &Entity{Kind: LaunchPlan, Span: call.Span, Anchor: call.Span.Start, Decorator: call}
	for _, arg := range call.Args {
		switch arg.Name {
		case "workflow":
			plan.Workflow = arg.Value
			if plan.Name == "" {
				plan.Name, plan.NameSpan = arg.Value, arg.ValueSpan
			}
		case "name":
			plan.Name, plan.NameSpan = strings.Trim(arg.Value, `"`), arg.ValueSpan
			plan.RegisteredName = plan.Name
		case "", "schedule":
		default:
			plan.defaults = append(plan.defaults, Variable{
				Name: arg.Name, NameSpan: arg.NameSpan,
				Default: arg.Value, DefaultSpan: arg.ValueSpan, HasDefault: true,
			})
		}
	}
	if plan.Name != "" {
		r.module.Entities = append(r.module.Entities, plan)
	}
}

func (r *goReader) bindWorkflow(plan *Entity) {
	if plan.Kind != LaunchPlan {
		return
	}
	for _, entity := range r.module.Entities {
		if entity.Kind == Workflow && entity.Name == plan.Workflow {
			*plan = *plan.WithWorkflow(entity)
			return
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
		variables[i].optional = strings.HasPrefix(variables[i].Type, "*")
		variables[i].Required = !variables[i].optional
	}
	return variables
}

// outputs are the results before a trailing error. Results without a name are
// o0, o1, ... as in Python.
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
			variables[i].Name = numbered(i)
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

func (r *goReader) imports(n syntax.Node) {
	for spec := range n.Descendants() {
		if spec.Kind() != "import_spec" {
			continue
		}
		path := strings.Trim(r.text(spec.Child("path")), "\"`")
		local := path[strings.LastIndexByte(path, '/')+1:]
		if name := spec.Child("name"); name.OK() {
			local = r.text(name)
		}
		r.module.Imports = append(r.module.Imports, Import{Local: local, Module: path, Span: span(spec)})
	}
}

// calls collects the calls in a workflow's body of functions of this package,
// or of an imported one.
func (r *goReader) calls(entity *Entity, body syntax.Node) {
	for n := range body.Descendants() {
		if n.Kind() != "call_expression" {
			continue
		}
		function := n.Child("function")
		callee := r.text(function)
		if kind := function.Kind(); kind != "identifier" && kind != "selector_expression" ||
			kind == "identifier" && r.module.Entity(callee) == nil ||
			kind == "selector_expression" && !r.imported(callee) {
			continue
		}
		call := Call{Callee: callee, Span: span(n), CalleeSpan: span(function), Enclosing: entity}
		for arg := range n.Child("arguments").Children() {
			call.Args = append(call.Args, Arg{Value: r.text(arg), ValueSpan: span(arg)})
		}
		r.module.Calls = append(r.module.Calls, call)
	}
}

func (r *goReader) imported(selector string) bool {
	first, _, _ := strings.Cut(selector, ".")
	for _, imported := range r.module.Imports {
		if imported.Local == first {
			return true
		}
	}
	return false
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
