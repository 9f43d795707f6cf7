package parser

import (
	"strings"

	"github.com/flyte-lsp/flyte-lsp/parser/syntax"
)

// pythonReader reads a Python module from its syntax tree, statement by
// statement, as Python would execute it.
type pythonReader struct {
	module *Module
	source *Source
	scope  map[string]binding
	uses   map[string]nameUse
	// branches counts the conditions around the statement that is read, and
	// conditional has the entities that are defined under one.
	branches    int
	conditional map[*Entity]bool
	// stars are the modules that star imports bring names from.
	stars []string
	// bodies are the bodies of workflows, read once all names are known.
	bodies []workflowBody
}

// binding is what a module-level name stands for at a point of the module.
type binding struct {
	// qualified is the dotted name that an import, or an alias of one, brings.
	qualified string
	// imported: qualified comes from an import, in whatever module.
	imported bool
	entity   *Entity
	// definition is the class definition, or the assigned expression.
	definition syntax.Node
}

// flyteNames are the names under which flytekit has what makes entities, with
// the short form that this package uses.
var flyteNames = map[string]string{
	"flytekit.task":                                                "task",
	"flytekit.core.task.task":                                      "task",
	"flytekit.core.environment.task":                               "task",
	"flytekit.dynamic":                                             "dynamic",
	"flytekit.core.dynamic_workflow_task.dynamic":                  "dynamic",
	"flytekit.core.environment.dynamic":                            "dynamic",
	"flytekit.workflow":                                            "workflow",
	"flytekit.core.workflow.workflow":                              "workflow",
	"flytekit.LaunchPlan":                                          "LaunchPlan",
	"flytekit.core.launch_plan.LaunchPlan":                         "LaunchPlan",
	"flytekit.LaunchPlan.get_or_create":                            "LaunchPlan.get_or_create",
	"flytekit.LaunchPlan.create":                                   "LaunchPlan.create",
	"flytekit.LaunchPlan.get_default_launch_plan":                  "LaunchPlan.get_default_launch_plan",
	"flytekit.core.launch_plan.LaunchPlan.create":                  "LaunchPlan.create",
	"flytekit.Environment":                                         "Environment",
	"flytekit.core.environment.Environment":                        "Environment",
	environmentObject + ".task":                                    "task",
	environmentObject + ".dynamic":                                 "dynamic",
	environmentObject + ".extend":                                  "Environment",
	"flytekit.core.launch_plan.LaunchPlan.get_or_create":           "LaunchPlan.get_or_create",
	"flytekit.core.launch_plan.LaunchPlan.get_default_launch_plan": "LaunchPlan.get_default_launch_plan",
}

// environmentObject stands for an object of flytekit's class Environment,
// whose methods task and dynamic are decorators
// (core/environment.py:Environment).
const environmentObject = "flytekit.Environment()"

func readPython(source *Source, root syntax.Node) *Module {
	r := &pythonReader{
		module:      &Module{Language: Python, Source: source},
		source:      source,
		scope:       map[string]binding{},
		uses:        map[string]nameUse{},
		conditional: map[*Entity]bool{},
	}
	r.module.Doc = r.docstring(root)
	r.block(root)
	r.readCalls()
	markShadowed(r.module.Entities)
	r.markUncertain()
	return r.module
}

// block reads the statements of a block at module level.
func (r *pythonReader) block(block syntax.Node) {
	for statement := range block.Children() {
		r.statement(statement)
	}
}

