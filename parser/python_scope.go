package parser

import (
	"iter"

	"github.com/flyte-lsp/flyte-lsp/parser/syntax"
)

// nameUse counts the bindings of a module-level name.
type nameUse struct {
	count int
	// conditional: one of them stands where Python may not come by.
	conditional bool
}

// bind gives a module-level name what it stands for from here on.
func (r *pythonReader) bind(name string, to binding) {
	r.scope[name] = to
	use := r.uses[name]
	use.count++
	use.conditional = use.conditional || r.branches > 0
	r.uses[name] = use
}

// bindTargets binds the names of an assignment's or a loop's target to what
// the source doesn't tell.
func (r *pythonReader) bindTargets(target syntax.Node) {
	for name := range targets(target) {
		r.bind(r.text(name), binding{})
	}
}

// branch reads what may not be run when the module is imported.
func (r *pythonReader) branch(read func()) {
	r.branches++
	read()
	r.branches--
}

// markUncertain marks the entities and imports whose name may stand for
// something else once the module is loaded: another binding follows, or which
// of several counts hangs on a condition.
func (r *pythonReader) markUncertain() {
	lastStar := -1
	for _, imported := range r.module.Imports {
		if imported.Local == "*" {
			lastStar = imported.Span.Start
		}
	}
	uncertain := func(name string) bool {
		use := r.uses[name]
		return use.count > 1 && use.conditional
	}
	for _, entity := range r.module.Entities {
		bound := r.scope[entity.Name].entity
		if uncertain(entity.Name) || !entity.Shadowed && bound != entity || r.conditional[entity] || lastStar > entity.Span.Start {
			entity.Opaque = true
		}
	}
	for i := range r.module.Imports {
		imported := &r.module.Imports[i]
		imported.Uncertain = uncertain(imported.Local)
	}
}

// targets are the names that an assignment target binds: those of `a, (b, *c)`,
// and none of `a.b` or `a[0]`.
func targets(n syntax.Node) iter.Seq[syntax.Node] {
	return func(yield func(syntax.Node) bool) { eachTarget(n, yield) }
}

func eachTarget(n syntax.Node, yield func(syntax.Node) bool) bool {
	switch n.Kind() {
	case "identifier":
		return yield(n)
	case "pattern_list", "tuple_pattern", "list_pattern", "list_splat_pattern", "as_pattern_target",
		"expression_list", "tuple", "list", "list_splat", "parenthesized_expression":
		for child := range n.Children() {
			if !eachTarget(child, yield) {
				return false
			}
		}
	}
	return true
}

// localNames are the names that are local to a function because its body binds
// them somewhere.
func (r *pythonReader) localNames(body syntax.Node) map[string]bool {
	names := map[string]bool{}
	r.addLocals(body, names)
	return names
}

func (r *pythonReader) addLocals(n syntax.Node, names map[string]bool) {
	add := func(target syntax.Node) {
		for name := range targets(target) {
			names[r.text(name)] = true
		}
	}
	switch n.Kind() {
	case "function_definition", "class_definition":
		add(n.Child("name"))
		return
	case "lambda":
		return
	case "list_comprehension", "set_comprehension", "dictionary_comprehension", "generator_expression":
		// Their own names are theirs; `:=` in them binds outside.
	case "assignment", "augmented_assignment", "for_statement", "type_alias_statement":
		add(n.Child("left"))
	case "named_expression":
		add(n.Child("name"))
	case "as_pattern_target", "delete_statement":
		for child := range n.Children() {
			add(child)
		}
	case "case_pattern":
		for child := range n.Descendants() {
			add(child)
		}
		return
	case "import_statement", "import_from_statement":
		for child := range n.Children() {
			if child.Field() == "name" {
				_, local := r.importName(child)
				names[local] = true
			}
		}
		return
	}
	for child := range n.Children() {
		r.addLocals(child, names)
	}
}
