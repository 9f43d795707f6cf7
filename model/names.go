package model

import (
	"slices"
	"strings"

	"github.com/flyte-lsp/flyte-lsp/parser/ast"
	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

// boundNames are the names that a module's entities have in the end, in the
// order of Python's dir(), with those in classes as "Class.attribute".
type boundNames map[*Entity][]string

// name gives the entities of a module that was just evaluated the names that
// they have in it and in its classes. flytekit looks for them in the order of
// dir() (core/tracker.py:find_lhs).
func name(module *pyeval.Module) {
	if len(module.Made) == 0 {
		return
	}
	bound := boundNames{}
	bound.collect(module.Scope, "", module)
	type place struct {
		definition int
		name       string
	}
	outermost := map[place]bool{}
	for _, made := range slices.Backward(module.Made) {
		e, ok := made.(*Entity)
		if !ok {
			continue
		}
		bound.name(e, module.Scope)
		if e.Shadowed || e.Name == "" {
			continue
		}
		// Of Flyte's decorators of one function the first written has the name.
		at := place{e.Definition, e.Name}
		e.Shadowed = outermost[at]
		outermost[at] = true
	}
}

func (b boundNames) collect(scope *pyeval.Scope, prefix string, module *pyeval.Module) {
	for _, binding := range sorted(scope) {
		b.add(prefix+binding.Name, binding.Value)
		if class, ok := binding.Value.(*pyeval.Class); ok && class.Module == module && class.Qualname == prefix+binding.Name {
			b.collect(class.Scope, class.Qualname+".", module)
		}
	}
}

func (b boundNames) add(name string, value pyeval.Value) {
	if several, ok := value.(*pyeval.Uncertain); ok {
		for _, one := range several.Values {
			b.add(name, one)
		}
		return
	}
	if e, ok := EntityOf(value); ok {
		b[e] = append(b[e], name)
	}
}

// sorted are the bindings of a scope in the order of Python's dir().
func sorted(scope *pyeval.Scope) []pyeval.Binding {
	return slices.SortedFunc(scope.All(), func(a, b pyeval.Binding) int { return strings.Compare(a.Name, b.Name) })
}

// lhs is the first name of the module that stands for the entity while the
// module is imported (core/tracker.py:TrackedInstance.find_lhs); "" if there is
// none.
func lhs(e *Entity) string {
	first := ""
	for binding := range e.Module.Scope.All() {
		if bound, ok := EntityOf(binding.Value); ok && bound == e && (first == "" || binding.Name < first) {
			first = binding.Name
		}
	}
	return first
}

// name gives the entity the name that it has: of several the function's, or
// the first.
func (b boundNames) name(e *Entity, scope *pyeval.Scope) {
	names := b[e]
	switch {
	case len(names) == 0:
		unbound(e, scope)
		return
	case e.function != "" && slices.Contains(names, e.function):
		e.Name = e.function
	default:
		e.Name = names[0]
	}
	if binding, ok := scope.Get(e.Name); ok {
		if within(binding.NameSpan, e.Span) {
			e.NameSpan = binding.NameSpan
		}
		if _, several := binding.Value.(*pyeval.Uncertain); several && e.Opaque == "" {
			e.Opaque = "a condition that the source doesn't tell decides over what " + e.Name + " is"
		}
	}
	if e.autoContainer && e.function == "" && !strings.Contains(names[0], ".") {
		e.Loader = [2]string{moduleName(e.Module), names[0]}
	}
}

// unbound is for an entity that no name stands for in the end: a later
// definition took its name, or a decorator that isn't known stands above.
func unbound(e *Entity, scope *pyeval.Scope) {
	if e.Name == "" {
		return
	}
	binding, ok := scope.Get(e.Name)
	unknown, isUnknown := binding.Value.(*pyeval.Unknown)
	if !ok || !isUnknown || !overlaps(binding.Span, e.Span) {
		e.Shadowed = true
		return
	}
	e.Opaque = "the source doesn't tell what the decorators above make of it"
	if unknown.Reason != "" {
		e.Opaque = unknown.Reason
	}
}

func overlaps(a, b ast.Span) bool { return a.Start < b.End && b.Start < a.End }