func (r *pythonReader) statement(n syntax.Node) {
	switch n.Kind() {
	case "import_statement", "import_from_statement":
		r.importStatement(n)
	case "expression_statement":
		if first := n.First(); first.Kind() == "assignment" {
			r.assignment(first)
		}
	case "decorated_definition":
		r.decorated(n)
	case "function_definition":
		r.bind(r.text(n.Child("name")), binding{})
	case "class_definition":
		r.bind(r.text(n.Child("name")), binding{definition: n})
	case "type_alias_statement":
		r.bind(r.text(n.Child("left")), binding{})
	case "if_statement", "elif_clause":
		r.ifStatement(n)
	case "try_statement", "for_statement", "while_statement", "match_statement", "except_clause", "except_group_clause":
		r.bindTargets(n.Child("left"))
		r.branch(func() { r.parts(n) })
	case "with_statement", "else_clause", "finally_clause", "case_clause":
		r.parts(n)
	case "with_clause", "with_item", "as_pattern":
		r.parts(n)
	case "as_pattern_target":
		r.bindTargets(n)
	case "block":
		r.block(n)
	default:
		r.recover(n)
		return
	}
	if n.HasError() {
		r.recoverBelow(n)
	}
}

// recover reads what a broken part of the text hides: definitions that start
// a line without indentation are the module's, wherever the parser took them
// to be.
func (r *pythonReader) recover(n syntax.Node) {
	if !n.HasError() {
		return
	}
	for child := range n.Children() {
		r.recovered(child)
	}
}

func (r *pythonReader) recoverBelow(n syntax.Node) {
	switch n.Kind() {
	case "decorated_definition", "function_definition", "class_definition":
		for child := range n.Child("body").Children() {
			r.recovered(child)
		}
		r.recoverBelow(n.Child("definition"))
	}
}

func (r *pythonReader) recovered(n syntax.Node) {
	switch n.Kind() {
	case "decorated_definition", "function_definition", "class_definition",
		"import_statement", "import_from_statement", "expression_statement":
		if r.source.LineStart(n.Start()) == n.Start() {
			r.statement(n)
			return
		}
	}
	for child := range n.Children() {
		r.recovered(child)
	}
}

// parts reads the statements that a compound statement has.
func (r *pythonReader) parts(n syntax.Node) {
	for child := range n.Children() {
		r.statement(child)
	}
}

// ifStatement leaves out what doesn't run when flytekit imports the module.
func (r *pythonReader) ifStatement(n syntax.Node) {
	read := func() {
		for child := range n.Children() {
			if child.Field() == "alternative" {
				r.statement(child)
			}
		}
	}
	if r.neverTrueAtImport(n.Child("condition")) {
		read()
		return
	}
	r.branch(func() {
		r.block(n.Child("consequence"))
		read()
	})
}

func (r *pythonReader) neverTrueAtImport(condition syntax.Node) bool {
	switch condition.Kind() {
	case "false":
		return true
	case "identifier", "attribute":
		return r.qualify(expression{Node: condition}) == "typing.TYPE_CHECKING"
	case "comparison_operator":
		text := strings.Map(dropSpace, r.text(condition))
		return text == `__name__=="__main__"` || text == `__name__=='__main__'`
	}
	return false
}

func dropSpace(c rune) rune {
	if c == ' ' || c == '\t' {
		return -1
	}
	return c
}

func (r *pythonReader) importStatement(n syntax.Node) {
	var module string
	level := 0
	if from := n.Child("module_name"); from.Kind() == "relative_import" {
		text := strings.Map(dropSpace, r.text(from))
		module = strings.TrimLeft(text, ".")
		level = len(text) - len(module)
	} else if from.OK() {
		module = r.text(from)
	}
	isFrom := n.Kind() == "import_from_statement"
	for child := range n.Children() {
		switch {
		case child.Kind() == "wildcard_import":
			r.module.Imports = append(r.module.Imports,
				Import{Local: "*", Module: module, Level: level, Span: span(n)})
			if level == 0 {
				r.stars = append(r.stars, module)
			}
		case child.Field() == "name":
			name, local := r.importName(child)
			if name == "" {
				continue
			}
			imported := Import{Local: local, Module: module, Attribute: name, Level: level, Span: span(child)}
			if !isFrom {
				imported.Module, imported.Attribute = name, ""
			}
			r.bindImport(imported)
		}
	}
}

// importName is the imported name and the name it gets here, of one element
// of an import statement.
func (r *pythonReader) importName(n syntax.Node) (name, local string) {
	if n.Kind() == "aliased_import" {
		return r.text(n.Child("name")), r.text(n.Child("alias"))
	}
	name = r.text(n)
	local, _, _ = strings.Cut(name, ".")
	return name, local
}

func (r *pythonReader) bindImport(imported Import) {
	r.module.Imports = append(r.module.Imports, imported)
	qualified := strings.Repeat(".", imported.Level) + imported.Module
	switch {
	case imported.Attribute != "":
		qualified = strings.TrimSuffix(qualified+"."+imported.Attribute, ".")
	case strings.HasPrefix(qualified, imported.Local+"."):
		// `import a.b` binds a.
		qualified = imported.Local
	}
	r.bind(imported.Local, binding{qualified: qualified, imported: true})
}

func (r *pythonReader) assignment(n syntax.Node) {
	left, right := n.Child("left"), n.Child("right")
	if left.Kind() != "identifier" {
		r.bindTargets(left)
		return
	}
	if !right.OK() {
		return // a mere annotation binds nothing
	}
	name := r.text(left)
	bound := binding{definition: right}
	switch right.Kind() {
	case "identifier":
		if other, ok := r.scope[r.text(right)]; ok {
			bound = other
		} else {
			bound.qualified = r.qualify(expression{Node: right})
		}
	case "attribute":
		bound.qualified = r.qualify(expression{Node: right})
	case "call":
		switch r.flyteName(right.Child("function")) {
		case "Environment":
			bound.qualified = environmentObject
		case "LaunchPlan.get_or_create", "LaunchPlan.create", "LaunchPlan.get_default_launch_plan":
			bound.entity = r.launchPlan(n, left, right)
		}
	}
	r.bind(name, bound)
}

// qualify is the full dotted name that a name or an attribute of one stands
// for here: "flytekit.task" for `fk.task`. A name that nothing binds is
// Python's own, "builtins.int". It is "" if the name is this module's, or
// isn't one.
func (r *pythonReader) qualify(e expression) string {
	dotted := r.dotted(e)
	if dotted == "" {
		return ""
	}
	first, rest, nested := strings.Cut(dotted, ".")
	bound, ok := r.scope[first]
	qualified := bound.qualified
	if !ok {
		qualified = r.fromStars(first)
	}
	if qualified == "" || !nested {
		return qualified
	}
	return qualified + "." + rest
}

func (r *pythonReader) fromStars(name string) string {
	for i := len(r.stars) - 1; i >= 0; i-- {
		qualified := r.stars[i] + "." + name
		if _, ok := flyteNames[qualified]; ok || typingNames[qualified] {
			return qualified
		}
	}
	return "builtins." + name
}

// flyteName is the short form of a name of flytekit's that makes entities, ""
// of any other.
func (r *pythonReader) flyteName(n syntax.Node) string {
	return flyteNames[r.qualify(expression{Node: n})]
}

// dotted is the text of a name with attributes, "" of any other expression.
func (r *pythonReader) dotted(e expression) string {
	switch e.Kind() {
	case "identifier", "dotted_name":
		return r.source.Slice(e.span())
	case "attribute":
		if object := r.dotted(e.at(e.Child("object"))); object != "" {
			return object + "." + r.source.Slice(e.at(e.Child("attribute")).span())
		}
	case "member_type": // in an annotation
		var dotted strings.Builder
		for child := range e.Children() {
			if child.Kind() == "type" {
				child = child.First()
			}
			dotted.WriteString("." + r.dotted(e.at(child)))
		}
		return strings.TrimPrefix(dotted.String(), ".")
	}
	return ""
}

func (r *pythonReader) text(n syntax.Node) string {
	return r.source.Slice(span(n))
}

func span(n syntax.Node) Span {
	return Span{Start: n.Start(), End: n.End()}
}

// markShadowed marks the entities whose name a later one takes.
func markShadowed(entities []*Entity) {
	last := make(map[string]bool, len(entities))
	for i := len(entities) - 1; i >= 0; i-- {
		entities[i].Shadowed = last[entities[i].Name]
		last[entities[i].Name] = true
	}
}
